"""What a regulation document is said in: statements, each with the parts that two documents are compared by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from policy.sentences_words import article_words


@dataclass(frozen=True)
class Statement:
    """One sentence of a document.

    `key` finds the same statement in another document, `name` is what people call it, `facets` are its values by the
    word that introduces them (empty for the main value): what a comparison says when they differ.
    """

    section: str
    key: str
    name: str
    text: str
    facets: Mapping[str, str] = field(default_factory=dict)
    article: str = ""

    @property
    def sentence(self) -> str:
        """The text as it is printed, with its article."""
        cited = f" — {self.article}" if self.article else ""
        return f"{self.text}{cited}.".replace("..", ".")


@dataclass(frozen=True)
class Words:
    """What a document calls its components, charges and facts."""

    components: Mapping[str, str]
    charges: Mapping[str, str]
    facts: Mapping[str, str]

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> "Words":
        """The names that a document's own labels give, else the names themselves with blanks."""
        named = [_labels(parameters.get(key)) for key in ("components", "charges", "facts")]
        return cls(*named)


def _labels(block: Mapping[Any, Any] | None) -> dict[str, str]:
    return {str(name): label_of(name, spec) for name, spec in (block or {}).items()}


def label_of(name: object, spec: object) -> str:
    """The label of a block, else its name with blanks."""
    label = spec.get("label") if isinstance(spec, Mapping) else None
    return str(label or str(name).replace("_", " "))


def article_of(spec: object) -> str:
    """The article of a block as people read it; empty where it has none."""
    article = spec.get("article") if isinstance(spec, Mapping) else None
    return article_words(str(article)) if article else ""
