"""`manage.py regulation_effect FILE... --month YYYY-MM`: what draft documents would do to a month's pay."""

import json
import os
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import connections

from allowances.effect import DraftPlan, plan_of_draft
from allowances.effect_summary import Effect, Group, PersonEffect, summarise
from allowances.management.commands.verify_run import run_named
from allowances.models import Run
from allowances.operations.effects import computed
from allowances.rows import money_text
from core.errors import PortalError
from core.indonesian import grouped, month_words, rupiah
from policy.documents import DocumentError, read_file
from policy.drafts import read_draft_files, stored_library
from roster.commands import GovernmentCommand
from roster.models import Government

FOLDER = "rancangan/berkas"
PEOPLE_A_PIECE = 2_000


class Command(GovernmentCommand):
    """Compute a month again by documents that nobody has adopted; nothing is written."""

    help = "Menunjukkan akibat rancangan dokumen bagi tunjangan sebulan. Tidak ada yang disimpan."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add files, month, run and how many processes work."""
        super().add_arguments(parser)
        parser.add_argument("files", nargs="+", type=Path, metavar="BERKAS", help="dokumen .yaml")
        parser.add_argument("--month", required=True, metavar="BULAN", help="seperti 2026-11")
        parser.add_argument("--run", default="regular", metavar="JENIS[:N]", help="regular, thirteenth atau holiday")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="N")

    def work(self, government: Government, options: dict[str, Any]) -> None:
        """Read the drafts, compute, and print what comes of it."""
        run = run_named(government, options["month"], options["run"])
        texts = _texts(options["files"])
        effect = summarise(_everybody(run, texts, max(options["processes"], 1)))
        policy_id = _plan(government.code, run.month, texts).plan.document.id
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_json(effect, policy_id, run.month), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(in_words(effect, policy_id, run.month)))


def _texts(files: list[Path]) -> dict[str, str]:
    try:
        return {file.name: read_file(file) for file in files}
    except DocumentError as error:
        raise PortalError(str(error)) from error


def _plan(jurisdiction: str, month: date, texts: dict[str, str]) -> DraftPlan:
    reading = read_draft_files(texts, stored_library(), FOLDER, jurisdiction)
    return plan_of_draft(reading, jurisdiction, month)


def _everybody(run: Run, texts: dict[str, str], processes: int) -> list[PersonEffect]:
    """Everybody of the run, in order of their ids; several processes share the people, each with its own connection."""
    people = list(run.inputs.order_by("person_id").values_list("person_id", flat=True))
    _plan(run.government.code, run.month, texts)
    pieces = [people[start : start + PEOPLE_A_PIECE] for start in range(0, len(people), PEOPLE_A_PIECE)]
    spans = [(run.pk, texts, piece[0], piece[-1]) for piece in pieces]
    if processes == 1 or len(spans) < 2:
        return list(chain.from_iterable(map(_piece, spans)))
    connections.close_all()
    with ProcessPoolExecutor(min(processes, len(spans)), mp_context=get_context("fork")) as pool:
        return list(chain.from_iterable(pool.map(_piece, spans)))


def _piece(span: tuple[int, dict[str, str], int, int]) -> list[PersonEffect]:
    run_id, texts, first, last = span
    run = Run.objects.select_related("government").get(pk=run_id)
    draft = _plan(run.government.code, run.month, texts)
    return list(computed(run.government, run.month, run, draft, first, last))


def as_json(effect: Effect, policy_id: str, month: date) -> dict[str, Any]:
    """The effect with amounts as text of rupiah."""

    def groups(found: dict[str, Group]) -> list[dict[str, Any]]:
        return [
            {"label": one.label, "people": one.people, "before": money_text(one.before), "after": money_text(one.after)}
            for one in sorted(found.values(), key=lambda group: group.label)
        ]

    def people(found: list[PersonEffect]) -> list[dict[str, Any]]:
        return [
            {"number": one.number, "name": one.name, "before": money_text(one.before or 0),
             "after": money_text(one.after or 0)}
            for one in found
        ]  # fmt: skip

    whole = effect.whole
    return {
        "policy": policy_id,
        "month": f"{month:%Y-%m}",
        "people": whole.people,
        "unchanged": whole.unchanged,
        "before": money_text(whole.before),
        "after": money_text(whole.after),
        "by_unit": groups(effect.by_unit),
        "by_class": groups(effect.by_class),
        "by_rank": groups(effect.by_rank),
        "gainers": people(effect.gainers),
        "losers": people(effect.losers),
        "aside": [{"number": one.number, "name": one.name, "reason": one.reason} for one in effect.aside],
    }


def in_words(effect: Effect, policy_id: str, month: date) -> list[str]:
    """The same for reading."""
    whole = effect.whole
    lines = [
        f"{policy_id} pada {month_words(month)}: {grouped(whole.people)} pegawai, "
        f"{grouped(whole.unchanged)} tidak berubah.",
        f"Jumlah bersih {rupiah(whole.before)} menjadi {rupiah(whole.after)} ({rupiah(whole.change, signed=True)}).",
    ]
    for title, people in (("Paling bertambah", effect.gainers), ("Paling berkurang", effect.losers)):
        lines += [f"{title}:"] if people else []
        lines += [f"  {p.number} {p.name}: {rupiah(p.change, signed=True)}" for p in people[:5]]
    if effect.aside:
        first = effect.aside[0]
        lines.append(f"{grouped(len(effect.aside))} pegawai tidak dapat dihitung; yang pertama: {first.name}, "
                     f"{first.reason}")  # fmt: skip
    return lines
