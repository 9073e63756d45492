"""Is a regulation document right? Findings with the code and the full path of the key (format §9)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from policy.documents import SIMPLE_TOPICS, STATUSES, TOPICS, DocumentError, Library
from policy.validator_allowance import check_allowance, check_tax_table
from policy.validator_attendance import check_attendance
from policy.validator_check import Check, Finding
from policy.validator_simple import check_simple
from policy.yaml_reader import UnreadableDocument, read

__all__ = ["Finding", "overlap_of", "validate"]

TEXT_KEYS = ("id", "title", "decree", "jurisdiction")
REQUIRED_HEAD = (*TEXT_KEYS, "topic", "issued_on", "valid_from", "status")
HEAD_KEYS = (*REQUIRED_HEAD, "valid_to", "demonstration", "extends", "attendance", "parameters")
INHERITED = ("topic", "jurisdiction")


def validate(
    text: str,
    library: Library | None = None,
    source_path: str | None = None,
    neighbours: Sequence[Mapping[Any, Any]] | None = None,
) -> list[Finding]:
    """Everything wrong with one document; warnings are marked and refuse nothing.

    `library` answers its references, `source_path` is where its own paths start. `neighbours` are the heads (id,
    jurisdiction, topic, valid_from, valid_to) that it may not overlap; by default those of the library.
    """
    try:
        reading = read(text)
    except UnreadableDocument as error:
        return [Finding("not_yaml", "", f"Berkas {error.reason}.")]
    if reading.duplicate_paths:
        message = "kunci ini tertulis dua kali dalam satu blok; hapus salah satu."
        return [Finding("duplicate_key", path, message) for path in reading.duplicate_paths]
    own_library = library if library is not None else Library()
    check = Check()
    raw = reading.mapping
    whole = _whole(check, raw, own_library, source_path)
    _head(check, raw, whole)
    if whole is not None:
        _references(check, whole, own_library, source_path)
        _parameters(check, raw, whole)
        if neighbours is None:
            neighbours = [own_library.merged_or_own(name, head) for name, head in own_library.heads()]
        finding = overlap_of(whole, neighbours)
        if finding:
            check.findings.append(finding)
    return check.findings


def overlap_of(head: Mapping[Any, Any], neighbours: Sequence[Mapping[Any, Any]]) -> Finding | None:
    """A finding when the document and a neighbour of another id are in force on one day (format §9).

    A later start ends the earlier document, so only an equal start clashes, or one before the other's `valid_to`.
    """
    for other in neighbours:
        same = all(head.get(key) == other.get(key) for key in ("jurisdiction", "topic"))
        dated = isinstance(head.get("valid_from"), date) and isinstance(other.get("valid_from"), date)
        if other.get("id") == head.get("id") or not same or not dated:
            continue
        early, late = (head, other) if head["valid_from"] <= other["valid_from"] else (other, head)
        end = early.get("valid_to")
        if early["valid_from"] == late["valid_from"] or (isinstance(end, date) and late["valid_from"] < end):
            message = f"berlaku pada hari yang sama dengan dokumen `{other.get('id')}`; ubah tanggal salah satunya."
            return Finding("validity_overlap", "valid_from", message)
    return None


def _whole(check: Check, raw: dict[Any, Any], library: Library, source_path: str | None) -> dict[Any, Any] | None:
    """The document with what it inherits, or None and a finding when its parent cannot be had."""
    if raw.get("extends") is not None and not isinstance(raw["extends"], str):
        check.add("head_value", "extends", "`extends` harus id atau jalur sebuah dokumen.")
        return None
    try:
        return library.merged(source_path, raw)
    except DocumentError as error:
        code = error.code if error.code.startswith("extends") else "extends_missing"
        check.add(code, "extends", error.message)
        return None


def _head(check: Check, raw: Mapping[Any, Any], whole: Mapping[Any, Any] | None) -> None:
    check.keys(raw, "", HEAD_KEYS)
    head = whole if whole is not None else raw
    for key in REQUIRED_HEAD:
        if head.get(key) is None and (whole is not None or key not in INHERITED):
            check.add("head_missing", key, f"`{key}` wajib ada di kepala dokumen; tambahkan.")
    for key in (*TEXT_KEYS, "attendance"):
        value = head.get(key)
        if value is not None and not (isinstance(value, str) and value.strip()):
            check.add("head_value", key, f"`{key}` harus berupa teks; beri tanda kutip.")
    _choice(check, head, "topic", TOPICS)
    _choice(check, head, "status", STATUSES)
    if not isinstance(head.get("demonstration"), bool | None):
        check.add("head_value", "demonstration", "tulis true atau false.")
    for key in ("issued_on", "valid_from", "valid_to"):
        if head.get(key) is not None and not isinstance(head[key], date):
            check.add("head_value", key, "harus tanggal seperti 2025-01-31, tanpa tanda kutip.")
    start, end = head.get("valid_from"), head.get("valid_to")
    if isinstance(start, date) and isinstance(end, date) and end <= start:
        check.add("head_value", "valid_to", "harus sesudah `valid_from`; hari ini sendiri tidak lagi berlaku.")


def _choice(check: Check, head: Mapping[Any, Any], key: str, allowed: Sequence[str]) -> None:
    if head.get(key) is not None and head[key] not in allowed:
        check.add("head_value", key, f"`{head[key]}` tidak dikenal; pilih salah satu: {', '.join(allowed)}.")


def _references(check: Check, whole: Mapping[Any, Any], library: Library, source_path: str | None) -> None:
    _reference(check, whole.get("attendance"), "attendance", "attendance", library, source_path)
    parameters = whole.get("parameters")
    tax = parameters.get("tax") if isinstance(parameters, Mapping) else None
    if isinstance(tax, Mapping) and whole.get("topic") == "allowance":
        _reference(check, tax.get("table"), "parameters.tax.table", "tax", library, source_path)


def _reference(
    check: Check, reference: object, path: str, topic: str, library: Library, source_path: str | None
) -> None:
    if not isinstance(reference, str) or not reference.strip():
        return
    try:
        raw = library.raw_of(reference, source_path)
    except DocumentError:
        raw = None
    if raw is None:
        check.add("reference_missing", path, f"dokumen `{reference}` tidak ditemukan; periksa id atau jalurnya.")
    elif raw.get("topic", topic) != topic:
        check.add(
            "head_value" if path == "attendance" else "value", path, f"dokumen `{reference}` bukan dokumen `{topic}`."
        )


def _parameters(check: Check, raw: Mapping[Any, Any], whole: Mapping[Any, Any]) -> None:
    parameters = whole.get("parameters")
    if raw.get("parameters") is not None and not isinstance(raw["parameters"], Mapping):
        check.add("value", "parameters", "`parameters` harus berupa blok kunci dan nilai.")
        return
    if not isinstance(parameters, Mapping) or (raw.get("parameters") is None and not raw.get("extends")):
        check.add("key_missing", "parameters", "blok `parameters` wajib ada; tulis aturannya di situ.")
        return
    topic = whole.get("topic")
    if topic == "attendance":
        check_attendance(check, parameters)
    elif topic == "allowance":
        check_allowance(check, parameters)
    elif topic == "tax":
        check_tax_table(check, parameters)
    elif topic in SIMPLE_TOPICS:
        check_simple(check, str(topic), parameters)
