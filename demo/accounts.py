"""The accounts of the demonstration: one random password, told once and kept in a file of its owner."""

import os
import secrets
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import User
from demo.people import Province
from demo.words import ACCOUNTS, SECOND_ACCOUNTS
from roster.grants import give_grant
from roster.models import Government, Person


def seed_accounts(government: Government, province: Province, since: date, at: datetime) -> str:
    """Seven accounts, and those of the second persons; one password, hashed once. Returns what the terminal shows."""
    password = secrets.token_urlsafe(9)
    hashed = make_password(password)
    # The first people head the units: account i belongs to a person of the same unit, the employee to no head.
    heads = len(province.units)
    people = iter([province.people[heads + 1], province.people[1], *province.people[heads + 2 :]])
    lines = ["Akun demonstrasi (kata sandi sama untuk semua):"]
    for title, accounts in (("", ACCOUNTS), ("Untuk langkah yang memerlukan orang lain:", SECOND_ACCOUNTS)):
        lines += [title] if title else []
        for username, label, role in accounts:
            _open(username, next(people), role, hashed, government, province, since, at)
            lines.append(f"  {username:<18} {label}")
    text = "\n".join([*lines, f"  kata sandi: {password}", ""])
    path = Path(settings.PORTAL_DATA) / "accounts.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    return text


def _open(
    username: str, person: Person, role: str | None, hashed: str, government: Government, province: Province,
    since: date, at: datetime,
) -> None:  # fmt: skip
    user = User.objects.create(username=username, full_name=person.name, password=hashed)
    Person.objects.filter(pk=person.pk).update(user=user)
    if role:
        unit = province.units[1] if role in ("supervisor", "unit_hr") else None
        give_grant(
            user=user, government=government, role=role, unit=unit, valid_from=since, valid_to=None, by=None, at=at
        )
