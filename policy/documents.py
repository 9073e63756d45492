"""Regulation documents: load, extend, refer, choose by date. Pure: what it reads is text or a folder of files."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

from policy.remarks import without_remarks
from policy.yaml_reader import UnreadableDocument, read

RULE_TOPICS = ("attendance", "allowance", "tax")
SIMPLE_TOPICS = ("calendar", "eligibility", "performance", "savings")
TOPICS = RULE_TOPICS + SIMPLE_TOPICS
STATUSES = ("in_force", "expected", "assumed")
INHERITED_KEYS = ("topic", "jurisdiction", "attendance")


class DocumentError(ValueError):
    """A document cannot be used: `code` and `path` as the validator names them, `message` in Indonesian."""

    def __init__(self, code: str, path: str, message: str) -> None:
        super().__init__(f"{code} {path}: {message}")
        self.code = code
        self.path = path
        self.message = message


class Reference(str):
    """An id or path as written, with the name of the document that wrote it: paths are relative to that one."""

    written_in: str | None

    def __new__(cls, text: str, written_in: str | None) -> Self:
        """Text that remembers where it was written."""
        made = super().__new__(cls, text)
        made.written_in = written_in
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[str, str | None]]:
        """How a copy or a pickle is made again."""
        return type(self), (str(self), self.written_in)


@dataclass(frozen=True, eq=False)
class Document:
    """One regulation document with everything it inherits merged in; compared by identity, so it can key a cache.

    `parameters` holds int or Fraction for numbers (never float), text for shares ("0.5 %") and times ("07:30").
    """

    id: str
    topic: str
    jurisdiction: str
    title: str
    decree: str
    issued_on: date | None
    valid_from: date
    valid_to: date | None
    status: str
    demonstration: bool
    attendance: str | None
    parameters: dict[Any, Any]
    sha256: str
    source_path: str | None
    extends: str | None
    body: str

    def holds_on(self, on: date) -> bool:
        """Whether `on` lies within the document's own dates; a later document may have replaced it all the same."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


def merge(base: Mapping[Any, Any], change: Mapping[Any, Any]) -> dict[Any, Any]:
    """`change` laid over `base`: mappings key by key, anything else replaced, null removes a key (format §2)."""
    made = dict(base)
    for key, value in change.items():
        if value is None:
            made.pop(key, None)
        elif isinstance(value, Mapping):
            below = made.get(key)
            made[key] = merge(below if isinstance(below, Mapping) else {}, value)
        else:
            made[key] = value
    return made


class Library:
    """Documents that can be found by id or path and chosen by jurisdiction, topic and day.

    `reads_files`: a path or id that is not here may be looked up on disk, beside the document that wrote it.
    """

    def __init__(self, reads_files: bool = True) -> None:
        self.reads_files = reads_files
        self._texts: dict[str, str] = {}
        self._raws: dict[str, dict[Any, Any]] = {}
        self._name_by_id: dict[str, str] = {}
        self._documents: dict[str, Document] = {}
        self._ordered: list[Document] | None = None
        self._siblings_seen: set[Path] = set()

    # --- filling -----------------------------------------------------------------------------------------------

    def load_folder(self, path: str | Path) -> None:
        """Take in every `*.yaml` below `path`. Raises DocumentError for a file that cannot be read."""
        for file in sorted(Path(path).resolve().rglob("*.yaml")):
            self.add_text(str(file), read_file(file))

    def load_texts(self, texts: Mapping[str, str]) -> None:
        """Take in documents by name; names act as paths for references between them. Raises DocumentError."""
        for name, text in texts.items():
            self.add_text(name, text)

    def add_text(self, name: str, text: str, replace: bool = False) -> None:
        """Take in one document. Raises DocumentError when it is unreadable or its id is taken (unless `replace`)."""
        raw = read_raw(text)
        document_id = raw.get("id")
        if not isinstance(document_id, str) or not document_id.strip():
            raise DocumentError("head_missing", "id", f"{name}: dokumen tidak punya `id`; tulis satu id yang unik.")
        taken = self._name_by_id.get(document_id)
        if taken is not None and taken != name and not replace:
            raise DocumentError("head_value", "id", f"{name}: id `{document_id}` sudah dipakai {taken}; pilih id lain.")
        self._texts[name] = text
        self._raws[name] = raw
        self._name_by_id[document_id] = name
        self._documents.clear()
        self._ordered = None

    def add_beside(self, name: str, text: str) -> None:
        """Take in a document that is reachable by path always, by id and date only where the id is free."""
        raw = read_raw(text)
        self._texts[name], self._raws[name] = text, raw
        document_id = raw.get("id")
        if isinstance(document_id, str):
            self._name_by_id.setdefault(document_id, name)
            self._ordered = None

    def copy(self) -> Self:
        """A library of the same documents that may be added to; texts and mappings are shared and never changed."""
        made = type(self)(self.reads_files)
        made._texts, made._raws, made._name_by_id = dict(self._texts), dict(self._raws), dict(self._name_by_id)
        return made

    # --- finding -----------------------------------------------------------------------------------------------

    def documents(self) -> list[Document]:
        """Every document, in order of jurisdiction, topic and start. Raises DocumentError for a broken one."""
        if self._ordered is None:
            found = [self._document(name) for name in list(self._name_by_id.values())]
            self._ordered = sorted(found, key=lambda item: (item.jurisdiction, item.topic, item.valid_from, item.id))
        return self._ordered

    def heads(self) -> Iterable[tuple[str, dict[Any, Any]]]:
        """Name and raw mapping of every document, also of those that would not build."""
        return [(name, self._raws[name]) for name in self._name_by_id.values()]

    def text_of(self, name: str) -> str:
        """The text of a document by the name that `heads` gives it."""
        return self._texts[name]

    def raw_of(self, reference: str, relative_to: str | None = None) -> dict[Any, Any] | None:
        """The mapping of a document as written, or None when there is none."""
        name = self._name_of(reference, relative_to)
        return self._raws[name] if name is not None else None

    def merged_or_own(self, name: str, raw: dict[Any, Any]) -> dict[Any, Any]:
        """The mapping with what it inherits; as written when its parent cannot be had."""
        try:
            return self.merged(name, raw)
        except DocumentError:
            return raw

    def find(self, reference: str, relative_to: str | None = None) -> Document:
        """The document with this id, or at this path relative to `relative_to` (the document or case that wrote it).

        Raises DocumentError `reference_missing` when there is none.
        """
        name = self._name_of(reference, relative_to)
        if name is None:
            message = f"dokumen `{reference}` tidak ditemukan; periksa id atau jalur berkasnya."
            raise DocumentError("reference_missing", "", message)
        return self._document(name)

    def choose(self, jurisdiction: str, topic: str, on: date) -> Document | None:
        """The document of a jurisdiction and topic in force on a day: the latest begun, if it has not ended."""
        begun = [
            document
            for document in self.documents()
            if document.jurisdiction == jurisdiction and document.topic == topic and document.valid_from <= on
        ]
        if not begun:
            return None
        latest = max(begun, key=lambda document: document.valid_from)
        return latest if latest.holds_on(on) else None

    def attendance_for(self, document: Document, on: date) -> Document | None:
        """What decides days given as taps: the document it names, else its jurisdiction's of that day, else None."""
        if document.topic == "attendance":
            return document
        if document.attendance is not None:
            return self.find(document.attendance, document.source_path)
        self._take_in_siblings(document.source_path)
        return self.choose(document.jurisdiction, "attendance", on)

    def tax_table(self, document: Document, reference: str) -> Document:
        """The `tax` document that an allowance document names. Raises DocumentError `reference_missing`."""
        return self.find(reference, document.source_path)

    # --- building ----------------------------------------------------------------------------------------------

    def build(self, name: str, text: str) -> Document:
        """A document from a text that need not be in the library; references lead into it. Raises DocumentError."""
        return self._built(read_raw(text), name, text)

    def merged(self, name: str | None, raw: Mapping[Any, Any]) -> dict[Any, Any]:
        """The mapping with what it inherits laid under it. Raises DocumentError `extends_missing`, `extends_cycle`."""
        return self._merged(name, raw, [])

    def _document(self, name: str) -> Document:
        if name not in self._documents:
            self._documents[name] = self._built(self._raws[name], name, self._texts[name])
        return self._documents[name]

    def _built(self, raw: Mapping[Any, Any], name: str, text: str) -> Document:
        whole = self._merged(name, raw, [])
        parameters = whole.get("parameters")
        if not isinstance(parameters, dict):
            raise DocumentError("key_missing", "parameters", f"{name}: blok `parameters` tidak ada; tulis aturannya.")
        return Document(
            id=_text(whole, "id", name),
            topic=_text(whole, "topic", name),
            jurisdiction=_text(whole, "jurisdiction", name),
            title=_text(whole, "title", name),
            decree=_text(whole, "decree", name),
            issued_on=_date(whole, "issued_on", name),
            valid_from=_required_date(whole, "valid_from", name),
            valid_to=_date(whole, "valid_to", name),
            status=_text(whole, "status", name),
            demonstration=whole.get("demonstration") is True,
            attendance=whole.get("attendance"),
            parameters=without_remarks(parameters) if whole.get("topic") in RULE_TOPICS else parameters,
            sha256=sha256_of(text),
            source_path=name,
            extends=whole.get("extends"),
            body=text,
        )

    def _merged(self, name: str | None, raw: Mapping[Any, Any], below: list[str]) -> dict[Any, Any]:
        own = _with_references(raw, name)
        parent_reference = own.get("extends")
        if parent_reference is None:
            return {**own, "parameters": merge({}, _mapping(own.get("parameters")))} if "parameters" in own else own
        if not isinstance(parent_reference, str):
            raise DocumentError("head_value", "extends", "`extends` harus id atau jalur sebuah dokumen.")
        own_id = raw.get("id")
        parent_name = self._name_of(parent_reference, name)
        if parent_name is None and parent_reference != own_id:
            message = f"dokumen induk `{parent_reference}` tidak ditemukan; periksa id atau jalurnya."
            raise DocumentError("extends_missing", "extends", message)
        chain = [*below, *([name] if name else []), *([f"id:{own_id}"] if own_id else [])]
        if parent_name is None or parent_name in chain or f"id:{self._raws[parent_name].get('id')}" in chain:
            message = f"`{parent_reference}` pada akhirnya mewarisi dokumen ini lagi; putuskan lingkarannya."
            raise DocumentError("extends_cycle", "extends", message)
        parent = self._merged(parent_name, self._raws[parent_name], chain)
        inherited = {key: parent[key] for key in INHERITED_KEYS if parent.get(key) is not None}
        parameters = merge(_mapping(parent.get("parameters")), _mapping(own.get("parameters")))
        if raw.get("attendance", "absent") is None:
            inherited.pop("attendance", None)  # null removes it
        return {**inherited, **{k: v for k, v in own.items() if v is not None}, "parameters": parameters}

    def _name_of(self, reference: str, relative_to: str | None) -> str | None:
        written_in = reference.written_in if isinstance(reference, Reference) else relative_to
        if reference in self._name_by_id:
            return self._name_by_id[reference]
        by_path = self._name_by_path(str(reference), written_in)
        if by_path is not None:
            return by_path
        self._take_in_siblings(written_in)
        return self._name_by_id.get(reference)

    def _name_by_path(self, reference: str, written_in: str | None) -> str | None:
        if not reference.endswith((".yaml", ".yml")):
            return None
        folder = Path(written_in).parent if written_in else Path()
        target = folder / reference
        for name in (str(target), _normal(target), reference):
            if name in self._raws:
                return name
        try:
            file = target.resolve()
            readable = self.reads_files and file.is_file()
        except (OSError, ValueError):
            return None  # no file can have such a name
        if str(file) in self._raws:
            return str(file)
        if not readable:
            return None
        self.add_beside(str(file), read_file(file))
        return str(file) if str(file) in self._raws else None

    def _take_in_siblings(self, written_in: str | None) -> None:
        """Ids may name documents lying beside the one that wrote them (or, in the usual tree, of its jurisdiction)."""
        if not written_in or not self.reads_files:
            return
        folder = Path(written_in).resolve().parent
        if folder in self._siblings_seen or not folder.is_dir():
            return
        self._siblings_seen.add(folder)
        pattern_folder, pattern = (folder.parent, "*/*.yaml") if folder.name in TOPICS else (folder, "*.yaml")
        for file in sorted(pattern_folder.glob(pattern)):
            if str(file) not in self._raws:
                try:
                    self.add_beside(str(file), read_file(file))
                except DocumentError:
                    continue  # a neighbour that is no document cannot be the one that is looked for


def read_file(path: str | Path) -> str:
    """The text of a document file. Raises DocumentError `not_yaml` when it is not there or not UTF-8."""
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError("not_yaml", "", f"{path}: bukan teks UTF-8; simpan ulang sebagai UTF-8.") from error
    except OSError as error:
        raise DocumentError("not_yaml", "", f"{path}: tidak dapat dibuka; periksa nama dan izin berkas.") from error


def read_raw(text: str) -> dict[Any, Any]:
    """The mapping of a document. Raises DocumentError `not_yaml` or `duplicate_key`."""
    try:
        reading = read(text)
    except UnreadableDocument as error:
        raise DocumentError("not_yaml", "", f"Berkas {error.reason}.") from error
    if reading.duplicate_paths:
        path = reading.duplicate_paths[0]
        raise DocumentError("duplicate_key", path, "kunci ini tertulis dua kali; hapus salah satu.")
    return reading.mapping


def sha256_of(text: str) -> str:
    """The fingerprint of a document's text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _with_references(raw: Mapping[Any, Any], name: str | None) -> dict[Any, Any]:
    """Mark `attendance` and a tax table with the document that wrote them, so that they survive inheritance."""
    own = dict(raw)
    if isinstance(own.get("attendance"), str):
        own["attendance"] = Reference(own["attendance"], name)
    parameters = own.get("parameters")
    tax = parameters.get("tax") if isinstance(parameters, Mapping) else None
    if isinstance(parameters, Mapping) and isinstance(tax, Mapping) and isinstance(tax.get("table"), str):
        own["parameters"] = {**parameters, "tax": {**tax, "table": Reference(tax["table"], name)}}
    return own


def _mapping(value: object) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}


def _normal(path: Path) -> str:
    """`a/b/../c.yaml` as `a/c.yaml`, without looking at any disk."""
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts and parts[-1] not in ("..", "/"):
            parts.pop()
        elif part != ".":
            parts.append(part)
    return str(Path(*parts)) if parts else "."


def _text(whole: Mapping[Any, Any], key: str, name: str) -> str:
    value = whole.get(key)
    if value is None:
        raise DocumentError("head_missing", key, f"{name}: `{key}` tidak ada; tulis di kepala dokumen.")
    if not isinstance(value, str) or not value.strip():
        raise DocumentError("head_value", key, f"{name}: `{key}` harus berupa teks.")
    return value


def _date(whole: Mapping[Any, Any], key: str, name: str) -> date | None:
    value = whole.get(key)
    if value is None:
        return None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise DocumentError("head_value", key, f"{name}: `{key}` harus tanggal seperti 2025-01-01, tanpa tanda kutip.")
    return value


def _required_date(whole: Mapping[Any, Any], key: str, name: str) -> date:
    value = _date(whole, key, name)
    if value is None:
        raise DocumentError("head_missing", key, f"{name}: `{key}` tidak ada; tulis tanggal mulai berlaku.")
    return value
