"""The rule book: a rule is a plain function about one person, its argument names are the dependency graph.

The order is worked out once (`program`) and then run for everybody. `over="component"` makes one instance of a rule
for every component that the document names: its argument `component` is the name, an argument named after another
such rule is that rule's value for the same component; a plain rule, or one over something else (`over="charge"`),
that asks for one gets a mapping of all of them.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, TypeVar

Key = str | tuple[str, str]
Function = TypeVar("Function", bound=Callable[..., Any])


class RuleError(ValueError):
    """A duplicate, a cycle or a name that neither a rule nor a fact has."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One registered rule. `named` is how instances over a component are called, such as `{}_full`."""

    name: str
    function: Callable[..., Any]
    label: str
    unit: str
    article: str
    arguments: tuple[str, ...]
    over: str | None
    named: str

    def value_name(self, instance: str | None) -> str:
        """Name of the value: the rule's own, or of one instance of what it runs over."""
        return self.name if instance is None else self.named.format(instance)


@dataclass(frozen=True, slots=True)
class Explained:
    """A value with what it is and where it came from: names of its inputs with their values."""

    name: str
    label: str
    unit: str
    article: str
    value: Any
    inputs: Mapping[str, Any]


Step = tuple[Key, Callable[..., Any], tuple[Key, ...]]


@dataclass(frozen=True, slots=True)
class Program:
    """Rules in an order in which every argument is ready; run once for each person.

    `given` are the facts that it needs, `constants` names of instances that rules ask for, `steps` what is computed
    from them, `names` what was wanted. For speed every value has a place in one list, in that order (`_keys`):
    `_moves` are the steps with the places of their arguments, `_wanted` takes out what was wanted.
    """

    given: tuple[str, ...]
    constants: Mapping[Key, str]
    steps: tuple[Step, ...]
    names: Mapping[str, Key]
    _keys: tuple[Key, ...]
    _moves: tuple[tuple[Callable[..., Any], Callable[[Any], Any]], ...]
    _wanted: Callable[[Any], Any]

    def run(self, facts: Mapping[str, Any]) -> dict[Key, Any]:
        """Every value of the program by key. Raises what a rule raises, and KeyError for a fact not given."""
        return dict(zip(self._keys, self._values(facts), strict=True))

    def solve(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The wanted values by name. Raises as `run`."""
        return dict(zip(self.names, self._wanted(self._values(facts)), strict=True))

    def _values(self, facts: Mapping[str, Any]) -> list[Any]:
        values = [facts[name] for name in self.given]
        values += self.constants.values()
        for function, arguments in self._moves:
            values.append(function(*arguments(values)))
        return values


def _program(given: Sequence[str], constants: dict[Key, str], steps: list[Step], names: dict[str, Key]) -> Program:
    keys: tuple[Key, ...] = (*given, *constants, *(key for key, _, _ in steps))
    place = {key: number for number, key in enumerate(keys)}
    moves = ((function, _picker([place[key] for key in arguments])) for _, function, arguments in steps)
    wanted = _picker([place[key] for key in names.values()])
    return Program(tuple(given), constants, tuple(steps), names, keys, tuple(moves), wanted)


def _picker(places: Sequence[int]) -> Callable[[Any], Any]:
    """What takes the values at these places out of a list, as a sequence also where they are one or none."""
    if len(places) > 1:
        return itemgetter(*places)
    return itemgetter(slice(places[0], places[0] + 1) if places else slice(0))


def _gathering(instances: Sequence[str]) -> Callable[..., dict[str, Any]]:
    """The rule that gathers the values of all instances by their names."""
    return lambda *values: dict(zip(instances, values, strict=True))


@dataclass
class RuleBook:
    """The rules of one topic. Refuses duplicates at once, cycles and unknown names when an order is asked for."""

    topic: str
    rules: dict[str, Rule] = field(default_factory=dict)
    _programs: dict[Any, Program] = field(default_factory=dict, repr=False)

    def rule(
        self, label: str, unit: str, article: str = "", over: str | None = None, named: str = ""
    ) -> Callable[[Function], Function]:
        """Register the function below under its own name; it stays an ordinary function."""

        def register(function: Function) -> Function:
            name = function.__name__
            if name in self.rules:
                raise RuleError(f"Aturan {name} sudah ada dalam buku {self.topic}")
            arguments = tuple(inspect.signature(function).parameters)
            self.rules[name] = Rule(name, function, label, unit, article, arguments, over, named or "{}_" + name)
            self._programs.clear()
            return function

        return register

    def program(
        self, wanted: Iterable[str], given: Iterable[str], instances: Mapping[str, Sequence[str]] | None = None
    ) -> Program:
        """The order that computes `wanted` from the facts `given`; kept for the next time."""
        wanted, known = tuple(wanted), frozenset(given)
        groups = {group: tuple(names) for group, names in (instances or {}).items()}
        memory = (wanted, known, tuple(sorted(groups.items())))
        if memory not in self._programs:
            self._programs[memory] = _Planner(self, known, groups).plan(wanted)
        return self._programs[memory]

    def solve(
        self, wanted: Iterable[str], facts: Mapping[str, Any], instances: Mapping[str, Sequence[str]] | None = None
    ) -> dict[str, Any]:
        """The wanted values by name (instances over a component by the name the document gives them)."""
        return self.program(wanted, facts, instances).solve(facts)

    def explain(
        self, wanted: Iterable[str], facts: Mapping[str, Any], instances: Mapping[str, Sequence[str]] | None = None
    ) -> dict[str, Explained]:
        """Like `solve`, and for every value that was needed on the way: label, unit, article and inputs."""
        program = self.program(wanted, facts, instances)
        values = program.run(facts)
        explained: dict[str, Explained] = {}
        for key, _, arguments in program.steps:
            if isinstance(key, tuple) and not key[1]:  # gathered from instances that stand for themselves
                continue
            rule = self.rules[key if isinstance(key, str) else key[0]]
            name = rule.value_name(None if isinstance(key, str) else key[1])
            inputs = {label: values[argument] for label, argument in zip(rule.arguments, arguments, strict=True)}
            explained[name] = Explained(name, rule.label, rule.unit, rule.article, values[key], inputs)
        return explained


class _Planner:
    """Depth first through the argument names; keeps the trail so that a cycle is named whole."""

    def __init__(self, book: RuleBook, given: frozenset[str], instances: Mapping[str, tuple[str, ...]]) -> None:
        self.book, self.given, self.instances = book, given, instances
        self.used: dict[str, None] = {}
        self.constants: dict[Key, str] = {}
        self.steps: list[Step] = []
        self.done: set[Key] = set()
        self.trail: list[Key] = []

    def plan(self, wanted: Iterable[str]) -> Program:
        names: dict[str, Key] = {}
        for name in wanted:
            rule = self.book.rules.get(name)
            if rule is not None and rule.over is not None and name not in self.given:
                for instance in self._instances(rule):
                    names[rule.value_name(instance)] = self._need(name, instance, rule.over)
            else:
                names[name] = self._need(name)
        return _program(tuple(self.used), self.constants, self.steps, names)

    def _instances(self, rule: Rule) -> tuple[str, ...]:
        if rule.over is None or rule.over not in self.instances:
            raise RuleError(f"Aturan {rule.name} berlaku per {rule.over}, tetapi nama-namanya tidak diberikan")
        return self.instances[rule.over]

    def _need(self, name: str, instance: str | None = None, over: str | None = None) -> Key:
        """Key of the value; `instance` of `over` is for whom it is asked. Rules over something else are gathered."""
        if name in self.given:
            self.used[name] = None
            return name
        rule = self.book.rules.get(name)
        if rule is None:
            raise RuleError(f"Nama {name} tidak dikenal: bukan aturan buku {self.book.topic} dan bukan fakta")
        if rule.over is None:
            return self._add(name, rule, None)
        if instance is None or rule.over != over:
            return self._add_gathered(rule)
        return self._add((name, instance), rule, instance)

    def _add_gathered(self, rule: Rule) -> Key:
        key: Key = (rule.name, "")
        if key not in self.done:
            names = self._instances(rule)
            values = tuple(self._need(rule.name, instance, rule.over) for instance in names)
            self.steps.append((key, _gathering(names), values))
            self.done.add(key)
        return key

    def _add(self, key: Key, rule: Rule, instance: str | None) -> Key:
        if key in self.done:
            return key
        if key in self.trail:
            circle = [str(step) for step in [*self.trail[self.trail.index(key) :], key]]
            raise RuleError(f"Aturan saling menunggu: {' -> '.join(circle)}")
        self.trail.append(key)
        arguments: list[Key] = []
        for argument in rule.arguments:
            if argument == rule.over and instance is not None:
                arguments.append(("", instance))
                self.constants["", instance] = instance
            else:
                arguments.append(self._need(argument, instance, rule.over))
        self.trail.pop()
        self.steps.append((key, rule.function, tuple(arguments)))
        self.done.add(key)
        return key
