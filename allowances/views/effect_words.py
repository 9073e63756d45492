"""What the pages of an effect show: figures, groups, explanations as trees, and the lines that differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from allowances.effect_summary import Effect, Group
from allowances.steps import Step
from core.indonesian import day_words, grouped, percent, rupiah
from core.money import Exact

ROMAN = {"I": 1, "V": 5, "X": 10}
NO_PLACE = 1_000


def figures_of(sums: Effect) -> list[dict[str, str]]:
    """The key figures of an effect."""
    whole = sums.whole
    figures = [{"label": "Pegawai dihitung", "value": grouped(whole.people)}]
    if sums.compared:
        share = percent(Fraction(whole.change) / Fraction(whole.before), 2) if whole.before else ""
        figures += [
            {"label": "Jumlah bersih", "value": rupiah(whole.after), "note": f"sekarang {rupiah(whole.before)}"},
            {"label": "Selisih sebulan", "value": rupiah(whole.change, signed=True), "note": share},
            {"label": "Tidak berubah", "value": grouped(whole.unchanged),
             "note": f"{grouped(whole.gaining)} bertambah, {grouped(whole.losing)} berkurang"},
        ]  # fmt: skip
    else:
        figures.append({"label": "Jumlah bersih menurut rancangan", "value": rupiah(whole.after)})
    if sums.aside:
        note = "sebabnya tertulis di bawah"
        figures.append({"label": "Tidak dapat dihitung", "value": grouped(len(sums.aside)), "kind": "warn",
                        "icon": "warn", "note": note})  # fmt: skip
    return figures


def groups_of(groups: Mapping[str, Group], largest_change: bool = False) -> list[Group]:
    """Groups by label (numbers in it by size), or the largest change first."""
    if largest_change:
        return sorted(groups.values(), key=lambda group: (-abs(group.change), group.label))
    return sorted(groups.values(), key=lambda group: _place(group.label))


def _place(label: str) -> tuple[int, str]:
    """Where a class or rank stands: by its number, Roman ones too ("Kelas 11", "III/d", "IX")."""
    word = label.removeprefix("Kelas ").split("/")[0]
    if word.isdecimal():
        return int(word), label
    if word and set(word) <= set(ROMAN):
        values = [ROMAN[letter] for letter in word]
        following = [*values[1:], 0]
        return sum(-v if v < after else v for v, after in zip(values, following, strict=True)), label
    return NO_PLACE, label


def tree_of(step: Step) -> list[dict[str, Any]]:
    """An explanation for `components/explain_tree.html`: its top, opened, and everything below it."""
    return [_node(step) | {"open": True}]


def _node(step: Step) -> dict[str, Any]:
    return {
        "label": _name(step),
        "amount": step.value,
        "note": step.note,
        "sentence": step.sentence,
        "arithmetic": step.arithmetic,
        "article": step.article,
        "children": [_node(child) for child in step.children],
    }


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line of the explanation whose amount is another by the draft; None: the side has no such line."""

    label: str
    depth: int
    before: Exact | None
    after: Exact | None

    @property
    def change(self) -> Exact:
        """What the draft adds to the line."""
        return (self.after or 0) - (self.before or 0)


def changed_lines(before: Step, after: Step, depth: int = 0) -> Iterator[ChangedLine]:
    """Lines that differ, from the top down; a line stands under the line that it is a part of."""
    if before.value != after.value:
        yield ChangedLine(_name(after), depth, before.value, after.value)
    old, new = _by_name(before), _by_name(after)
    for name in dict.fromkeys((*old, *new)):
        was, becomes = old.get(name), new.get(name)
        if was is not None and becomes is not None:
            yield from changed_lines(was, becomes, depth + 1)
        elif was is not None and was.value:
            yield ChangedLine(_name(was), depth + 1, was.value, None)
        elif becomes is not None and becomes.value:
            yield ChangedLine(_name(becomes), depth + 1, None, becomes.value)


def _name(step: Step) -> str:
    return step.label if step.on is None else f"{step.label}, {day_words(step.on)}"


def _by_name(step: Step) -> dict[tuple[str, str, object], Step]:
    """Children by what they are; several of one name are told apart by their turn."""
    found: dict[tuple[str, str, object], Step] = {}
    for child in step.children:
        turn = 0
        while (name := (child.key or child.label, str(child.on or ""), turn)) in found:
            turn += 1
        found[name] = child
    return found
