"""Small documents for tests of the validator, each built around the few words that a test is about."""

HEAD = """id: {id}
topic: {topic}
jurisdiction: uji
title: Dokumen uji
decree: Peraturan uji
issued_on: 2025-01-01
valid_from: 2025-01-01
status: assumed
"""
ATTENDANCE = """parameters:
  hours:
    - {in: "07:30", out: "16:00", article: "1"}
"""
ALLOWANCE = """parameters:
  components:
    a: {weight: 60 %, article: "1"}
    b: {weight: 40 %, article: "1"}
  charges:
    late: {fact: minutes_late, bands: {TL1: [1, 31, 0.5 %], TL2: [31, null, 1 %]}, article: "2"}
    weekly: {fact: absent_days, each: week, rate: 1 %, article: "2"}
"""
LINE = 'in: "07:30", out: "16:00", article: "1"'


def attendance(changes: str = "", body: str = ATTENDANCE) -> str:
    """An attendance document with these lines below it."""
    return HEAD.format(id="uji-attendance", topic="attendance") + body + changes


def allowance(changes: str = "", body: str = ALLOWANCE) -> str:
    """An allowance document of two components and two charges with these lines below it."""
    return HEAD.format(id="uji-tpp", topic="allowance") + body + changes


def only(parameters: str, topic: str = "allowance") -> str:
    """A document with exactly these lines below `parameters`."""
    lines = "".join(f"  {line}\n" for line in parameters.strip().splitlines())
    return HEAD.format(id="uji", topic=topic) + "parameters:\n" + lines


def rule(text: str, verb: str = "charges") -> str:
    """A document with one rule, called x."""
    return only(f"{verb}:\n  x: {{{text}, article: '1'}}")


def component(text: str) -> str:
    """A document with one component, called a."""
    return only(f"components:\n  a: {{weight: 100 %, {text}, article: '1'}}")


def hours(text: str, rest: str = "") -> str:
    """An attendance document with one line of hours, and more below it."""
    return only(f'hours:\n  - {{{text}, article: "1"}}\n{rest}', "attendance")


def taps(rest: str) -> str:
    """An attendance document of plain hours with this below them."""
    return only(f"hours: [{{{LINE}}}]\n{rest}", "attendance")


def two_lines(when: str) -> str:
    """Hours whose first line has a condition."""
    return only(f"hours:\n  - {{when: {{{when}}}, {LINE}}}\n  - {{{LINE}}}", "attendance")


# Where a condition may stand: the document around `%s`, and the path of the condition.
CONDITIONS = [
    (only(f"hours: [{{when: {{%s}}, {LINE}}}, {{{LINE}}}]", "attendance"), "parameters.hours.0.when"),
    (taps("outcomes: [{when: {%s}, set: {absent_days: 1}, article: '1'}]"), "parameters.outcomes.0.when"),
    (rule("fact: minutes_late, rate: 1 %, when: {%s}"), "parameters.charges.x.when"),
    (rule("fact: minutes_late, rate: 1 %, except: {%s}"), "parameters.charges.x.except"),
    (rule("rate: 50 %, when: {%s}", "factors"), "parameters.factors.x.when"),
    (rule("rate: 1 %, except: {%s}", "supplements"), "parameters.supplements.x.except"),
    (rule("rate: 1 %, each: sanction, when: {%s}", "holds"), "parameters.holds.x.when"),
    (only("exempt: {%s}"), "parameters.exempt"),
    (only("insurance: {employee: 1 %, when: {%s}, article: '1'}"), "parameters.insurance.when"),
    (only("tax: {rate: 5 %, when: {%s}, article: '1'}"), "parameters.tax.when"),
]
# Where a scale may stand: the document around `%s`, and the path of the scale.
SCALES = [
    (rule("%s"), "parameters.charges.x"),
    (rule("each: month, %s"), "parameters.charges.x"),
    (rule("%s", "factors"), "parameters.factors.x"),
    (rule("%s", "supplements"), "parameters.supplements.x"),
    (rule("%s", "holds"), "parameters.holds.x"),
    (component("achievement: {%s}"), "parameters.components.a.achievement"),
    (rule("fact: rating, labels: {Baik: {%s}}", "factors"), "parameters.factors.x.labels.Baik"),
    (rule("mix: [{weight: 100 %, %s}]", "factors"), "parameters.factors.x.mix.0"),
    (
        component("achievement: {mix: [{weight: 100 %, fact: rating, labels: {Baik: 1 %, missing: {%s}}}]}"),
        "parameters.components.a.achievement.mix.0.labels.missing",
    ),
    (only("tax: {%s, article: '1'}"), "parameters.tax"),
    (only("tax: {%s, article: '1'}", "tax"), "parameters.tax"),
]
# Where a tolerance may stand.
TOLERANCES = [
    (taps("tolerance: {%s}"), "parameters.tolerance"),
    (only(f"hours: [{{{LINE}, tolerance: {{%s}}}}]", "attendance"), "parameters.hours.0.tolerance"),
]


def at_each(places: list[tuple[str, str]], rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Every fault (words, code, key below the block) at every place where its block may stand."""
    return [
        (text.replace("%s", words), code, f"{path}.{key}" if key else path)
        for text, path in places
        for words, code, key in rows
    ]
