"""Cases: YAML examples of regulations, computed by the rules and compared with what they expect."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from allowances.plan import AllowancePlan
from allowances.rules import compile_allowance, evaluate_month
from attendance.plan import DAY_NUMBERS, AttendancePlan, clock_text, seconds_of
from attendance.rules import compile_attendance, decide_day
from core.money import Exact, MoneyError, exact, parse_share
from policy.conditions import CaseError, label_key
from policy.documents import Document, DocumentError, Library
from policy.yaml_reader import UnreadableDocument, read_list
from wfh_portal.case_shape import form_problem, given_problems, is_document

REGULATIONS = Path(__file__).resolve().parent.parent / "regulations"
HALF_A_CENT = Fraction(1, 200)
SHARES = ("_achievement", "_cut_rate")


@dataclass(frozen=True)
class Outcome:
    """One case that ran: empty `problems` means that everything agreed."""

    file: str
    name: str
    problems: tuple[str, ...]


def run_cases(folder: Path) -> Iterator[Outcome]:
    """Every case of every `*.yaml` in `folder`. A file that is a regulation document itself is passed over."""
    library = Library(reads_files=True)
    library.load_folder(REGULATIONS)
    for path in sorted(folder.glob("*.yaml")):
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError) as error:
            yield Outcome(path.name, "-", (f"berkas tidak terbaca: {error}",))
            continue
        yield from outcomes_of(library, str(path), path.name, text)


def outcomes_of(library: Library, path: str, name: str, text: str) -> Iterator[Outcome]:
    """Every case of one text; `path` is where the paths that it writes start, `name` what people call the file."""
    try:
        cases = read_list(text)
    except UnreadableDocument as error:
        yield Outcome(name, "-", (f"berkas tidak terbaca: {error}",))
        return
    if cases is None and not is_document(text):
        yield Outcome(name, "-", ("berkas bukan daftar kasus; mulai setiap kasus dengan `- name: ...`",))
    plans = Plans(library)
    for number, case in enumerate(cases or [], 1):
        called = str(case.get("name", number)) if isinstance(case, Mapping) else str(number)
        yield Outcome(name, called, tuple(_problems(plans, path, case)))


class Plans:
    """Plans of the documents of one library; each is made once for all cases that ask for it."""

    def __init__(self, library: Library) -> None:
        self.known = library
        self._attendance: dict[Document, AttendancePlan] = {}
        self._allowance: dict[Document, AllowancePlan] = {}

    def attendance(self, document: Document) -> AttendancePlan:
        """What decides the days of an attendance document. Raises CaseError where it cannot be read."""
        if document not in self._attendance:
            self._attendance[document] = compile_attendance(document)
        return self._attendance[document]

    def allowance(self, document: Document) -> AllowancePlan:
        """What computes the months of an allowance document. Raises CaseError or DocumentError."""
        if document not in self._allowance:
            reference = (document.parameters.get("tax") or {}).get("table")
            tax = self.known.tax_table(document, reference) if reference else None
            self._allowance[document] = compile_allowance(document, lambda on: self._of_day(document, on), tax)
        return self._allowance[document]

    def _of_day(self, document: Document, on: date | None) -> AttendancePlan | None:
        """What decides taps on that day; a case without any date is decided as on the document's first day."""
        found = self.known.attendance_for(document, on or document.valid_from)
        return self.attendance(found) if found else None


def _problems(plans: Plans, path: str, case: Any) -> list[str]:
    if problem := form_problem(case):
        return [problem]
    try:
        document = plans.known.find(str(case["policy"]), relative_to=path)
        if problems := given_problems(case["given"], document):
            return problems
        found = evaluate(plans, document, case)
        return [text for name, expected in case["expect"].items() if (text := _compare(found, str(name), expected))]
    except CaseError as error:
        return [str(error)]
    except DocumentError as error:
        return [f"{error.path}: {error.message}" if error.path else error.message]
    except (LookupError, ValueError, TypeError, ArithmeticError, AttributeError) as error:
        return [f"tidak dapat dihitung, periksa bentuk nilainya ({type(error).__name__}: {error})"]


def evaluate(plans: Plans, document: Document, case: Mapping[str, Any]) -> dict[str, Any]:
    """Every value that the rules compute for one case, `events`, `exempt_events` and `flags` included."""
    given = dict(case["given"])
    if document.topic == "attendance":
        return _attendance_facts(plans.attendance(document), given)
    month = str(case["month"]) if "month" in case else str(given.get("date", ""))[:7] or None
    result = evaluate_month(plans.allowance(document), given | ({"month": month} if month else {}))
    return {
        **result.values,
        "events": dict(result.events),
        "exempt_events": dict(result.exempt_events),
        "flags": list(result.flags),
    }


def _attendance_facts(plan: AttendancePlan, given: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of the one day that `given` is, or sums of its `days` and of what is given beside them."""
    if given.get("days") is None:
        return decide_day(plan, given, given)
    person = {name: value for name, value in given.items() if name != "days"}
    decided = [decide_day(plan, day, person) for day in given["days"]]
    found = decided[0] if len(decided) == 1 else {}
    parts = [*decided, person]
    return {**found, **{name: sum(_number(name, part.get(name)) for part in parts) for name in DAY_NUMBERS}}


def _number(name: str, value: object) -> Exact:
    try:
        return 0 if value is None else exact(value)
    except MoneyError as error:
        raise CaseError(f"{name}: {error}") from error


def _compare(found: Mapping[str, Any], name: str, expected: Any) -> str:
    if name not in found:
        if "minutes_late" in found and name == "events":
            return "events: dokumen kehadiran tidak punya kode; pakai dokumen tunjangan"
        return f"{name}: nama tidak dikenal; yang dikenal: {', '.join(sorted(map(str, found)))}"
    actual = found[name]
    return "" if _agrees(name, actual, expected) else f"{name}: diharapkan {_say(expected)}, ditemukan {_say(actual)}"


def _agrees(name: str, actual: Any, expected: Any) -> bool:
    if expected == "unknown" or actual is None:
        return actual is None and expected in ("unknown", None)
    if isinstance(expected, Mapping):
        return isinstance(actual, Mapping) and {str(k): v for k, v in actual.items() if v} == {
            str(k): v for k, v in expected.items() if v
        }
    if isinstance(expected, list):
        if isinstance(actual, Mapping):
            actual = [code for code, count in actual.items() if count]
        return isinstance(actual, list) and sorted(map(str, actual)) == sorted(map(str, expected))
    if isinstance(expected, str) and expected.rstrip().endswith("%"):
        return isinstance(actual, int | Fraction) and actual == parse_share(expected)
    if isinstance(expected, int | Fraction) and isinstance(actual, int | Fraction):
        exactly = name.endswith(SHARES)
        return Fraction(actual) == expected if exactly else abs(Fraction(actual) - Fraction(expected)) <= HALF_A_CENT
    if label_key(actual) == label_key(expected):
        return True
    return name == "required_departure" and actual == clock_text(seconds_of(expected))


def _say(value: Any) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_say(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Fraction) and value.denominator != 1:
        return f"{value} ({float(value):.6g})"
    return str(value)
