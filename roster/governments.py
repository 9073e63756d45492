"""Which government a command means, and the governments that the regulations know."""

from collections.abc import Mapping

from core.errors import PortalError
from roster.models import Government, Person

DEMONSTRATION = "contoh"
# Jurisdictions of documents that are no government of their own.
NOT_GOVERNMENTS = frozenset({"indonesia", "nasional"})


class GovernmentError(PortalError):
    """No single government is meant."""


def resolve_government(code: str | None) -> Government:
    """The government `code`; without one, the only one that has people, or `contoh` on an empty portal.

    Raises GovernmentError naming the codes that there are.
    """
    if code:
        found = Government.objects.filter(code=code).first()
        if found is None:
            raise GovernmentError(f"Pemerintah {code!r} tidak dikenal. Pilih salah satu: {_codes()}.")
        return found
    peopled = list(Government.objects.filter(pk__in=Person.objects.values("government_id").distinct()).order_by("code"))
    if len(peopled) == 1:
        return peopled[0]
    if peopled:
        codes = ", ".join(government.code for government in peopled)
        raise GovernmentError(f"Lebih dari satu pemerintah berisi pegawai. Tambahkan --government dengan: {codes}.")
    demonstration = Government.objects.filter(code=DEMONSTRATION).first()
    if demonstration is None:
        raise GovernmentError(
            f"Belum ada pemerintah yang berisi pegawai. Tambahkan --government dengan salah satu: {_codes()}."
        )
    return demonstration


def _codes() -> str:
    codes = ", ".join(Government.objects.order_by("code").values_list("code", flat=True))
    return codes or "belum ada satu pun, jalankan migrate lebih dahulu"


def ensure_governments(names: Mapping[str, str], demonstrations: frozenset[str] = frozenset({DEMONSTRATION})) -> int:
    """Create the governments in `names` (code -> name) that do not stand yet; gives how many were created.

    `names` may hold jurisdictions that are no government (national law); they are left out.
    """
    missing = [
        Government(code=code, name=name or code, demonstration=code in demonstrations)
        for code, name in names.items()
        if code not in NOT_GOVERNMENTS
    ]
    before = Government.objects.count()
    Government.objects.bulk_create(missing, ignore_conflicts=True)
    return Government.objects.count() - before
