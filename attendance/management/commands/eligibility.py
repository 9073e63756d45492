"""Say whether a person may work from home on a day, and everything that speaks against it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import CommandParser

from attendance.operations.plans import away_on
from core.errors import PortalError
from core.importing import as_json
from roster.commands import GovernmentCommand, iso_day
from roster.eligibility import Eligibility, eligibility_of
from roster.models import Government, Number, Person

PLACE_WORDS = {"home": "di rumah", "office": "di kantor", "off": "tidak bekerja"}


class Command(GovernmentCommand):
    """`eligibility --number NIP --date DATE [--as-of INSTANT]`."""

    help = "Menjawab apakah seseorang boleh WFH pada suatu hari, dengan semua alasannya."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the person, the day and the instant of knowledge."""
        super().add_arguments(parser)
        parser.add_argument("--number", required=True, metavar="NIP", help="NIP atau nomor induk PPPK")
        parser.add_argument("--date", required=True, metavar="TANGGAL", help="hari yang ditanyakan, seperti 2026-01-31")
        parser.add_argument(
            "--as-of",
            metavar="SAAT",
            help="menurut yang diketahui pada saat itu, seperti 2026-01-31T17:00+07:00; tanpa zona: waktu kantor",
        )

    def work(self, government: Government, options: dict[str, Any]) -> None:
        """Answer on standard output."""
        on = iso_day(options["date"])
        as_of = _instant(options["as_of"], government) if options["as_of"] is not None else None
        person = _person(government, options["number"])
        answer = eligibility_of(person, on, as_of, away_on(government, on, [person.pk], as_of))
        if options["format"] == "json":
            reasons = [{"code": r.code, "message": r.message, "source": r.source} for r in answer.reasons]
            place = {"allowed": answer.allowed, "expected_place": answer.expected_place}
            self.stdout.write(as_json({"person": person.pk, "date": on, **place, "reasons": reasons}))
            return
        self.stdout.write(_in_words(answer))


def _person(government: Government, words: str) -> Person:
    digits = "".join(words.split())
    found = Number.objects.filter(government=government, number=digits).select_related("person__government").first()
    if found is None:
        raise PortalError(f"Nomor {words[:40]!r} tidak ada di data pegawai {government.code}. Periksa nomornya.")
    return found.person


def _instant(words: str, government: Government) -> datetime:
    try:
        found = datetime.fromisoformat(words)
    except ValueError as error:
        raise PortalError(f"Saat {words!r} tidak terbaca. Tulis seperti 2026-01-31T17:00+07:00.") from error
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(government.zone))


def _in_words(answer: Eligibility) -> str:
    allowed = "Boleh WFH" if answer.allowed else "Tidak boleh WFH"
    lines = [f"{allowed}; diharapkan {PLACE_WORDS[answer.expected_place]}."]
    for reason in answer.reasons:
        lines.append(f"- {reason.message} ({reason.code}{f': {reason.source}' if reason.source else ''})")
    return "\n".join(lines)
