"""What a home page is made of: sections with key figures, things to do, and one way onward."""

from dataclasses import dataclass, field

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Figure:
    """A key figure; `value` is ready for reading."""

    label: str
    value: str
    note: str = ""
    kind: str = ""
    icon: str = ""
    url: str = ""


@dataclass(frozen=True)
class Todo:
    """One line of what needs attention."""

    text: str
    end: str = ""
    kind: str = "none"
    icon: str = "none"
    url: str = ""


@dataclass(frozen=True)
class Action:
    """A button; the first of a page is filled."""

    label: str
    url: str
    icon: str = ""


@dataclass(frozen=True)
class Note:
    """Something that must be read before the rest of its panel."""

    title: str
    text: str
    kind: str = "warn"
    icon: str = "warn"


@dataclass(frozen=True)
class Section:
    """One panel of a home page."""

    title: str
    note: str = ""
    notes: list[Note] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    todos: list[Todo] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    empty: str = ""


def address(name: str, *args: object) -> str:
    """Address of a named page, or "" where it is not routed: then the text stands without a link."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def actions(*wanted: tuple[str, str, str]) -> list[Action]:
    """Buttons for the (label, page name, icon) that are routed."""
    return [Action(label, url, icon) for label, name, icon in wanted if (url := address(name))]
