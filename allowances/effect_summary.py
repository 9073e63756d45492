"""The effect of a draft on everybody in sums: total, by unit, class and rank, and who gains and loses most. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from core.money import Exact

MOST_SHOWN = 20


class PersonEffect(NamedTuple):
    """One person's net of the month in rupiah to the sen; `before` None: no run; `after` None: see `reason`."""

    person_id: int
    number: str
    name: str
    unit_name: str
    job_class: int | None
    rank: str
    before: Exact | None
    after: Exact | None
    reason: str

    @property
    def change(self) -> Exact:
        """What the draft adds, below 0 where it takes away; 0 where either side is not known."""
        return 0 if self.before is None or self.after is None else self.after - self.before


@dataclass(slots=True)
class Group:
    """People of one unit, class or rank whom the draft can compute: how many change, and the sums of their nets."""

    label: str
    people: int = 0
    gaining: int = 0
    losing: int = 0
    before: Exact = 0
    after: Exact = 0

    @property
    def unchanged(self) -> int:
        """How many get the same."""
        return self.people - self.gaining - self.losing

    @property
    def change(self) -> Exact:
        """What the draft adds to the sum."""
        return self.after - self.before

    def take_in(self, before: Exact, after: Exact, change: Exact) -> None:
        """Count one person."""
        self.people += 1
        self.before += before
        self.after += after
        if change > 0:
            self.gaining += 1
        elif change < 0:
            self.losing += 1


@dataclass(slots=True)
class Effect:
    """What a draft does to a month. `compared`: there was a run to compare with. `aside`: whom it cannot compute."""

    whole: Group = field(default_factory=lambda: Group("Semua"))
    by_unit: dict[str, Group] = field(default_factory=dict)
    by_class: dict[str, Group] = field(default_factory=dict)
    by_rank: dict[str, Group] = field(default_factory=dict)
    gainers: list[PersonEffect] = field(default_factory=list)
    losers: list[PersonEffect] = field(default_factory=list)
    aside: list[PersonEffect] = field(default_factory=list)
    compared: bool = True


def summarise(people: Iterable[PersonEffect]) -> Effect:
    """Sums over everybody, and the people at both ends, ties by their id."""
    effect = Effect()
    changed: list[tuple[Exact, int, PersonEffect]] = []
    units: dict[str, Group] = {}
    classes: dict[int | None, Group] = {}
    ranks: dict[str, Group] = {}
    kinds: tuple[tuple[dict[Any, Group], str], ...] = ((units, "unit_name"), (classes, "job_class"), (ranks, "rank"))
    for person in people:
        before, after = person.before, person.after
        if before is None:
            effect.compared = False
        if after is None:
            effect.aside.append(person)
            continue
        change = 0 if before is None else after - before
        for groups, name in kinds:
            key = getattr(person, name)
            group = groups.get(key)
            if group is None:
                group = groups[key] = Group("")
            group.take_in(before or 0, after, change)
        if change:
            changed.append((-change, person.person_id, person))
    effect.by_unit = _labelled(units, lambda unit: unit or "Tanpa unit")
    effect.by_class = _labelled(classes, lambda job_class: "Tanpa kelas" if job_class is None else f"Kelas {job_class}")
    effect.by_rank = _labelled(ranks, lambda rank: rank or "Tanpa golongan")
    effect.whole = _sum(effect.by_rank.values())
    changed.sort(key=lambda item: item[:2])
    effect.gainers = [person for less, _, person in changed[:MOST_SHOWN] if less < 0]
    effect.losers = [person for less, _, person in reversed(changed[-MOST_SHOWN:]) if less > 0]
    return effect


def _labelled(groups: Mapping[Any, Group], words: Callable[[Any], str]) -> dict[str, Group]:
    """The groups by the words that people read."""
    for key, group in groups.items():
        group.label = words(key)
    return {group.label: group for group in groups.values()}


def _sum(groups: Iterable[Group]) -> Group:
    """All groups of one kind together are everybody."""
    whole = Group("Semua")
    for group in groups:
        whole.people += group.people
        whole.gaining += group.gaining
        whole.losing += group.losing
        whole.before += group.before
        whole.after += group.after
    return whole
