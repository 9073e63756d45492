"""One document for every code and place of the validator: (text, code, path), each with this one fault."""

from tests.validator_documents import (
    allowance,
    attendance,
    component,
    hours,
    only,
    rule,
    taps,
    two_lines,
)
from tests.validator_rows_allowance import ALLOWANCE_ROWS, BASE_ROWS, CAP_ROWS, CODE_ROWS, FACT_ROWS, RULE_ROWS
from tests.validator_rows_attendance import ATTENDANCE_ROWS, CONDITION_ROWS
from tests.validator_rows_scales import ACHIEVEMENT_ROWS, SCALE_ROWS

P = "parameters."
HEAD_KEYS = ("id", "title", "decree", "jurisdiction", "topic", "issued_on", "valid_from", "status")
HEADS = {
    "id": "uji-attendance",
    "title": "Dokumen uji",
    "decree": "Peraturan uji",
    "jurisdiction": "uji",
    "topic": "attendance",
    "issued_on": "2025-01-01",
    "valid_from": "2025-01-01",
    "status": "assumed",
}


def head(key: str, value: str | None) -> str:
    """A document whose head says something else at one key, or nothing."""
    line = f"{key}: {HEADS[key]}\n"
    return attendance().replace(line, "" if value is None else f"{key}: {value}\n", 1)


UNREADABLE = [
    (text, "not_yaml", "")
    for text in (
        "",
        "# nothing\n",
        "null",
        "5",
        "kata",
        "- satu\n- dua\n",
        "a: [1, 2",
        "a: b: c",
        "\tid: x",
        "a: 'x",
        "id: a\n---\nid: b\n",
        "a: &x {b: *x}\n",
        "a: *nowhere\n",
        "a: !!python/name:os.system x\n",
        "a: !mine x\n",
        "? [a, b]\n: 1\n",
        "a: \x00",
        "a: \x07",
        "<<: 5\n",
        "a: " + "[" * 3000,
        "a: " + "{b: " * 120 + "1" + "}" * 120,
        "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9) if n else 1}]\n" for n in range(9)),
        "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9) if n else '{}'}]}}\n" for n in range(9)),
        "a: [" + "1, " * 100_001 + "]",
    )
]
DUPLICATES = [
    (attendance("id: lagi\n"), "duplicate_key", "id"),
    (attendance("parameters: {}\n"), "duplicate_key", "parameters"),
    (taps("seconds: dropped\nseconds: dropped"), "duplicate_key", "parameters.seconds"),
    (hours('in: "07:30", in: "07:30", out: "16:00"'), "duplicate_key", "parameters.hours.0.in"),
    (two_lines("place: home, 'place': office"), "duplicate_key", "parameters.hours.0.when.place"),
    (
        rule("fact: minutes_late, bands: {TL1: [1, 2, 1 %], TL1: [2, 3, 1 %]}"),
        "duplicate_key",
        P + "charges.x.bands.TL1",
    ),
    (rule("mix: [{weight: 100 %, rate: 1 %}, {rate: 1 %, rate: 1 %}]"), "duplicate_key", P + "charges.x.mix.1.rate"),
    (only("base: {by: class, classes: {7: 5, 8: 6, 7: 5}}"), "duplicate_key", P + "base.classes.7"),
    (only("components: {a: {weight: 1 %}, a: {weight: 1 %}}"), "duplicate_key", P + "components.a"),
    (taps("places: {Posko Satu: taps, posko_satu: free}"), "duplicate_key", P + "places.posko_satu"),
    (only("base: {by: class, classes: {7: 5, '7': 6}}"), "duplicate_key", P + "base.classes.7"),
    (
        component("achievement: {fact: rating, labels: {Sangat Baik: 1 %, sangat_baik: 2 %}}"),
        "duplicate_key",
        P + "components.a.achievement.labels.sangat_baik",
    ),
]
HEAD_ROWS = [
    *[(head(key, None), "head_missing", key) for key in HEAD_KEYS],
    *[(head(key, "null"), "head_missing", key) for key in HEAD_KEYS],
    *[(head(key, "5"), "head_value", key) for key in HEAD_KEYS],
    *[(head(key, "[x]"), "head_value", key) for key in HEAD_KEYS],
    *[(head(key, '""'), "head_value", key) for key in HEAD_KEYS],
    (head("topic", "wages"), "head_value", "topic"),
    (head("status", "invalid"), "head_value", "status"),
    (head("valid_from", "2025-02-30"), "head_value", "valid_from"),
    (head("valid_from", '"2025-01-01"'), "head_value", "valid_from"),
    (head("issued_on", "2025-01-01 10:00:00"), "head_value", "issued_on"),
    (attendance("valid_to: 2025-01-01\n"), "head_value", "valid_to"),
    (attendance("valid_to: 2024-12-31\n"), "head_value", "valid_to"),
    (attendance("valid_to: besok\n"), "head_value", "valid_to"),
    (attendance("demonstration: 1\n"), "head_value", "demonstration"),
    (attendance('demonstration: "true"\n'), "head_value", "demonstration"),
    (attendance("extends: 5\n"), "head_value", "extends"),
    (allowance("attendance: 5\n"), "head_value", "attendance"),
    (allowance("attendance: [a]\n"), "head_value", "attendance"),
    (attendance("colour: red\n"), "unknown_key", "colour"),
    (attendance("5: red\n"), "unknown_key", "5"),
    (attendance("2025-01-01: red\n"), "unknown_key", "2025-01-01"),
    (attendance("? \n: red\n"), "unknown_key", "null"),
    (attendance(body=""), "key_missing", "parameters"),
    (attendance(body="parameters:\n"), "key_missing", "parameters"),
    (attendance(body="parameters: 3\n"), "value", "parameters"),
    (attendance(body="parameters: [a]\n"), "value", "parameters"),
    (attendance("extends: nowhere\n"), "extends_missing", "extends"),
    (attendance("extends: nowhere.yaml\n"), "extends_missing", "extends"),
    (attendance(f"extends: {'x' * 300}.yaml\n"), "extends_missing", "extends"),
    (attendance('extends: "x\\0.yaml"\n'), "extends_missing", "extends"),
    (attendance("extends: uji-attendance\n"), "extends_cycle", "extends"),
    (allowance("attendance: nowhere\n"), "reference_missing", "attendance"),
    (allowance("attendance: ../nowhere.yaml\n"), "reference_missing", "attendance"),
    (only("tax: {table: nowhere, article: '1'}"), "reference_missing", P + "tax.table"),
    (only("tax: {table: 5, article: '1'}"), "value", P + "tax.table"),
]
WITHOUT_ARTICLE = [
    (text.replace(", article: '1'", article).replace(', article: "1"', article), "article_missing", path)
    for article in ("", ", article: null", ', article: ""')
    for text, path in (
        (component("cuts_of: full"), P + "components.a"),
        *[(rule("rate: 1 %", verb), f"{P}{verb}.x") for verb in ("charges", "factors", "supplements", "holds")],
        (only("caps: {m: {per: month, at: 1 %, article: '1'}}"), P + "caps.m"),
        (hours('in: "07:30", out: "16:00"'), P + "hours.0"),
        (
            taps("outcomes: [{when: {missing_in: 1}, set: {absent_days: 1}, article: '1'}]").replace(
                ', article: "1"', ", article: x"
            ),
            P + "outcomes.0",
        ),
        (only("insurance: {employee: 1 %, article: '1'}"), P + "insurance"),
        (only("tax: {rate: 5 %, article: '1'}"), P + "tax"),
        (only("tax: {rate: 5 %, article: '1'}", "tax"), P + "tax"),
    )
]
ROWS = [
    *UNREADABLE,
    *DUPLICATES,
    *HEAD_ROWS,
    *ATTENDANCE_ROWS,
    *CONDITION_ROWS,
    *SCALE_ROWS,
    *ACHIEVEMENT_ROWS,
    *RULE_ROWS,
    *BASE_ROWS,
    *FACT_ROWS,
    *CAP_ROWS,
    *CODE_ROWS,
    *ALLOWANCE_ROWS,
    *WITHOUT_ARTICLE,
]
