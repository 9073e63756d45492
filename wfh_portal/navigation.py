"""The menu: what each role needs, in the order in which it needs it. An address that is not routed is left out."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from roster.models import Role


@dataclass(frozen=True)
class Item:
    """One entry of the menu, and who sees it; `tab` entries also stand at the foot of the phone pages."""

    name: str
    label: str
    icon: str
    roles: frozenset[str]
    tab: bool = False


@dataclass(frozen=True)
class Entry:
    """An entry as a page shows it; `own`: about the account's own work, whatever else it does."""

    label: str
    url: str
    icon: str
    current: bool
    tab: bool
    own: bool


def _for(*roles: str) -> frozenset[str]:
    return frozenset(roles)


SUPERVISES = _for(Role.SUPERVISOR, Role.UNIT_HR)
PERSONNEL = _for(Role.UNIT_HR, Role.HR, Role.ADMINISTRATOR, Role.AUDITOR)
PAY = _for(Role.HR, Role.FINANCE, Role.AUDITOR)
READS_LAW = PERSONNEL | PAY | _for(Role.LEADERSHIP)
OVERSIGHT = _for(Role.LEADERSHIP, Role.ADMINISTRATOR, Role.AUDITOR)

ITEMS: tuple[Item, ...] = (
    Item("attendance:check_in", "Absen", "in", _for(Role.EMPLOYEE), tab=True),
    Item("attendance:my_month", "Bulan saya", "cal", _for(Role.EMPLOYEE), tab=True),
    Item("attendance:absences", "Cuti dan dinas", "cal", _for(Role.EMPLOYEE)),
    Item("roster:my_home_days", "Hari WFH saya", "home", _for(Role.EMPLOYEE)),
    Item("allowances:my_slip", "Slip TPP", "doc", _for(Role.EMPLOYEE), tab=True),
    Item("allowances:my_objections", "Keberatan", "flag", _for(Role.EMPLOYEE), tab=True),
    Item("attendance:team", "Tim hari ini", "people", SUPERVISES),
    Item("attendance:requests", "Persetujuan", "check", SUPERVISES),
    Item("attendance:reports", "Rencana dan hasil", "doc", SUPERVISES),
    Item("attendance:cases", "Bukti absen", "flag", _for(Role.UNIT_HR, Role.HR)),
    Item("roster:schedule", "Jadwal WFH", "home", _for(Role.SUPERVISOR)),
    Item("performance:scores", "Nilai", "chart", _for(Role.SUPERVISOR)),
    Item("performance:my_score", "Kinerja saya", "chart", _for(Role.EMPLOYEE)),
    Item("roster:people", "Pegawai", "people", PERSONNEL),
    Item("roster:imports", "Impor", "up", _for(Role.HR, Role.ADMINISTRATOR)),
    Item("roster:phases", "Penerapan", "office", _for(Role.ADMINISTRATOR, Role.HR, Role.AUDITOR)),
    Item("allowances:runs", "TPP", "doc", PAY),
    Item("allowances:objections", "Keberatan", "flag", _for(Role.HR, Role.AUDITOR)),
    Item("regulations:list", "Peraturan", "doc", READS_LAW),
    Item("savings:overview", "Penghematan", "chart", OVERSIGHT),
    Item("attendance:outages", "Gangguan", "off", _for(Role.HR, Role.ADMINISTRATOR)),
    Item("nights", "Malam", "wait", _for(Role.HR, Role.ADMINISTRATOR, Role.AUDITOR)),
    Item("grants", "Hak akses", "lock", _for(Role.ADMINISTRATOR)),
    Item("first_codes", "Kode masuk", "key", _for(Role.UNIT_HR, Role.HR, Role.ADMINISTRATOR)),
)


def menu_for(roles: Iterable[str], path: str) -> list[Entry]:
    """Entries for these roles; the one whose address is the longest beginning of `path` is current."""
    held = set(roles)
    found: list[tuple[Item, str]] = []
    for item in ITEMS:
        if not item.roles & held:
            continue
        try:
            found.append((item, reverse(item.name)))
        except NoReverseMatch:
            continue
    here = max((url for _, url in found if path.startswith(url)), key=len, default="")
    return [
        Entry(item.label, url, item.icon, url == here, item.tab, item.roles == {Role.EMPLOYEE}) for item, url in found
    ]
