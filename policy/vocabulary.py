"""The names that regulation documents may use: facts of a day, of a month, of a person, of a record (format §6)."""

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

DAY_NUMBERS = frozenset(
    {
        "minutes_late",
        "minutes_early",
        "minutes_away",
        "missing_in",
        "missing_out",
        "missing_taps",
        "expected_days",
        "present_days",
        "absent_days",
        "home_days",
        "leave_days",
        "permit_days",
        "ceremonies_missed",
        "reports_done",
        "reports_late",
        "reports_missing",
        "reports_below",
    }
)
DAY_LABELS = frozenset(
    {
        "date",
        "weekday",
        "calendar",
        "place",
        "plan",
        "report",
        "ceremony",
        "leave",
        "leave_day",
        "half_leave",
        "outage",
        "ramadan",
        "shift",
        "in",
        "out",
        "taps",
    }
)
PERSON_FACTS = frozenset(
    {"class", "level", "employment", "status", "service", "rank_group", "tax_category", "salary", "run"}
)
MONTH_FACTS = frozenset(
    {
        "rating",
        "rating_score",
        "working_days",
        "calendar_days",
        "minutes_done",
        "minutes_effective",
        "minutes_validated",
        "minutes_leave",
        "unrated_subordinates",
        "profession_allowance",
    }
)
OTHER_GIVEN = frozenset({"gross", "basic", "carried"})
RECORD_FIELDS = {
    "leave": frozenset({"kind", "month", "day", "days"}),
    "sanction": frozenset({"kind", "month", "days"}),
    "post": frozenset({"kind", "month", "days", "class", "gross"}),
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
FACTS = DAY_NUMBERS | DAY_LABELS | PERSON_FACTS | MONTH_FACTS | OTHER_GIVEN


def same_label(value: object) -> str:
    """The form in which labels are compared: without regard to case, a space equal to `_` (format §2)."""
    return str(value).strip().lower().replace(" ", "_")
