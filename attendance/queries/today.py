"""Today's card of one person: where, why, what is pressed, what is still missing."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db.models import Q

from attendance.clock import local_time
from attendance.consequences import Consequence, consequence_of
from attendance.models import Punch, WorkReport
from attendance.operations.plans import away_on, people_on_shifts, place_of
from attendance.plan import HoursLine, clock_text
from attendance.rules import compile_attendance, decide_day
from core.indonesian import DAYS, day_words
from core.prepared import Prepared
from core.rows import columns, instance, width
from policy.queries import library
from policy.vocabulary import WEEKDAYS
from roster.calendar import calendar_day
from roster.eligibility import eligibility_of
from roster.models import Government, Person, RolloutPhase
from roster.queries import Post, known_on, post_of

SERVICES = {"administrative": "tidak memberi layanan langsung", "direct_service": "memberi layanan langsung"}


@dataclass
class TodayCard:
    """What the phone page shows. `starts` and `ends` are "07:30" or empty where no document holds."""

    on: date
    place: str
    why: list[str] = field(default_factory=list)
    starts: str = ""
    ends: str = ""
    article: str = ""
    first_in: Punch | None = None
    last_out: Punch | None = None
    report: WorkReport | None = None

    @property
    def expects_press(self) -> bool:
        """Whether check-in is expected on this day."""
        return self.place in ("office", "home", "mixed", "unclear")


def today_card(person: Person, on: date) -> TodayCard:
    """The card of `person` (with the government loaded) for `on`, from the plan or, without one, from eligibility."""
    government = person.government
    rows = DAY.rows({"person": person.pk, "on": on})
    place, planned, *found = rows[0]
    if place is not None:
        reasons = [(reason["message"], reason.get("source", "")) for reason in json.loads(planned)]
    else:
        answer = eligibility_of(person, on, away=away_on(government, on, [person.pk]))
        place = place_of(answer, person.pk in people_on_shifts(government, on))
        reasons = [(reason.message, reason.source) for reason in answer.reasons]
    post = post_of(person, on)
    card = TodayCard(on, place, why_today(post, place, on, reasons))
    line = hours_on(person, post, on, place)
    if line:
        card.starts, card.ends, card.article = clock_text(line.start), clock_text(line.end), line.article
    card.report = instance(WorkReport, found)
    punches = (instance(Punch, row, 2 + width(WorkReport)) for row in rows)
    for punch in filter(None, punches):
        if punch.verb == "out":
            card.last_out = punch
        elif card.first_in is None:
            card.first_in = punch
    return card


def _day_statement() -> str:
    """One row for each punch of the day, the first one first; one row also without any."""
    return f"""
SELECT plan.place, plan.reasons::text, {columns(WorkReport, "report")}, {columns(Punch, "punch")}
FROM (VALUES (%(person)s::bigint, %(on)s::date)) AS day (person_id, work_date)
LEFT JOIN attendance_dayplan AS plan ON plan.person_id = day.person_id AND plan.work_date = day.work_date
LEFT JOIN attendance_workreport AS report ON report.person_id = day.person_id AND report.work_date = day.work_date
LEFT JOIN attendance_punch AS punch
       ON punch.person_id = day.person_id AND punch.work_date = day.work_date AND punch.verb IN ('in', 'out')
ORDER BY punch.at, punch.id
"""


DAY = Prepared("today", {"person": "bigint", "on": "date"}, _day_statement, reads=True)


def why_today(post: Post | None, place: str, on: date, reasons: list[tuple[str, str]]) -> list[str]:
    """Sentences that say why somebody works where they do: phase, service of the unit, decree."""
    said = [f"{message} ({source})" if source else message for message, source in reasons]
    decision = post.decision if post else None
    if place != "home" or decision is None:
        return said
    service = (
        f"Unit Anda, {post.unit.name}, {SERVICES[decision.service_kind]} sejak {day_words(decision.valid_from, False)}."
    )
    if decision.building_id is None:
        return [*said, service]
    phase = RolloutPhase.objects.filter(known_on(on), Q(weekday=on.weekday()), building_id=decision.building_id).first()
    if phase is None:
        return [*said, service]
    basis = f"Dasar: {phase.decree or 'belum dicatat'}, berlaku {day_words(phase.valid_from, False)}."
    return [f"{decision.building.name}: WFH setiap {DAYS[on.weekday()]}.", service, basis]


def hours_on(person: Person, post: Post | None, on: date, place: str) -> HoursLine | None:
    """The hours line of the attendance document that fits the person's day; None without a document."""
    decision = post.decision if post else None
    calendar, service = (decision.calendar, decision.service_kind) if decision else ("five_day", None)
    return _line(person.government, on, place, calendar, service)


def usual_hours(government: Government, on: date) -> HoursLine | None:
    """The hours line of most people, who do administrative work in an office five days a week."""
    return _line(government, on, "office", "five_day", "administrative")


def _line(government: Government, on: date, place: str, calendar: str, service: str | None) -> HoursLine | None:
    documents = library()
    plan = compile_attendance(documents.choose(government.code, "attendance", on))
    facts = {
        "date": on,
        "weekday": WEEKDAYS[on.weekday()],
        "place": place,
        "ramadan": calendar_day(government, on, documents).ramadan or None,
        "calendar": calendar,
        "service": service,
    }
    return next((line for line in plan.hours if line.test is None or line.test(facts.get)), None)


@dataclass(frozen=True)
class LeavingEarly:
    """What leaving now would amount to, before it is stored."""

    minutes: int
    ends: str
    article: str
    consequence: Consequence | None = None


def leaving_early(person: Person, card: TodayCard, at: datetime) -> LeavingEarly | None:
    """The minutes that leaving at `at` would be early; None when it is time to go or nothing is known."""
    documents = library()
    document = documents.choose(person.government.code, "attendance", card.on)
    if document is None or card.place not in ("office", "home", "mixed") or not card.ends:
        return None
    zone = person.government.zone
    out = local_time(at, zone)
    day = {"date": card.on, "place": card.place, "out": f"{out:%H:%M:%S}"}
    if card.first_in:
        day["in"] = f"{local_time(card.first_in.at, zone):%H:%M:%S}"
    if calendar_day(person.government, card.on, documents).ramadan:
        day["ramadan"] = True
    facts = decide_day(compile_attendance(document), day)
    ends = facts["required_departure"] or card.ends
    if out >= time.fromisoformat(ends):
        return None
    minutes = (int(ends[:2]) * 60 + int(ends[3:])) - (out.hour * 60 + out.minute)
    return LeavingEarly(minutes, ends, card.article, consequence_of(person, card.on, facts))
