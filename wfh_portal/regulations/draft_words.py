"""What the pages of a draft say: how far it is, its files, its documents beside what they replace, its consequences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from allowances.models import RegulationEffect, Run
from attendance.models import DayRecord
from core.indonesian import day_words, month_words
from policy.documents import Document, DocumentError
from policy.drafts import CASES, DOCUMENT, UNREADABLE, DraftReading, FileReading
from policy.models import RegulationDraft
from policy.queries import library
from policy.sentences import HEAD, decree_words, sections_of
from policy.sentences_compare import differences
from policy.sentences_statement import Statement
from roster.models import Government
from wfh_portal.regulations.comparing import Row, rows_of
from wfh_portal.regulations.judging import Judgement
from wfh_portal.regulations.words import TOPIC_WORDS, span_words

KIND_WORDS = {DOCUMENT: "dokumen", CASES: "contoh perhitungan", UNREADABLE: "tidak terbaca"}
CLOSED = (Run.State.LOCKED, Run.State.PAID)


@dataclass(frozen=True)
class Paper:
    """A document of a draft as the page shows it: read aloud, and beside the version that it replaces."""

    name: str
    document: Document
    topic: str
    decree: str
    span: str
    stands: bool
    sections: Mapping[str, list[Statement]]
    replaced: Document | None
    changes: Mapping[str, list[Row]]


def steps_of(draft: RegulationDraft, judged: Judgement, effect_seen: bool) -> list[dict[str, str]]:
    """How far a draft is, from the upload to the adoption."""
    reading = judged.reading
    refused = sum(len(file.refusals) for file in reading.files)
    done = {
        "Unggah": (bool(reading.files), f"{len(reading.files)} berkas"),
        "Diperiksa": (not reading.refused and bool(reading.documents), f"{refused} temuan" if refused else ""),
        "Contoh lulus": (judged.all_pass and not judged.without_case, case_words(judged)),
        "Akibat dilihat": (effect_seen, "" if effect_seen else "pada tunjangan, bila ada"),
        "Diberlakukan": (draft.adopted_at is not None, "oleh orang lain" if draft.adopted_at is None else ""),
    }
    now = next((label for label, (ready, _) in done.items() if not ready), None)
    now = None if draft.adopted_at is not None else now
    states = {label: "done" if ready else "now" if label == now else "later" for label, (ready, _) in done.items()}
    return [{"label": label, "note": note, "state": states[label]} for label, (_, note) in done.items()]


def case_words(judged: Judgement) -> str:
    """How the cases ended, in words."""
    if judged.case_count == 0:
        return "belum ada contoh"
    if judged.all_pass:
        return f"{judged.case_count} contoh, semua lulus"
    left = ", sebagian tidak dihitung" if judged.stopped else ""
    return f"{judged.failed_count} dari {judged.case_count} contoh gagal{left}"


def papers_of(reading: DraftReading) -> list[Paper]:
    """Every document that can be used, in the order of the files."""
    known = [*library().documents(), *reading.documents]
    return [_paper(reading, known, file) for file in reading.files if file.document and not file.refusals]


def _paper(reading: DraftReading, known: list[Document], file: FileReading) -> Paper:
    document = file.document
    assert document is not None
    replaced = replaced_by(reading, known, document)
    return Paper(
        name=file.name,
        document=document,
        topic=TOPIC_WORDS.get(document.topic, document.topic),
        decree=decree_words(document),
        span=span_words(document.valid_from, document.valid_to),
        stands=file.stands,
        sections={name: items for name, items in sections_of(document).items() if name != HEAD},
        replaced=replaced,
        changes=rows_of(differences(replaced, document)) if replaced is not None else {},
    )


def replaced_by(reading: DraftReading, known: Iterable[Document], document: Document) -> Document | None:
    """What is in force on the day before a document begins, else the document that it continues."""
    before = document.valid_from - timedelta(days=1)
    begun = [
        item
        for item in known
        if (item.jurisdiction, item.topic) == (document.jurisdiction, document.topic)
        and item.id != document.id and item.valid_from <= before
    ]  # fmt: skip
    latest = max(begun, key=lambda item: item.valid_from, default=None)
    if latest is not None and latest.holds_on(before):
        return latest
    if document.extends is None:
        return None
    try:
        parent = reading.known.find(document.extends, document.source_path)
    except DocumentError:
        return None
    return parent if parent.topic == document.topic else None


def consequences_of(papers: Iterable[Paper], government: Government) -> list[str]:
    """What adopting would and would not change, as sentences; at most one statement for pay and one for days."""
    new = [paper.document for paper in papers if not paper.stands]
    found = []
    pay = [document.valid_from for document in new if document.topic == "allowance"]
    if pay:
        found += _months_of_pay(government, min(pay))
    days = [document.valid_from for document in new if document.topic == "attendance"]
    if days:
        found += _decided_days(government, min(days))
    if any(document.status == "assumed" for document in new):
        found.append(
            "Dokumen berstatus anggapan (assumed) dapat diberlakukan untuk ditampilkan, tetapi tidak pernah dibayarkan."
        )
    return found


def _months_of_pay(government: Government, since: date) -> list[str]:
    """Months that are closed to a new regulation, and those that take it in when they are drafted again."""
    runs = Run.objects.filter(government=government, month__gte=since.replace(day=1))
    states = list(runs.values_list("month", "state"))
    closed = sorted({month for month, state in states if state in CLOSED})
    found = []
    if closed:
        span = month_words(closed[0]) + (f" sampai {month_words(closed[-1])}" if len(closed) > 1 else "")
        found.append(f"{len(closed)} bulan sudah dikunci ({span}): angkanya tidak berubah.")
    if left := sorted({month for month, state in states if state not in CLOSED}):
        listed = ", ".join(month_words(month) for month in left)
        found.append(f"Perhitungan {listed} belum dikunci: memakai peraturan baru sesudah disusun ulang.")
    return found


def _decided_days(government: Government, since: date) -> list[str]:
    days = DayRecord.objects.filter(work_date__gte=since, person__government=government)
    last = days.order_by("-work_date").values_list("work_date", flat=True).first()
    if last is None:
        return []
    span = f"{day_words(since, False)} sampai {day_words(last, False)}"
    return [f"Hari yang sudah ditutup ({span}) tetap seperti diputus."]


def effect_seen(draft: RegulationDraft, judged: Judgement) -> bool:
    """Whether the effect of exactly these files was asked for."""
    return RegulationEffect.objects.filter(draft=draft, fingerprint=judged.fingerprint).exists()


def file_rows(judged: Judgement, names: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each file with its findings; `names`: file name -> its row in the database."""
    return [
        {
            "file": file, "row": names.get(file.name), "kind": KIND_WORDS[file.kind],
            "warning_words": f"{len(file.warnings)} peringatan",
        }
        for file in judged.reading.files
    ]  # fmt: skip
