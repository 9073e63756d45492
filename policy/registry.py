"""The rule book: a rule is a plain function about one person, its argument names are the dependency graph.

The order is worked out once (`program`) and then run for everybody. `over="component"` makes one instance of a rule
for every component that the document names: its argument `component` is the name, an argument named after another
such rule is that rule's value for the same component; a plain rule, or one over something else (`over="charge"`),
that asks for one gets a mapping of all of them.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Program:
    """Rules in an order in which every argument is ready; run once for each person."""

    steps: tuple[tuple[Key, Callable[..., Any], tuple[Key, ...], tuple[str, ...]], ...]
    names: Mapping[str, Key]

    def run(self, facts: Mapping[str, Any]) -> dict[Key, Any]:
        """Every value of the program by key. Raises what a rule raises, and KeyError for a fact not given."""
        values: dict[Key, Any] = {name: value for name, value in facts.items()}  # noqa: C416 - widens the key type
        value_of = values.__getitem__
        for key, function, arguments, gathered in self.steps:
            if gathered:
                values[key] = {instance: values[(arguments[0], instance)] for instance in gathered}  # type: ignore[index]
            else:
                values[key] = function(*map(value_of, arguments))
        return values


def _gather(values: Any) -> Any:
    return values


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
        program = self.program(wanted, facts, instances)
        values = program.run(facts)
        return {name: values[key] for name, key in program.names.items()}

    def explain(
        self, wanted: Iterable[str], facts: Mapping[str, Any], instances: Mapping[str, Sequence[str]] | None = None
    ) -> dict[str, Explained]:
        """Like `solve`, and for every value that was needed on the way: label, unit, article and inputs."""
        program = self.program(wanted, facts, instances)
        values = program.run(facts)
        explained: dict[str, Explained] = {}
        for key, _, arguments, gathered in program.steps:
            if gathered or (isinstance(key, tuple) and not (key[0] and key[1])):
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
        self.steps: list[tuple[Key, Callable[..., Any], tuple[Key, ...], tuple[str, ...]]] = []
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
        return Program(tuple(self.steps), names)

    def _instances(self, rule: Rule) -> tuple[str, ...]:
        if rule.over is None or rule.over not in self.instances:
            raise RuleError(f"Aturan {rule.name} berlaku per {rule.over}, tetapi nama-namanya tidak diberikan")
        return self.instances[rule.over]

    def _need(self, name: str, instance: str | None = None, over: str | None = None) -> Key:
        """Key of the value; `instance` of `over` is for whom it is asked. Rules over something else are gathered."""
        if name in self.given:
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
            for instance in names:
                self._need(rule.name, instance, rule.over)
            self.steps.append((key, _gather if names else dict, (rule.name,) if names else (), names))
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
        function = rule.function
        for argument in rule.arguments:
            if argument == rule.over and instance is not None:
                arguments.append(("", instance))
            else:
                arguments.append(self._need(argument, instance, rule.over))
        self.trail.pop()
        if any(isinstance(argument, tuple) and argument[0] == "" for argument in arguments):
            self._name_step(instance)
        self.steps.append((key, function, tuple(arguments), ()))
        self.done.add(key)
        return key

    def _name_step(self, instance: str | None) -> None:
        """A value that is the component's own name."""
        key: Key = ("", instance or "")
        if key not in self.done:
            self.steps.append((key, lambda: instance, (), ()))
            self.done.add(key)
