"""Two regulation documents compared in words, section by section: what changed, what is new, what is gone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policy.documents import Document
from policy.sentences import HEAD, statements_of
from policy.sentences_statement import Statement


@dataclass(frozen=True)
class Difference:
    """One difference: `kind` is `changed`, `new`, `gone` or `order`; `words` say it.

    `was` and `becomes` are the statements themselves: one of them is None where it stands in one document only, both
    where only the order differs. A statement that differs in several values has a difference for each.
    """

    section: str
    kind: str
    words: str
    was: Statement | None = None
    becomes: Statement | None = None


def differences(before: Document, after: Document) -> list[Difference]:
    """How `after` differs from `before`, in the order of `after`, gone statements last in their section.

    Wording that changes nothing (notes, the order of keys in a block) is no difference. Raises ValueError when the
    documents are of different topics.
    """
    if before.topic != after.topic:
        raise ValueError(f"`{before.id}` adalah dokumen {before.topic}, `{after.id}` dokumen {after.topic}.")
    return compared(statements_of(before), statements_of(after))


def compared(before: Sequence[Statement], after: Sequence[Statement]) -> list[Difference]:
    """The differences of two lists of statements whose keys are unique in each."""
    old, new = {item.key: item for item in before}, {item.key: item for item in after}
    sections = list(dict.fromkeys(item.section for item in (*after, *before)))
    found: list[Difference] = []
    for section in sections:
        for item in after:
            if item.section == section:
                found += _said(old[item.key], item) if item.key in old else [_whole("new", "baru", item)]
        gone = [item for item in before if item.section == section and item.key not in new]
        found += [_whole("gone", "dihapus", item) for item in gone]
        found += _order(
            section, [i for i in before if i.section == section], [i for i in after if i.section == section]
        )
    return found


def _whole(kind: str, word: str, item: Statement) -> Difference:
    words = f"{word}: {item.text}"
    return Difference(item.section, kind, words, *((None, item) if kind == "new" else (item, None)))


def _said(old: Statement, new: Statement) -> Iterator[Difference]:
    words = list(_changes(old, new))
    if not words and old.text != new.text:
        words = [f"{new.name}: “{old.text}” menjadi “{new.text}”"]
    if old.article != new.article:
        words.append(f"{new.name}: dasar {old.article or 'tidak disebut'} menjadi {new.article or 'tidak disebut'}")
    for text in words:
        yield Difference(new.section, "changed", text, old, new)


def _changes(old: Statement, new: Statement) -> Iterator[str]:
    for facet in dict.fromkeys((*new.facets, *old.facets)):
        was, becomes = old.facets.get(facet), new.facets.get(facet)
        if was == becomes:
            continue
        called = f"{new.name}: {facet}".rstrip() if facet else f"{new.name}:"
        yield f"{called} {was or 'tidak ada'} menjadi {becomes or 'tidak ada'}"


def _order(section: str, before: Sequence[Statement], after: Sequence[Statement]) -> Iterator[Difference]:
    """Lines act from the top, and rules in document order: another order of the same keys is a difference."""
    before, after = [[item for item in items if item.section == section] for items in (before, after)]
    if section == HEAD:
        return
    common = {item.key for item in before} & {item.key for item in after}
    was = [item.key for item in before if item.key in common]
    now = [item for item in after if item.key in common]
    if was != [item.key for item in now]:
        names = list(dict.fromkeys(item.name for item in now))
        yield Difference(section, "order", f"urutan berubah menjadi: {'; '.join(names)}")
