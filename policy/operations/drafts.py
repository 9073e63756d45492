"""Drafts: files are kept and replaced while somebody writes; another person adopts them, and they become versions."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from core import audit
from core.errors import PortalError
from policy.documents import sha256_of
from policy.drafts import DraftReading, folder_of, kind_of_text, read_draft_files, stored_library
from policy.models import PolicyVersion, RegulationDraft, RegulationDraftFile
from policy.operations.versions import version_of
from policy.yaml_reader import TooManyValues, UnreadableDocument, weight_of

MAX_FILES = 40
MAX_FILE_BYTES = 512 * 1024
MAX_DRAFT_BYTES = 2 * 1024 * 1024
# Real documents and cases hold some thousand values; this keeps a draft quick to read, however its text is folded.
MAX_VALUES = 60_000
NAME_LENGTH = 120
Judge = Callable[[DraftReading, Mapping[str, str]], list[str]]


class DraftRefused(PortalError):
    """A draft cannot be changed or adopted as asked; the sentence says why and what to do."""


@transaction.atomic
def open_draft(jurisdiction: str, title: str, files: Mapping[str, bytes], user: User, at: datetime) -> RegulationDraft:
    """A new draft with its first files (name -> bytes). Raises DraftRefused; then nothing is kept."""
    title = title.strip()[:250] or "Rancangan peraturan"
    draft = RegulationDraft.objects.create(
        jurisdiction=jurisdiction, title=title, created_by=user, created_at=at, changed_by=user, changed_at=at
    )
    _keep(draft, files, user, at)
    audit.record(at, jurisdiction, user.get_username(), "regulation_draft.opened", f"draft:{draft.pk}", _names(draft))
    return draft


@transaction.atomic
def keep_files(draft: RegulationDraft, files: Mapping[str, bytes], user: User, at: datetime) -> None:
    """Add files to a draft; one of the same name is replaced. Raises DraftRefused; then nothing is kept."""
    draft = _held(draft)
    _keep(draft, files, user, at)
    _touch(draft, user, at, "regulation_draft.files_kept")


@transaction.atomic
def remove_file(draft: RegulationDraft, name: str, user: User, at: datetime) -> None:
    """Take one file out of a draft. Raises DraftRefused when the draft was adopted."""
    draft = _held(draft)
    draft.files.filter(name=name).delete()
    _touch(draft, user, at, "regulation_draft.file_removed")


@transaction.atomic
def discard_draft(draft: RegulationDraft, user: User, at: datetime) -> None:
    """Throw a draft away. Raises DraftRefused when it was adopted."""
    draft = _held(draft)
    audit.record(
        at, draft.jurisdiction, user.get_username(), "regulation_draft.discarded", f"draft:{draft.pk}", _names(draft)
    )
    draft.delete()


def adopt_draft(draft: RegulationDraft, user: User, seen: str, judge: Judge, at: datetime) -> list[PolicyVersion]:
    """Make the documents of a draft versions; all of them or none.

    `seen` is the draft's fingerprint on the page that was confirmed; `judge` gives reasons beyond the validator against
    adopting (cases that fail). Raises DraftRefused: changed since, findings, the same person, nothing to adopt.
    """
    try:
        with transaction.atomic():
            draft = _held(draft)
            texts = texts_of(draft)
            if fingerprint(texts) != seen:
                raise DraftRefused("Rancangan ini berubah sejak halaman dibuka. Periksa lagi isinya, lalu ulangi.")
            _refuse_writers(draft, user)
            reading = read_draft(draft)
            _refuse_findings(reading)
            if reasons := judge(reading, texts):
                raise DraftRefused(" ".join(reasons))
            standing = {file.document.id for file in reading.files if file.document and file.stands}
            new = [version_of(document, at, draft) for document in reading.documents if document.id not in standing]
            if not new:
                raise DraftRefused("Rancangan ini tidak memuat dokumen baru.")
            PolicyVersion.objects.bulk_create(new)
            draft.adopted_by_id, draft.adopted_at = user.pk, at
            draft.save(update_fields=["adopted_by", "adopted_at"])
            audit.record(
                at, draft.jurisdiction, user.get_username(), "regulation_draft.adopted", f"draft:{draft.pk}",
                {version.document_id: version.sha256 for version in new},
            )  # fmt: skip
            return new
    except IntegrityError as error:
        raise DraftRefused(
            "Tidak diberlakukan: dokumen lain dengan id atau tanggal mulai yang sama baru saja disimpan. "
            "Muat ulang halaman dan ubah `id` atau `valid_from`."
        ) from error


def read_draft(draft: RegulationDraft) -> DraftReading:
    """The files of a draft, judged against what is stored now."""
    return read_draft_files(texts_of(draft), stored_library(), folder_of(draft.pk), draft.jurisdiction)


def texts_of(draft: RegulationDraft) -> dict[str, str]:
    """Name -> text of every file."""
    return dict(draft.files.order_by("name").values_list("name", "body"))


def fingerprint(texts: Mapping[str, str]) -> str:
    """One sha256 over names and texts: two drafts with the same one are the same."""
    return sha256_of("\n".join(f"{name} {sha256_of(texts[name])}" for name in sorted(texts)))


def may_adopt(draft: RegulationDraft, user: User) -> bool:
    """Whether this person wrote nothing of the draft: two people stand behind every regulation."""
    return user.pk not in _writers(draft)


def _writers(draft: RegulationDraft) -> set[int]:
    uploaded = draft.files.values_list("uploaded_by_id", flat=True)
    return {draft.created_by_id, draft.changed_by_id, *uploaded}


def _refuse_writers(draft: RegulationDraft, user: User) -> None:
    if not may_adopt(draft, user):
        raise DraftRefused("Anda ikut menulis rancangan ini. Yang memberlakukan harus orang lain.")


def _refuse_findings(reading: DraftReading) -> None:
    for file in reading.files:
        if file.refusals:
            first = file.refusals[0]
            raise DraftRefused(f"{file.name}, {first.path or 'berkas'}: {first.message}")


def _held(draft: RegulationDraft) -> RegulationDraft:
    """The row, locked until the transaction ends."""
    found = RegulationDraft.objects.select_for_update().filter(pk=draft.pk).first()
    if found is None:
        raise DraftRefused("Rancangan ini sudah dibuang.")
    if found.adopted_at is not None:
        raise DraftRefused("Rancangan ini sudah diberlakukan; tidak ada yang dapat diubah lagi. Buat rancangan baru.")
    return found


def _keep(draft: RegulationDraft, files: Mapping[str, bytes], user: User, at: datetime) -> None:
    rows = []
    for name, content in files.items():
        name, text = _name(name), _text(name, content)
        rows.append(
            RegulationDraftFile(
                draft=draft, name=name, sha256=sha256_of(text), body=text, uploaded_by=user,
                uploaded_at=at,
            )
        )  # fmt: skip
    names = [row.name for row in rows]
    if len(set(names)) != len(names):
        raise DraftRefused("Dua berkas bernama sama diunggah bersama. Beri nama yang berbeda.")
    kept = draft.files.exclude(name__in=names).count()
    if kept + len(rows) > MAX_FILES:
        raise DraftRefused(f"Satu rancangan paling banyak memuat {MAX_FILES} berkas.")
    others = dict(draft.files.exclude(name__in=names).values_list("name", "body"))
    _refuse_weight({row.name: row.body for row in rows}, others)
    for row in rows:
        row.kind = kind_of_text(row.body)
    draft.files.filter(name__in=names).delete()
    RegulationDraftFile.objects.bulk_create(rows)


def _refuse_weight(new: Mapping[str, str], others: Mapping[str, str]) -> None:
    """Before anything else reads the texts: files that together hold more than a draft may."""
    if sum(len(text.encode()) for text in (*new.values(), *others.values())) > MAX_DRAFT_BYTES:
        raise DraftRefused(f"Satu rancangan paling besar {MAX_DRAFT_BYTES // 1024 // 1024} MB. Bagi menjadi beberapa.")
    left = MAX_VALUES
    for name, text in (*others.items(), *new.items()):
        try:
            left -= weight_of(text, left)
        except TooManyValues as error:
            raise DraftRefused(
                f"{name}: terlalu banyak nilai. Satu rancangan paling banyak memuat {MAX_VALUES} nilai; bagi menjadi "
                "beberapa rancangan, dan jangan melipatgandakan isi dengan tanda `*`."
            ) from error
        except UnreadableDocument:
            continue  # kept and shown as unreadable, with the place


def _name(name: str) -> str:
    """The file's own name, without folders and control characters."""
    plain = "".join(letter for letter in name.replace("\\", "/").rsplit("/", 1)[-1] if letter.isprintable()).strip()
    if not plain.lower().endswith((".yaml", ".yml")) or len(plain) > NAME_LENGTH:
        raise DraftRefused(
            f"{plain[:60] or 'Berkas tanpa nama'}: unggah berkas .yaml dengan nama paling panjang {NAME_LENGTH} huruf."
        )
    return plain


def _text(name: str, content: bytes) -> str:
    if len(content) > MAX_FILE_BYTES:
        raise DraftRefused(f"{name}: terlalu besar. Satu berkas paling besar {MAX_FILE_BYTES // 1024} KB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DraftRefused(f"{name}: bukan teks UTF-8. Simpan ulang berkasnya sebagai UTF-8.") from error
    if "\x00" in text:
        raise DraftRefused(f"{name}: bukan berkas teks. Unggah berkas YAML.")
    return text


def _touch(draft: RegulationDraft, user: User, at: datetime, action: str) -> None:
    draft.changed_by_id, draft.changed_at = user.pk, at
    draft.save(update_fields=["changed_by", "changed_at"])
    audit.record(at, draft.jurisdiction, user.get_username(), action, f"draft:{draft.pk}", _names(draft))


def _names(draft: RegulationDraft) -> dict[str, str]:
    return dict(draft.files.order_by("name").values_list("name", "sha256"))
