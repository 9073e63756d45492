"""The cases of a draft, computed by its own documents; and what they say against adopting it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import monotonic

from policy.documents import Document, DocumentError
from policy.drafts import CASES, DraftReading, folder_of, read_draft_files, stored_library
from policy.models import RegulationDraft
from policy.operations.drafts import fingerprint, texts_of
from policy.queries import fingerprints
from policy.yaml_reader import UnreadableDocument, read_list
from wfh_portal.cases import Outcome, outcomes_of

MAX_CASES = 2_000
# Between two cases; one case is bounded by what it may be given.
MAX_SECONDS = 20.0
NAMED = 3
KEPT = 24
STOPPED = (
    f"Tidak semua contoh sempat dihitung: paling banyak {MAX_CASES} contoh dan {MAX_SECONDS:.0f} detik dalam satu "
    "rancangan. Kurangi contohnya."
)
NO_CASE = "Tambahkan paling sedikit satu contoh perhitungan dari peraturannya untuk {}."

# Draft, government, its files, what is stored.
Key = tuple[int, str, str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class CaseFile:
    """The cases of one file that were computed."""

    name: str
    outcomes: tuple[Outcome, ...]

    @property
    def passed(self) -> list[Outcome]:
        """Cases in which everything agreed."""
        return [outcome for outcome in self.outcomes if not outcome.problems]

    @property
    def failed(self) -> list[Outcome]:
        """Cases in which something differs or cannot be computed."""
        return [outcome for outcome in self.outcomes if outcome.problems]


@dataclass(frozen=True)
class Judgement:
    """A draft as it was read, and its cases. `stopped`: cases were left out, by number or by time.

    `without_case`: titles of new allowance documents that no case computes.
    """

    fingerprint: str
    reading: DraftReading
    case_files: tuple[CaseFile, ...]
    stopped: bool
    without_case: tuple[str, ...]

    @property
    def case_count(self) -> int:
        """Cases that were computed."""
        return sum(len(file.outcomes) for file in self.case_files)

    @property
    def failed_count(self) -> int:
        """Cases that fail."""
        return sum(len(file.failed) for file in self.case_files)

    @property
    def all_pass(self) -> bool:
        """Whether there are cases and every one of them was computed and agrees."""
        return self.case_count > 0 and not self.failed_count and not self.stopped

    @property
    def reasons(self) -> list[str]:
        """Sentences against adopting, beyond findings; empty when cases stand behind every allowance document."""
        found = [f"Contoh gagal: {outcome.file}, {outcome.name}." for outcome in self._failed()[:NAMED]]
        if self.failed_count > NAMED:
            found.append(f"Masih ada {self.failed_count - NAMED} contoh lain yang gagal.")
        if self.stopped:
            found.append(STOPPED)
        return found + [NO_CASE.format(title) for title in self.without_case]

    def _failed(self) -> list[Outcome]:
        return [outcome for file in self.case_files for outcome in file.failed]


_kept: dict[Key, Judgement] = {}


def judge(reading: DraftReading, texts: Mapping[str, str]) -> list[str]:
    """Reasons against adopting a draft, computed anew: the `judge` of `adopt_draft`."""
    return _judgement(reading, texts).reasons


def judgement_of(draft: RegulationDraft, texts: Mapping[str, str] | None = None) -> Judgement:
    """A draft judged against what is stored now; the last ones are kept. `texts`: its files, if already read."""
    own = texts_of(draft) if texts is None else texts
    key = _key(draft, own)
    found = _kept.get(key)
    if found is None:
        found = _judgement(read_draft_files(own, stored_library(), folder_of(draft.pk), draft.jurisdiction), own)
        for oldest in list(_kept)[: max(len(_kept) - KEPT + 1, 0)]:
            _kept.pop(oldest, None)
        _kept[key] = found
    return found


def kept_judgement(draft: RegulationDraft, texts: Mapping[str, str]) -> Judgement | None:
    """What `judgement_of` has already found out, or None."""
    return _kept.get(_key(draft, texts))


def _key(draft: RegulationDraft, texts: Mapping[str, str]) -> Key:
    return draft.pk, draft.jurisdiction, fingerprint(texts), fingerprints()


def _judgement(reading: DraftReading, texts: Mapping[str, str]) -> Judgement:
    names = [file.name for file in reading.files if file.kind == CASES]
    left, end, stopped = MAX_CASES, monotonic() + MAX_SECONDS, False
    files = []
    for name in names:
        outcomes: list[Outcome] = []
        for outcome in outcomes_of(reading.known, reading.path_of(name), name, texts[name]):
            if left <= 0 or monotonic() > end:
                stopped = True
                break
            outcomes.append(outcome)
            left -= 1
        files.append(CaseFile(name, tuple(outcomes)))
    computed = {document.id for name in names for document in _computed_by(reading, name, texts[name])}
    without = tuple(
        file.document.title
        for file in reading.files
        if file.document and file.document.topic == "allowance" and not file.refusals and not file.stands
        and file.document.id not in computed
    )  # fmt: skip
    return Judgement(fingerprint(texts), reading, tuple(files), stopped, without)


def _computed_by(reading: DraftReading, name: str, text: str) -> Iterator[Document]:
    try:
        cases = read_list(text) or []
    except UnreadableDocument:
        return
    for case in cases:
        if isinstance(case, Mapping) and isinstance(case.get("policy"), str):
            try:
                yield reading.known.find(case["policy"], relative_to=reading.path_of(name))
            except DocumentError:
                continue  # its outcome says so
