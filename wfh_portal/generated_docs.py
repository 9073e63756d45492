"""Pages of `docs/` that are made from the code itself, so that they cannot differ from it."""

import importlib
from collections.abc import Mapping
from importlib.util import find_spec

from policy import glossary
from policy.registry import Rule, RuleBook

TOPICS = ("attendance", "performance", "allowances")
NOTICE = "<!-- Dibuat oleh `manage.py generate_docs`; jangan disunting. -->\n\n"


def pages() -> dict[str, str]:
    """Path inside `docs/` -> text, for every generated page."""
    made = {f"rules/{book.topic}.md": _rules_page(book) for book in rule_books()}
    return {**made, "cases.md": _cases_page()}


def rule_books() -> list[RuleBook]:
    """The rule books of the apps, in the order in which a month is worked out."""
    books: list[RuleBook] = []
    for topic in TOPICS:
        if find_spec(f"{topic}.rules") is None:
            continue
        module = importlib.import_module(f"{topic}.rules")
        for value in vars(module).values():
            if isinstance(value, RuleBook) and value not in books:
                books.append(value)
    return books


def _rules_page(book: RuleBook) -> str:
    parts = [NOTICE, f"# Aturan: {book.topic}\n\n", "Setiap aturan adalah satu fungsi tentang satu orang.\n\n"]
    parts += [_rule(rule) for rule in _in_order(book)]
    return "".join(parts).rstrip() + "\n"


def _in_order(book: RuleBook) -> list[Rule]:
    """The rules so that each stands after those that it is worked out from."""
    done: dict[str, Rule] = {}

    def visit(rule: Rule) -> None:
        for argument in rule.arguments:
            if argument in book.rules and argument not in done and argument != rule.name:
                visit(book.rules[argument])
        done[rule.name] = rule

    for rule in book.rules.values():
        if rule.name not in done:
            visit(rule)
    return list(done.values())


def _rule(rule: Rule) -> str:
    meaning = (rule.function.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")
    name = rule.named.replace("{}", "NAMA") if rule.over else rule.name
    rows = [f"## `{name}`: {rule.label}\n\n"]
    if meaning:
        rows.append(f"{meaning}\n\n")
    rows.append(f"- Satuan: {rule.unit}\n")
    if rule.article:
        rows.append(f"- Pasal: `{rule.article}`\n")
    if rule.over:
        rows.append(f"- Satu kali untuk setiap {rule.over} dalam dokumen\n")
    if rule.arguments:
        rows.append(f"- Dihitung dari: {', '.join(f'`{argument}`' for argument in rule.arguments)}\n")
    return "".join(rows) + "\n"


def _cases_page() -> str:
    sections = [
        ("Fakta angka sebuah hari (jumlahnya dalam sebulan juga boleh diberikan dan diharapkan)", glossary.DAY_FACTS),
        ("Label sebuah hari", glossary.DAY_LABELS),
        ("Tentang orangnya", glossary.PERSON_FACTS),
        ("Tentang bulannya", glossary.MONTH_FACTS),
        ("Lain yang diberikan", glossary.OTHER_GIVEN),
        ("Yang dapat diharapkan dari sebuah hari, selain fakta angkanya", glossary.EXPECTED_DAY),
        ("Yang dapat diharapkan dari sebuah bulan", glossary.EXPECTED_MONTH),
    ]
    introduction = (
        "# Nama dalam kasus\n\n`make cases CASES=FOLDER` menjalankan setiap `*.yaml` di folder itu. Nama di bawah ini "
        "dipakai dalam `given`, `expect`, dan dokumen peraturan. NAME, COMPONENT, CHARGE, dan CRITERION adalah nama "
        "yang diberikan dokumennya. Nilai yang tidak dapat diketahui ditulis `unknown`.\n\n"
    )
    tables = [f"## {title}\n\n{_table(names)}\n" for title, names in sections]
    return (NOTICE + introduction + "".join(tables)).rstrip() + "\n"


def _table(names: Mapping[str, tuple[str, str]]) -> str:
    rows = [f"| `{name}` | {unit} | {meaning} |\n" for name, (unit, meaning) in names.items()]
    return "| nama | satuan | arti |\n|---|---|---|\n" + "".join(rows)
