"""The home page: for every role what that person needs first, several roles one below the other."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import QuerySet

from allowances.models import RunInput
from attendance.queries.team import team_counts
from core.indonesian import clock, day_words, grouped, month_words, percent, rupiah
from core.templatetags.portal import STATUSES
from roster.models import Government, Person, Role
from roster.queries import visible_to
from savings.queries import leadership_overview
from wfh_portal.pages import queries
from wfh_portal.pages.nights import section_of_nights
from wfh_portal.pages.parts import Figure, Section, Todo, actions, address

RUN_STATES = {"draft": "Draf", "checked": "Diperiksa", "approved": "Disetujui", "locked": "Dikunci", "paid": "Dibayar"}
RUN_WAITS = {
    "draft": "menunggu diperiksa",
    "checked": "menunggu disetujui orang kedua",
    "approved": "menunggu dikunci",
    "locked": "menunggu SP2D",
}


@dataclass
class Visitor:
    """Who looks at the page, when."""

    user: object
    person: Person | None
    government: Government
    roles: frozenset[str]
    now: datetime
    fresh: bool = False

    @property
    def today(self) -> date:
        """The date in the government's zone; `now` is already in it."""
        return self.now.date()

    @cached_property
    def people(self) -> QuerySet[Person]:
        """Whom the visitor may see, without themselves; the scope is worked out once for the whole page."""
        return visible_to(self.user, self.today).exclude(user=self.user)


def sections_for(visitor: Visitor) -> list[Section]:
    """Sections for all roles of the visitor, most urgent role first."""
    return [section for role, make in BY_ROLE if role in visitor.roles for section in make(visitor)]


def _employee(visitor: Visitor) -> list[Section]:
    person = visitor.person
    if person is None:
        return []
    day = queries.today_of(person, visitor.today)
    zone = visitor.government.zone
    todos = []
    if day.first_in:
        todos.append(Todo("Absen masuk", clock(day.first_in.at, zone), "ok", "ok"))
    else:
        todos.append(Todo("Absen masuk", "belum", "warn", "none", address("attendance:check_in")))
    todos.append(
        Todo("Absen pulang", clock(day.last_out.at, zone), "ok", "ok")
        if day.last_out
        else Todo("Absen pulang", "belum", "none", "none", address("attendance:check_in"))
    )
    place = STATUSES[day.place][2] if day.place in STATUSES else "Belum direncanakan"
    return [
        Section(
            f"Hari ini: {place}",
            day_words(visitor.today),
            todos=todos,
            actions=actions(("Buka halaman absen", "attendance:check_in", "in")),
        ),
        _own_month(visitor, person),
    ]


def _own_month(visitor: Visitor, person: Person) -> Section:
    month = visitor.today.replace(day=1)
    so_far, slip = queries.month_so_far(person, month), queries.last_slip(person)
    figures = [Figure("Hari yang sudah dihitung", grouped(so_far.days), "sementara sampai bulan dikunci")]
    # Before the first day is decided nothing is known, and that is not zero.
    if so_far.days:
        figures += [
            Figure("WFH", grouped(so_far.home_days), kind="wfh", icon="home"),
            _warned("Terlambat", so_far.late_days, "warn", "clock"),
            _warned("Tanpa keterangan", so_far.absent_days, "bad", "bad"),
        ]
    if slip:
        figures.append(_last_pay(visitor, slip))
    return Section(
        month_words(month),
        figures=figures,
        actions=actions(
            ("Lihat hari demi hari", "attendance:my_month", "cal"),
            ("Slip TPP", "allowances:my_slip", "doc"),
            ("Rencana dan hasil", "attendance:work_report", "doc"),
            ("Cuti dan dinas", "attendance:absences", "cal"),
            ("Hari WFH saya", "roster:my_home_days", "home"),
            ("Kinerja saya", "performance:my_score", "chart"),
        ),
    )


def _last_pay(visitor: Visitor, slip: RunInput) -> Figure:
    """The newest slip; its amount only after a fresh sign-in, because phones are shared."""
    month, url = month_words(slip.run.month), address("allowances:my_slip")
    if not visitor.fresh:
        return Figure("TPP terakhir", month, "nilainya ada di slip", url=url)
    return Figure(f"TPP {month}", rupiah(slip.net_rupiah), "diterima di rekening", url=url)


def _warned(label: str, count: int, kind: str, icon: str) -> Figure:
    """A count that asks for attention when it is not 0."""
    return Figure(label, grouped(count), kind=kind, icon=icon) if count else Figure(label, "0", kind="ok", icon="ok")


def _supervisor(visitor: Visitor) -> list[Section]:
    team, waiting = (
        team_counts(visitor.people, visitor.today),
        queries.waiting_for(visitor.people, visitor.today),
    )
    missing = team.not_arrived
    figures = [
        Figure("Pegawai", grouped(team.people), icon="people"),
        Figure("WFH", grouped(team.at("home")), kind="wfh", icon="home"),
        Figure("WFO", grouped(team.at("office")), kind="wfo", icon="office"),
        Figure("Cuti atau dinas", grouped(team.at("leave", "duty")), kind="leave", icon="cal"),
        Figure("Belum absen", grouped(missing), kind="warn" if missing else "ok", icon="none" if missing else "ok"),
    ]
    return [
        Section(
            "Tim hari ini",
            f"{day_words(visitor.today)}, {clock(visitor.now, visitor.government.zone, seconds=False)}",
            figures=figures,
            actions=actions(("Buka papan tim", "attendance:team", "people")),
        ),
        _requests(waiting),
    ]


def _requests(waiting: queries.Waiting) -> Section:
    url = address("attendance:requests")
    todos = []
    if waiting.corrections:
        late = f"{grouped(waiting.overdue)} lewat jatuh tempo" if waiting.overdue else ""
        kind, icon = ("bad", "warn") if waiting.overdue else ("warn", "clock")
        todos.append(Todo(f"{grouped(waiting.corrections)} koreksi absen", late, kind, icon, url))
    if waiting.absences:
        todos.append(Todo(f"{grouped(waiting.absences)} cuti atau dinas luar", "", "warn", "cal", url))
    if waiting.home_days:
        todos.append(Todo(f"{grouped(waiting.home_days)} permohonan hari WFH", "", "warn", "home", url))
    return Section("Menunggu persetujuan Anda", todos=todos, empty="Tidak ada yang menunggu")


def _unit_hr(visitor: Visitor) -> list[Section]:
    people, units = queries.people_and_units(visitor.people, visitor.today)
    figures = [Figure("Pegawai", grouped(people), icon="people"), Figure("Unit", grouped(units), icon="office")]
    buttons = actions(("Daftar pegawai", "roster:people", "people"), ("Beri kode masuk", "first_codes", "key"))
    return [
        Section("Kepegawaian unit", figures=figures, actions=buttons),
        _requests(queries.waiting_for(visitor.people, visitor.today)),
    ]


def _hr(visitor: Visitor) -> list[Section]:
    government, on = visitor.government, visitor.today
    objections, late = queries.open_objections(government, on)
    unmapped = queries.unmapped_units(government, on)
    todos = []
    if objections:
        text = f"{grouped(late)} lewat jatuh tempo" if late else ""
        url = address("allowances:objections")
        todos.append(Todo(f"{grouped(objections)} keberatan terbuka", text, "bad" if late else "warn", "flag", url))
    if unmapped:
        todos.append(Todo(f"{grouped(unmapped)} unit belum dipetakan", "pegawainya belum dapat WFH", "warn", "warn"))
    return [
        *_with_nights(visitor, _runs(visitor), with_remedy=True),
        Section("Yang perlu perhatian", todos=todos, empty="Tidak ada yang menahan"),
    ]


def _with_nights(visitor: Visitor, *sections: Section, with_remedy: bool) -> list[Section]:
    """What nights came to, before these sections where something is wrong, else after them."""
    nights = section_of_nights(visitor.government, visitor.now, with_remedy=with_remedy)
    return [*nights, *sections] if any(section.notes for section in nights) else [*sections, *nights]


def _runs(visitor: Visitor) -> Section:
    todos = []
    for run in queries.newest_runs(visitor.government):
        kind, icon, word = STATUSES.get(run.state, ("none", "doc", run.state))
        aside = f", {grouped(len(run.set_aside))} disisihkan" if run.set_aside else ""
        waits = f", {RUN_WAITS[run.state]}" if run.state in RUN_WAITS else ""
        text = f"TPP {month_words(run.month)} nomor {run.number}: {RUN_STATES.get(run.state, word)}{waits}"
        end = f"{grouped(run.people_count)} pegawai{aside}, {rupiah(int(run.total_rupiah))}"
        todos.append(Todo(text, end, kind, icon, address("allowances:run", run.pk)))
    return Section(
        "Perhitungan TPP",
        todos=todos,
        empty="Belum ada perhitungan",
        actions=actions(("Buka perhitungan", "allowances:runs", "doc")),
    )


def _finance(visitor: Visitor) -> list[Section]:
    return [] if Role.HR in visitor.roles else [_runs(visitor)]


def _administrator(visitor: Visitor) -> list[Section]:
    government, on = visitor.government, visitor.today
    state, people = queries.rollout(government, on), visitor.people.count()
    unmapped, imported = queries.unmapped_units(government, on), queries.last_import(government)
    figures = [
        Figure("Gedung", grouped(state.buildings), icon="office"),
        Figure("Sudah membuka WFH", grouped(state.open_buildings), kind="wfh", icon="home"),
        Figure("Tahap terjadwal", grouped(state.coming), icon="cal"),
        Figure("Pegawai", grouped(people), icon="people"),
    ]
    todos = []
    if not people:
        todos.append(Todo("Belum ada pegawai: impor data kepegawaian", "", "warn", "up", address("roster:imports")))
    if unmapped:
        todos.append(Todo(f"{grouped(unmapped)} unit belum dipetakan ke gedung dan jenis layanan", "", "warn", "warn"))
    if imported:
        when = day_words(imported.confirmed_at.date(), with_day=False)
        todos.append(Todo(f"Impor terakhir: {imported.file_name}", when, "ok", "ok"))
    return [
        Section(
            "Penerapan WFH",
            figures=figures,
            todos=todos,
            actions=actions(
                ("Penerapan per gedung", "roster:phases", "office"),
                ("Impor data", "roster:imports", "up"),
                ("Keadaan portal", "status", "check"),
            ),
        )
    ]


def _leadership(visitor: Visitor) -> list[Section]:
    team = team_counts(visitor.people, visitor.today)
    saving = leadership_overview(visitor.government, visitor.today)
    billed = saving.last_bill_on
    until = f"tagihan sampai {month_words(billed)}" if billed else "belum ada tagihan"
    figures = [
        Figure("Pegawai", grouped(team.people), icon="people"),
        Figure("WFH hari ini", grouped(team.at("home")), kind="wfh", icon="home"),
        Figure("WFO hari ini", grouped(team.at("office")), kind="wfo", icon="office"),
        Figure("Cuti atau dinas", grouped(team.at("leave", "duty")), kind="leave", icon="cal"),
        Figure("Sudah absen", grouped(team.arrived), f"dari {grouped(team.expected)} yang diharapkan"),
    ]
    return _with_nights(
        visitor,
        Section("Kehadiran hari ini", day_words(visitor.today), figures=figures),
        Section(
            "Penghematan",
            until,
            figures=[
                Figure("Target", percent(saving.target)),
                Figure("Batas fisik tertinggi", percent(saving.highest_ceiling), "sebulan, menurut hari WFH"),
                Figure("Terukur", "Belum dapat dibuktikan", saving.reason, icon="none"),
            ],
            actions=actions(("Lihat penghematan", "savings:overview", "chart")),
        ),
        with_remedy=False,
    )


def _auditor(visitor: Visitor) -> list[Section]:
    entries, seal = queries.audit_state(visitor.government)
    sealed = f"segel terakhir {clock(seal.sealed_at, visitor.government.zone)}" if seal else "belum ada segel"
    figures = [Figure("Catatan audit", grouped(entries), sealed, icon="lock")]
    return [_runs(visitor), Section("Jejak audit", "Anda membaca semuanya dan tidak mengubah apa pun", figures=figures)]


BY_ROLE: tuple[tuple[str, Callable[[Visitor], list[Section]]], ...] = (
    (Role.ADMINISTRATOR, _administrator),
    (Role.HR, _hr),
    (Role.FINANCE, _finance),
    (Role.LEADERSHIP, _leadership),
    (Role.AUDITOR, _auditor),
    (Role.UNIT_HR, _unit_hr),
    (Role.SUPERVISOR, _supervisor),
    (Role.EMPLOYEE, _employee),
)
