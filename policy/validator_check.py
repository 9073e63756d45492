"""What every part of the validator uses: the list of findings and the checks of single values."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from policy.conditions import annotates
from policy.vocabulary import ANNOTATIONS, same_label
from policy.yaml_reader import UnquotedTime, join_path

SHARE = re.compile(r"[0-9]+(\.[0-9]+)? %")
RUPIAH = re.compile(r"[0-9]+(\.[0-9]+)? rupiah")
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?")


@dataclass(frozen=True)
class Finding:
    """One thing wrong with a document: the validator's code, the full path of the key, a sentence in Indonesian."""

    code: str
    path: str
    message: str
    warning: bool = False


@dataclass
class Check:
    """Findings gathered so far, and what the document itself names."""

    findings: list[Finding] = field(default_factory=list)
    own_facts: dict[str, str] = field(default_factory=dict)  # name -> number, label or bool
    components: tuple[str, ...] = ()
    charges: tuple[str, ...] = ()

    def add(self, code: str, path: str, message: str, warning: bool = False) -> None:
        """Note a finding."""
        self.findings.append(Finding(code, path, message, warning))

    def block(self, value: object, path: str, what: str) -> Mapping[Any, Any] | None:
        """The mapping, or None and a finding."""
        if isinstance(value, Mapping):
            return value
        self.add("value", path, f"{what} harus berupa blok kunci dan nilai.")
        return None

    def items(self, value: object, path: str, what: str) -> list[Any] | None:
        """The list when it is one and holds something, or None and a finding."""
        if isinstance(value, list) and value:
            return value
        self.add("value", path, f"{what} harus berupa daftar yang tidak kosong, misalnya [..., ...].")
        return None

    def keys(self, block: Mapping[Any, Any], path: str, allowed: Collection[str]) -> None:
        """Refuse keys that this place does not know."""
        for key in block:
            if key not in allowed and key not in ANNOTATIONS:
                known = ", ".join(sorted(allowed))
                self.add("unknown_key", join_path(path, word_of(key)), f"kunci tidak dikenal; yang dikenal: {known}.")

    def same_names(self, block: Mapping[Any, Any], path: str) -> None:
        """Refuse two names of a block that are compared as the same label (format §2)."""
        seen: set[str] = set()
        for name, _ in named(block):
            if same_label(name) in seen:
                message = "nama ini sama dengan yang di atasnya (huruf besar tidak dibedakan, spasi sama dengan _)."
                self.add("duplicate_key", join_path(path, name), message)
            seen.add(same_label(name))

    def required(self, block: Mapping[Any, Any], path: str, *keys: str) -> None:
        """Refuse a block that lacks a key it needs."""
        for key in keys:
            if block.get(key) is None:
                self.add("key_missing", join_path(path, key), f"`{key}` wajib ada di sini; tambahkan.")

    def article(self, block: Mapping[Any, Any], path: str) -> None:
        """Warn of a block without its article."""
        if not block.get("article"):
            message = "belum menyebut pasalnya; tulis `article`, atau `article: not located` bila belum ditemukan."
            self.add("article_missing", path, message, warning=True)

    def one_of(self, value: object, path: str, allowed: Collection[str]) -> None:
        """Refuse a value that is none of `allowed`."""
        if value not in allowed or isinstance(value, bool):
            self.add("value", path, f"`{show(value)}` tidak dikenal; pilih salah satu: {', '.join(allowed)}.")

    def optional(self, block: Mapping[Any, Any], path: str, key: str, allowed: Collection[str]) -> None:
        """Like `one_of` for a key that may be absent."""
        if block.get(key) is not None:
            self.one_of(block[key], join_path(path, key), allowed)

    def number(self, value: object, path: str, above: int | None = None, least: int | None = 0) -> bool:
        """Refuse what is no number, or too small; True when it is fine."""
        if not is_number(value):
            self.add("number_format", path, f"`{show(value)}` bukan angka; tulis angka saja, misalnya 30 atau 0.01.")
            return False
        assert isinstance(value, int | Fraction)
        if above is not None and value <= above:
            self.add("value", path, f"`{show(value)}` terlalu kecil; tulis angka di atas {above}.")
            return False
        if least is not None and value < least:
            self.add("value", path, f"`{show(value)}` terlalu kecil; tulis angka mulai dari {least}.")
            return False
        return True

    def optional_count(self, block: Mapping[Any, Any], path: str, key: str) -> None:
        """Like `optional_number` for what is counted: a whole number."""
        value, here = block.get(key), join_path(path, key)
        if value is not None and self.number(value, here) and Fraction(value).denominator != 1:
            self.add("value", here, f"`{show(value)}` bukan bilangan bulat; tulis 0, 1, 2, dan seterusnya.")

    def optional_number(self, block: Mapping[Any, Any], path: str, key: str, above: int | None = None) -> None:
        """Like `number` for a key that may be absent."""
        if block.get(key) is not None:
            self.number(block[key], join_path(path, key), above=above)

    def share(self, value: object, path: str, rupiah_too: bool = False) -> bool:
        """Refuse what is no share such as `0.5 %`; True when it is fine."""
        if isinstance(value, str) and (SHARE.fullmatch(value) or (rupiah_too and RUPIAH.fullmatch(value))):
            return True
        also = " atau `37000 rupiah`" if rupiah_too else ""
        message = f"`{show(value)}` bukan persentase; tulis angka, satu spasi, lalu tanda persen: `0.5 %`{also}."
        self.add("rate_format", path, message)
        return False

    def time(self, value: object, path: str, words: Collection[str] = ()) -> bool:
        """Refuse what is no quoted time; True when it is fine."""
        if isinstance(value, str) and (value in words or TIME.fullmatch(value)):
            return True
        also = f" atau {', '.join(words)}" if words else ""
        if isinstance(value, UnquotedTime):
            message = (
                f'jam {value.text} tanpa tanda kutip dibaca YAML sebagai angka {int(value)}; tulis "{value.text}".'
            )
        else:
            message = f'`{show(value)}` bukan jam; tulis jam dan menit dalam tanda kutip, misalnya "07:30"{also}.'
        self.add("time_format", path, message)
        return False


def is_number(value: object) -> bool:
    """Whether a value is a number as a document means it (a time without quotes is not)."""
    return isinstance(value, int | Fraction) and not isinstance(value, bool | UnquotedTime)


def seconds_of(text: object) -> int | None:
    """A quoted time in seconds since midnight; None when it is no time."""
    if not isinstance(text, str) or not TIME.fullmatch(text):
        return None
    hours, minutes, *seconds = map(int, text.split(":"))
    return hours * 3600 + minutes * 60 + sum(seconds)


def share_of(text: object) -> Fraction | None:
    """A share as an exact number: `0.5 %` is 1/200; None when it is no share."""
    if not isinstance(text, str) or not SHARE.fullmatch(text):
        return None
    return Fraction(text.removesuffix(" %")) / 100


def named(block: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    """The entries of a `name: block` mapping without its annotations."""
    return [(word_of(key), value) for key, value in block.items() if not annotates(key, value)]


def show(value: object) -> str:
    """A value as its author may recognise it."""
    if isinstance(value, UnquotedTime):
        return value.text
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return f"{float(value):g}"
    text = "kosong" if value is None else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def word_of(key: object) -> str:
    """A key or a name as it stands in paths and in lists of names."""
    if key is None:
        return "null"
    return show(key) if isinstance(key, bool | UnquotedTime | Fraction | date) else str(key)
