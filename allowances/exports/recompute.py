"""Compute a run again from its bundle, with nothing but Python 3.11: python3 recompute.py [FOLDER].

It checks every file against manifest.json, computes every person by the rules in `rules/` (the very modules that made
the run) from `inputs.jsonl` and `documents/*.json`, and compares every amount, line and total. It prints
`N persons, M lines agree` and ends with 0; with 1 after a list of what differs.
"""

import json
import sys
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

UNSIGNED = {"manifest.json", "manifest.sig"}
SHOWN = 50


def decoded(value: Any) -> Any:
    """JSON of a document as the rules take it: fractions, dates, and mappings with other keys than text."""
    if isinstance(value, list):
        return [decoded(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"$fraction"}:
        return Fraction(value["$fraction"])
    if set(value) == {"$date"}:
        return date.fromisoformat(value["$date"])
    if set(value) == {"$pairs"}:
        return {decoded(key): decoded(item) for key, item in value["$pairs"]}
    return {key: decoded(item) for key, item in value.items()}


def read_json(path: Path) -> Any:
    """A JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """A file of one JSON object a line."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def changed_files(folder: Path) -> Iterator[str]:
    """Files that are not as the manifest says, that are missing, or that it does not name."""
    named = read_json(folder / "manifest.json")["files"]
    for name, expected in sorted(named.items()):
        path = folder / name
        if not path.is_file():
            yield f"{name}: missing"
        elif sha256(path.read_bytes()).hexdigest() != expected:
            yield f"{name}: not the file of the manifest"
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    for name in sorted(found - set(named) - UNSIGNED):
        if "__pycache__" not in name:
            yield f"{name}: not named in the manifest"


def wrong_texts(folder: Path, plans: dict[str, Any]) -> Iterator[str]:
    """Documents whose text is not the one that the run was computed by."""
    for plan in plans.values():
        for document_id, expected in plan["policies"].items():
            text = (folder / plan["files"][document_id]).with_suffix(".yaml")
            if not text.is_file() or sha256(text.read_bytes()).hexdigest() != expected:
                yield f"{document_id}: not the text that the run used"


def compiled(folder: Path, plan: dict[str, Any]) -> Any:
    """The plan of one run from its documents."""
    from allowances.rules import compile_allowance
    from attendance.rules import compile_attendance

    def document(document_id: str | None) -> Any:
        if document_id is None:
            return None
        return SimpleNamespace(**decoded(read_json(folder / plan["files"][document_id])))

    attendance = {name: compile_attendance(document(name)) for name in set(plan["attendance"].values()) if name}

    def attendance_on(on: date) -> Any:
        return attendance.get(plan["attendance"].get(on.isoformat()))

    return compile_allowance(document(plan["allowance"]), attendance_on, document(plan["tax"]))


class Recomputation:
    """Everybody of a bundle, one after another; `differences` says what does not agree."""

    def __init__(self, folder: Path) -> None:
        from allowances import rows
        from allowances.rules import evaluate_month

        self.folder, self.rows, self.evaluate = folder, rows, evaluate_month
        self.plans = {name: compiled(folder, plan) for name, plan in read_json(folder / "plans.json").items()}
        self.differences: list[str] = []
        self.persons = self.line_count = 0
        self.sums = dict.fromkeys(rows.AMOUNTS, Fraction(0))

    def run(self) -> None:
        """Read inputs and lines side by side: both are in order of person."""
        lines = read_lines(self.folder / "lines.jsonl")
        waiting = next(lines, None)
        for person in read_lines(self.folder / "inputs.jsonl"):
            own = []
            while waiting is not None and waiting["person"] <= person["person"]:
                own.append(waiting)
                waiting = next(lines, None)
            self.persons += 1
            self.line_count += len(own)
            try:
                self.compare(person, own)
            except (ValueError, KeyError, TypeError, ArithmeticError) as error:
                self.differences.append(f"{person['number']}: cannot be computed: {error!r}")
        if waiting is not None:
            self.differences.append(f"lines.jsonl: lines of person {waiting['person']}, who has no input")
        self.compare_totals()

    def compare(self, person: dict[str, Any], lines: list[dict[str, Any]]) -> None:
        """One person: every amount and every line; lines from other months are taken as inputs and checked apart."""
        who = person["number"] or person["person"]
        brought = [
            self.rows.Brought(
                line["kind"], line["name"], Fraction(line["amount"]), date.fromisoformat(line["mends"]), line["reason"]
            )
            for line in lines
            if line["kind"] in ("rapel", "carried") and line["mends"]
        ]
        carried = sum((item.amount for item in brought), Fraction(0))
        if Fraction(str(person["given"].get("carried") or 0)) != carried:
            self.differences.append(f"{who}: carried is {person['given'].get('carried')}, its lines say {carried}")
        for line in lines:
            if line["kind"] == "rapel":
                self.compare_rapel(who, line)
        row = self.rows.paid_row(self.plans["run"], self.evaluate(self.plans["run"], person["given"]), brought)
        for name in self.rows.AMOUNTS:
            stored, now = Fraction(person["amounts"][name]), Fraction(getattr(row, name))
            self.sums[name] += stored
            if stored != now:
                self.differences.append(f"{who}: {name} is {stored}, computed {now}")
        self.compare_lines(who, lines, row)

    def compare_lines(self, who: str, lines: list[dict[str, Any]], row: Any) -> None:
        """Stored lines against computed ones, budget criteria included."""
        stored = {
            (line["kind"], line["name"], line["mends"]): (Fraction(line["amount"]), line["criteria"]) for line in lines
        }
        now = {
            (line.kind, line.name, line.mends_month and line.mends_month.isoformat()): (
                Fraction(line.amount),
                line.criteria,
            )
            for line in row.lines
        }
        for key in sorted(stored.keys() | now.keys(), key=str):
            if stored.get(key) != now.get(key):
                name = ":".join(str(part) for part in key if part)
                self.differences.append(f"{who}: line {name} is {stored.get(key)}, computed {now.get(key)}")

    def compare_rapel(self, who: str, line: dict[str, Any]) -> None:
        """What the mended month is due by its own documents and the facts now known, less what was paid for it."""
        detail = line["detail"]
        plan = self.plans.get(f"run {detail.get('run')}")
        if plan is None:
            self.differences.append(f"{who}: rapel of {line['mends']}: its documents are not in the bundle")
            return
        values = self.evaluate(plan, detail["given"]).values
        due = self.rows.sen(values["allowance"] - values["held"])
        amount = due - Fraction(detail["paid"]) - Fraction(detail["earlier"])
        if Fraction(detail["due"]) != due or Fraction(line["amount"]) != amount:
            self.differences.append(f"{who}: rapel of {line['mends']} is {line['amount']}, computed {amount}")

    def compare_totals(self) -> None:
        """Sums of the inputs against the stated totals, and the run's own where the bundle is the whole run."""
        totals, run = read_json(self.folder / "totals.json"), read_json(self.folder / "run.json")
        counts = {"persons": self.persons, "lines": self.line_count}
        for name, count in counts.items():
            if totals[name] != count:
                self.differences.append(f"totals.json: {name} is {totals[name]}, found {count}")
        for name, total in self.sums.items():
            if Fraction(totals["amounts"][name]) != total:
                self.differences.append(f"totals.json: {name} is {totals['amounts'][name]}, the sum is {total}")
        if run["unit"] is None and Fraction(run["total"]) != self.sums["net"]:
            self.differences.append(f"run.json: total is {run['total']}, the sum is {self.sums['net']}")


def main(folder: Path) -> int:
    """Check and recompute; the exit status."""
    sys.path.insert(0, str(folder / "rules"))
    sys.dont_write_bytecode = True
    differences = [*changed_files(folder), *wrong_texts(folder, read_json(folder / "plans.json"))]
    work = Recomputation(folder)
    work.run()
    differences += work.differences
    if differences:
        shown = [*differences[:SHOWN], *([f"... and {len(differences) - SHOWN} more"] if differences[SHOWN:] else [])]
        sys.stdout.write("\n".join([*shown, f"{len(differences)} differences in {work.persons} persons"]) + "\n")
        return 1
    sys.stdout.write(f"{work.persons} persons, {work.line_count} lines agree\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else Path(__file__).resolve().parent))
