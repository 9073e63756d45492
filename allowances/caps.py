"""What limits leave of the lines of charges (regulation format, §5 and §7)."""

from dataclasses import replace
from datetime import date

from allowances.lines import Line
from allowances.plan import AllowancePlan, Cap
from core.money import Exact, exact_sum


def _far_from(cap: Cap, lines: list[Line]) -> bool:
    """Whether all lines together stay within a limit wherever they fall, so that it takes nothing and flags nothing."""
    hit = [line for line in lines if line.rule.name in cap.charges]
    if any(line.asked < 0 for line in hit):  # a ratio or a part of a month below 0 would hide the others
        return False
    return exact_sum([line.asked for line in hit]) <= cap.at


def apply_caps(plan: AllowancePlan, lines: list[Line], replaced: frozenset[str]) -> tuple[list[Line], tuple[str, ...]]:
    """Day caps, then month caps: on each component lines keep their shares in order until the limit is reached."""
    flags: list[str] = []
    for cap in plan.caps:
        if _far_from(cap, lines):
            continue
        used: dict[tuple[str, date | int | None], Exact] = {}
        for position, line in enumerate(lines):
            if line.freed or line.rule.of == "achievement" or line.rule.name not in cap.charges:
                continue
            if cap.per == "day" and line.day is None:
                continue
            left = dict(line.shares)
            for component, share in line.shares.items():
                key = (component, (line.on or line.day) if cap.per == "day" else None)
                before = used.get(key, 0)
                left[component] = share if cap.flag else min(share, cap.at - before)
                used[key] = before + left[component]
            if left != line.shares:
                lines[position] = replace(line, shares=left, limits=(*line.limits, cap.name))
        if cap.flag and any(total > cap.at for (hit, _), total in used.items() if hit not in replaced):
            flags.append(cap.name)
    return lines, tuple(flags)
