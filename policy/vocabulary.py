"""The names that regulation documents may use: facts of a day, of a month, of a person, of a record (format §6).

The names themselves stand once, with unit and meaning, in `policy/glossary.py`.
"""

from policy import glossary

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
REPORTS = ("done", "late", "missing", "below")
PERIODS = ("same_month", "previous_month", "previous_quarter", "previous_year")
SCALE_FORMS = ("rate", "bands", "labels", "ratio", "mix")
RULE_LISTS = ("charges", "factors", "supplements", "holds")
RECORDS = ("day", "month", "week", "run", "leave", "sanction", "post")
ROUNDING_POINTS = (
    "gross",
    "achieved",
    "cut",
    "component",
    "criterion",
    "cuts",
    "supplement",
    "allowance",
    "held",
    "insurance",
    "tax",
)
ROUNDING_MODES = ("half_up", "half_even", "floor", "ceil")
TREATMENTS = ("taps", "present", "excused", "free")
ANNOTATIONS = frozenset({"article", "note", "label"})

DAY_NUMBERS = frozenset(glossary.DAY_FACTS)
DAY_LABELS = frozenset(glossary.DAY_LABELS)
PERSON_FACTS = frozenset(glossary.PERSON_FACTS)
MONTH_FACTS = frozenset(glossary.MONTH_FACTS)
OTHER_GIVEN = frozenset({"gross", "basic", "carried"})
RECORD_FIELDS = {
    "leave": frozenset({"kind", "month", "day", "days"}),
    "sanction": frozenset({"kind", "month", "day", "days"}),
    "post": frozenset({"kind", "month", "day", "days", "class", "gross"}),
}
MONTH_NUMBERS = MONTH_FACTS - {"rating"}
NUMBERS = DAY_NUMBERS | MONTH_NUMBERS | OTHER_GIVEN | {"salary"}
# Never a number, never true or false: an unquoted `off` there is a slip.
TEXT_LABELS = frozenset(
    {
        "weekday",
        "calendar",
        "place",
        "report",
        "ceremony",
        "shift",
        "kind",
        "rating",
        "level",
        "employment",
        "status",
        "service",
        "rank_group",
        "tax_category",
        "run",
    }
)
TIMES = frozenset({"date", "in", "out", "taps"})
FACTS = DAY_NUMBERS | DAY_LABELS | PERSON_FACTS | MONTH_FACTS | OTHER_GIVEN


def same_label(value: object) -> str:
    """The form in which labels are compared: without regard to case, a space equal to `_` (format §2)."""
    return str(value).strip().lower().replace(" ", "_")
