"""Read a regulation document so that nothing is lost: exact decimals, repeated keys, times without quotes."""

import re
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Self

import yaml

MAX_CHARACTERS = 2_000_000
MAX_NODES = 100_000
MAX_NODES_OF_A_LIST = 2_000_000
MAX_DEPTH = 100
MAX_DIGITS = 40
TEXTS_KEPT = 48
TOO_DEEP = "bersarang terlalu dalam; sederhanakan susunannya"
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TRUE_WORDS = frozenset({"yes", "true", "on"})


class UnreadableDocument(ValueError):
    """The text is no YAML mapping; `reason` is a sentence for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TooManyValues(UnreadableDocument):
    """The text holds more values than it may, each alias counted as often as it is written."""

    def __init__(self) -> None:
        super().__init__("memuat terlalu banyak nilai; bagi menjadi beberapa berkas")


class UnquotedTime(int):
    """A number that stood as `16:00` without quotes: YAML 1.1 reads it in base 60."""

    text: str

    def __new__(cls, value: int, text: str) -> Self:
        """The number as YAML reads it, with its text."""
        made = super().__new__(cls, value)
        made.text = text
        return made


@dataclass(frozen=True)
class Reading:
    """A document as read: the mapping, and the full path of every key that stands twice in its block."""

    mapping: dict[Any, Any]
    duplicate_paths: list[str] = field(default_factory=list)


def read(text: str) -> Reading:
    """Read one YAML mapping; decimals become `Fraction`, never float.

    Raises UnreadableDocument when the text is no YAML, no single document, or no mapping.
    """
    if len(text) > MAX_CHARACTERS:
        raise UnreadableDocument("terlalu besar; sebuah dokumen paling banyak dua juta huruf")
    node = _compose(text, MAX_NODES)
    if not isinstance(node, yaml.MappingNode):
        raise UnreadableDocument("tidak berisi pasangan kunci dan nilai; mulai dengan `id: ...`")
    if _weigh(node, {}) > MAX_NODES:
        raise TooManyValues
    builder = _Builder(MAX_NODES)
    return Reading(builder.mapping(node, ""), builder.duplicate_paths)


def read_list(text: str) -> Any:
    """Read a YAML list with exact numbers, such as a file of cases; None when the text holds no list.

    Raises UnreadableDocument when the text is no YAML or a key stands twice in one of its blocks.
    """
    node = _compose(text, MAX_NODES_OF_A_LIST)
    if not isinstance(node, yaml.SequenceNode):
        return None
    if _weigh(node, {}) > MAX_NODES_OF_A_LIST:
        raise TooManyValues
    builder = _Builder(MAX_NODES_OF_A_LIST)
    made = builder.value(node, "")
    if builder.duplicate_paths:
        raise UnreadableDocument(f"kunci {builder.duplicate_paths[0]} tertulis dua kali; hapus salah satu")
    return made


def weight_of(text: str, most: int) -> int:
    """How many values a text holds, each alias counted as often as it is written.

    Raises TooManyValues as soon as there are more than `most`, UnreadableDocument when the text is no YAML.
    """
    node = _compose(text, most)
    weight = 0 if node is None else _weigh(node, {})
    if weight > most:
        raise TooManyValues
    return weight


_composed: dict[str, yaml.Node | None] = {}


def _compose(text: str, most: int) -> yaml.Node | None:
    """The nodes of a text, kept: a document is read several times while it is judged. Nobody changes a node."""
    try:
        return _composed[text]
    except KeyError:
        node = _made(text, most)
    for oldest in list(_composed)[: max(len(_composed) - TEXTS_KEPT + 1, 0)]:
        _composed.pop(oldest, None)
    _composed[text] = node
    return node


def _made(text: str, most: int) -> yaml.Node | None:
    try:
        return _CountingLoader(text.removeprefix("\ufeff"), most).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f" pada baris {mark.line + 1}, kolom {mark.column + 1}" if mark else ""
        raise UnreadableDocument(f"bukan YAML yang dapat dibaca{place}; periksa indentasi dan tanda kutip") from error
    except yaml.YAMLError as error:
        raise UnreadableDocument("memuat karakter yang tidak boleh ada dalam YAML; simpan sebagai UTF-8") from error


class _CountingLoader(yaml.SafeLoader):
    """A loader that gives up once there are more nodes, or deeper ones, than allowed."""

    def __init__(self, text: str, most: int) -> None:
        self.left, self.depth = most, 0
        super().__init__(text)

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """One node more."""
        self.left -= 1
        if self.left < 0:
            raise TooManyValues
        if self.depth > MAX_DEPTH:
            raise UnreadableDocument(TOO_DEEP)
        self.depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _weigh(node: yaml.Node, known: dict[int, int]) -> int:
    """Values below a node, itself included, without unfolding aliases; a block that holds itself counts once there."""
    if isinstance(node, yaml.ScalarNode):
        return 1
    if id(node) not in known:
        known[id(node)] = 1
        pairs = node.value if isinstance(node, yaml.MappingNode) else [(item,) for item in node.value]
        known[id(node)] = 1 + sum(_weigh(item, known) for pair in pairs for item in pair)
    return known[id(node)]


def join_path(path: str, key: object) -> str:
    """The full path of `key` inside `path`: `parameters.hours.0.in`."""
    return f"{path}.{key}" if path else str(key)


class _Builder:
    """Turns YAML nodes into plain values and notes repeated keys on the way."""

    def __init__(self, most_nodes: int) -> None:
        self._duplicates: dict[str, None] = {}
        self._open: set[int] = set()
        self._left = most_nodes

    @property
    def duplicate_paths(self) -> list[str]:
        """Paths of keys that stand twice in their block, each once, in order."""
        return list(self._duplicates)

    def value(self, node: yaml.Node, path: str) -> Any:
        if isinstance(node, yaml.ScalarNode):
            self._count()
            return _scalar(node)
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        self._enter(node)
        items = [self.value(item, join_path(path, index)) for index, item in enumerate(node.value)]
        self._open.discard(id(node))
        return items

    def mapping(self, node: yaml.MappingNode, path: str) -> dict[Any, Any]:
        self._enter(node)
        made: dict[Any, Any] = {}
        merged: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                self._merge(merged, value_node, path)
                continue
            if not isinstance(key_node, yaml.ScalarNode):
                raise UnreadableDocument(f"kunci pada baris {key_node.start_mark.line + 1} bukan kata; tulis satu kata")
            key = _scalar(key_node)
            key_path = join_path(path, key_node.value)
            if key in made:
                self._duplicates[key_path] = None
            made[key] = self.value(value_node, key_path)
        self._open.discard(id(node))
        return {**merged, **made}

    def _merge(self, merged: dict[Any, Any], node: yaml.Node, path: str) -> None:
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        for part in parts:
            if not isinstance(part, yaml.MappingNode):
                raise UnreadableDocument("`<<` harus menunjuk ke sebuah blok kunci dan nilai")
            for key, value in self.mapping(part, path).items():
                merged.setdefault(key, value)

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise TooManyValues

    def _enter(self, node: yaml.Node) -> None:
        self._count()
        if len(self._open) >= MAX_DEPTH:
            raise UnreadableDocument(TOO_DEEP)
        if id(node) in self._open:
            raise UnreadableDocument("sebuah blok menunjuk ke dirinya sendiri; hapus tanda `*` itu")
        self._open.add(id(node))


def _scalar(node: yaml.ScalarNode) -> Any:
    kind = node.tag.removeprefix("tag:yaml.org,2002:")
    text = node.value
    if kind in ("str", "value", "merge"):
        return text
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in _TRUE_WORDS
    if kind in ("int", "float"):
        return _number(text)
    if kind == "timestamp":
        return _date_or_text(text)
    raise UnreadableDocument(f"memakai tanda `{node.tag}` pada baris {node.start_mark.line + 1}; hapus tanda itu")


def _number(text: str) -> Any:
    plain = text.replace("_", "")
    if len(plain) > MAX_DIGITS:
        return text
    if _SEXAGESIMAL.fullmatch(text):
        total = 0
        for part in plain.lstrip("+-").split(":"):
            total = total * 60 + int(Fraction(part or "0"))
        return UnquotedTime(-total if plain.startswith("-") else total, text)
    try:
        if re.fullmatch(r"[-+]?0[0-7]+", plain):
            return int(plain, 8)
        if re.fullmatch(r"[-+]?0[bx][0-9a-fA-F]+", plain):
            return int(plain, 0)
        exponent = re.search(r"[eE]([-+]?[0-9]+)", plain)
        if exponent and abs(int(exponent[1])) > MAX_DIGITS:
            return text
        exact = Fraction(plain)
    except ValueError:
        return text  # .inf and .nan: no number that a rule could use
    is_whole_text = re.fullmatch(r"[-+]?[0-9]+", plain) is not None
    return int(exact) if is_whole_text else exact


def _date_or_text(text: str) -> Any:
    if not _DATE.fullmatch(text):
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
