"""Writes of rights: given and ended by an administrator, each with its trace, and with the end of the sessions."""

from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from accounts.operations import end_sessions
from core import audit
from core.errors import PortalError
from roster.models import Government, Grant, Role, Unit


class GrantRefused(PortalError):
    """The right cannot be given or ended as asked."""


@transaction.atomic
def give_grant(
    *,
    user: AbstractBaseUser,
    government: Government,
    role: str,
    unit: Unit | None,
    valid_from: date,
    valid_to: date | None,
    by: AbstractBaseUser | None,
    at: datetime,
) -> Grant:
    """Give `role` in the subtree of `unit` (None: the whole government) on [valid_from, valid_to).

    Raises GrantRefused for oneself, another government's unit, an end before the start, or a role that is held by being
    in the roster. Every session of the account ends: it comes back with the new rights and no page of the old ones.
    """
    if by is not None and by.pk == user.pk:
        raise GrantRefused("Anda tidak dapat memberi hak kepada diri sendiri. Mintalah administrator lain.")
    if role == Role.EMPLOYEE:
        raise GrantRefused("Hak pegawai tidak perlu diberikan: setiap orang di daftar pegawai memilikinya.")
    if unit is not None and unit.government_id != government.pk:
        raise GrantRefused("Unit ini bukan unit pemerintah Anda.")
    if valid_to is not None and valid_to <= valid_from:
        raise GrantRefused("Hari berakhir harus sesudah hari mulai.")
    grant = Grant.objects.create(
        user=user, government=government, role=role, unit=unit, valid_from=valid_from, valid_to=valid_to
    )
    end_sessions([user.pk])
    _trace(grant, "grant_given", by, at)
    return grant


@transaction.atomic
def end_grant(grant: Grant, on: date, by: AbstractBaseUser | None, at: datetime) -> None:
    """Let `grant` hold no more from `on`; one that has not begun by then is taken away. Sessions end.

    Raises GrantRefused for one's own: the last administrator cannot lock everybody out by a slip.
    """
    if by is not None and by.pk == grant.user_id:
        raise GrantRefused("Anda tidak dapat mengakhiri hak sendiri. Mintalah administrator lain.")
    end_sessions([grant.user_id])
    _trace(grant, "grant_ended", by, at)
    if grant.valid_from >= on:
        grant.delete()
    else:
        grant.valid_to = on
        grant.save(update_fields=["valid_to"])


def _trace(grant: Grant, action: str, by: AbstractBaseUser | None, at: datetime) -> None:
    audit.record(
        at,
        grant.government.code,
        by.get_username() if by else "manage.py",
        action,
        f"user:{grant.user_id}",
        {"role": grant.role, "unit": grant.unit_id, "valid_from": grant.valid_from, "valid_to": grant.valid_to},
    )
