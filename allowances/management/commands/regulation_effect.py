"""`manage.py regulation_effect FILE... --month YYYY-MM`: what draft documents would do to a month's pay."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from allowances.effect import Effect, Group, PersonEffect, effect_of, read_draft
from allowances.management.commands.verify_run import run_named
from allowances.rows import money_text, sen
from core.errors import PortalError
from core.indonesian import grouped, month_words, rupiah
from policy.documents import DocumentError, read_file
from roster.commands import GovernmentCommand
from roster.models import Government


class Command(GovernmentCommand):
    """Compute a month again by documents that nobody has adopted; nothing is written."""

    help = "Menunjukkan akibat rancangan dokumen bagi tunjangan sebulan. Tidak ada yang disimpan."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add files, month and run."""
        super().add_arguments(parser)
        parser.add_argument("files", nargs="+", type=Path, metavar="BERKAS", help="dokumen .yaml, satu yang tunjangan")
        parser.add_argument("--month", required=True, metavar="BULAN", help="seperti 2026-11")
        parser.add_argument("--run", default="regular", metavar="JENIS[:N]", help="regular, thirteenth atau holiday")

    def work(self, government: Government, options: dict[str, Any]) -> None:
        """Read the drafts, compute, and print what comes of it."""
        run = run_named(government, options["month"], options["run"])
        try:
            texts = {file.name: read_file(file) for file in options["files"]}
        except DocumentError as error:
            raise PortalError(str(error)) from error
        effect = effect_of(run, read_draft(run, texts))
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_json(effect), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(in_words(effect)))


def as_json(effect: Effect) -> dict[str, Any]:
    """The effect with amounts as text of rupiah."""

    def groups(found: dict[str, Group]) -> list[dict[str, Any]]:
        return [
            {"label": group.label, "people": group.people, "before": text(group.before), "after": text(group.after)}
            for group in sorted(found.values(), key=lambda group: group.label)
        ]

    def people(found: list[PersonEffect]) -> list[dict[str, Any]]:
        return [{"number": p.number, "name": p.name, "before": text(p.before), "after": text(p.after)} for p in found]

    def text(amount: Any) -> str:
        return money_text(sen(amount))

    return {
        "policy": effect.policy_id,
        "month": f"{effect.month:%Y-%m}",
        "people": effect.people,
        "unchanged": effect.unchanged,
        "before": text(effect.before),
        "after": text(effect.after),
        "by_unit": groups(effect.by_unit),
        "by_class": groups(effect.by_class),
        "by_rank": groups(effect.by_rank),
        "gainers": people(effect.gainers),
        "losers": people(effect.losers),
        "aside": effect.aside,
    }


def in_words(effect: Effect) -> list[str]:
    """The same for reading."""
    lines = [
        f"{effect.policy_id} pada {month_words(effect.month)}: {grouped(effect.people)} pegawai, "
        f"{grouped(effect.unchanged)} tidak berubah.",
        f"Jumlah bersih {rupiah(effect.before)} menjadi {rupiah(effect.after)} "
        f"({rupiah(effect.after - effect.before, signed=True)}).",
    ]
    for title, people in (("Paling bertambah", effect.gainers), ("Paling berkurang", effect.losers)):
        lines += [f"{title}:"] if people else []
        lines += [f"  {p.number} {p.name}: {rupiah(p.change, signed=True)}" for p in people[:5]]
    if effect.aside:
        lines.append(f"{grouped(len(effect.aside))} pegawai tidak dapat dihitung; yang pertama: "
                     f"{effect.aside[0]['name']}, {effect.aside[0]['reason']}")  # fmt: skip
    return lines
