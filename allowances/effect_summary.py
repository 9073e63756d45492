"""The effect of a draft on everybody in sums: total, by unit, class and rank, and who gains and loses most. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.money import Exact

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class PersonEffect:
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

    def take_in(self, person: PersonEffect) -> None:
        """Count one person."""
        self.people += 1
        self.gaining += person.change > 0
        self.losing += person.change < 0
        self.before += person.before or 0
        self.after += person.after or 0


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
    effect, changed = Effect(), []
    for person in people:
        effect.compared = effect.compared and person.before is not None
        if person.after is None:
            effect.aside.append(person)
            continue
        effect.whole.take_in(person)
        for groups, label in (
            (effect.by_unit, person.unit_name or "Tanpa unit"),
            (effect.by_class, "Tanpa kelas" if person.job_class is None else f"Kelas {person.job_class}"),
            (effect.by_rank, person.rank or "Tanpa golongan"),
        ):
            group = groups.get(label)
            if group is None:
                group = groups[label] = Group(label)
            group.take_in(person)
        if person.change:
            changed.append(person)
    changed.sort(key=lambda person: (-person.change, person.person_id))
    effect.gainers = [person for person in changed[:MOST_SHOWN] if person.change > 0]
    effect.losers = [person for person in reversed(changed[-MOST_SHOWN:]) if person.change < 0]
    return effect
