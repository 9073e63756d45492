"""`first_administrator NAME`: the account that opens a new portal; prints its one-time code, once."""

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.operations import CODE_LIFETIME, issue_first_code
from core.errors import PortalError
from roster.commands import GovernmentCommand
from roster.grants import give_grant
from roster.models import Government, Role


class Command(GovernmentCommand):
    """Make an administrator of a government, or give an administrator who is locked out a new code."""

    help = "Buat akun administrator dan cetak kode masuk sekali pakai (tanpa kata sandi bawaan)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the name of the account and of the person."""
        super().add_arguments(parser)
        parser.add_argument("username", help="nama pengguna, misalnya NIP")
        parser.add_argument("--name", default="", help="nama orangnya")

    @transaction.atomic
    def work(self, government: Government, options: dict[str, Any]) -> None:
        """Find or make the account, see that it is an administrator's, print the code."""
        now, today = timezone.now(), timezone.localdate()
        username = options["username"].strip()
        if not username or len(username) > 150:
            raise PortalError("Nama pengguna harus 1 sampai 150 huruf.")
        user = User.objects.filter(username__iexact=username).first()
        if user is None:
            user = User.objects.create_user(username, full_name=options["name"] or username)
        held = user.grants.filter(government=government, role=Role.ADMINISTRATOR, valid_from__lte=today)
        if not any(grant.valid_to is None or grant.valid_to > today for grant in held):
            give_grant(
                user=user,
                government=government,
                role=Role.ADMINISTRATOR,
                unit=None,
                valid_from=today,
                valid_to=None,
                by=None,
                at=now,
            )
            user.refresh_from_db()
        code = issue_first_code(user, now)
        hours = int(CODE_LIFETIME.total_seconds() // 3600)
        self.stdout.write(f"Administrator {government.name}: {user.username}")
        self.stdout.write(f"Kode masuk sekali pakai: {code} (berlaku {hours} jam, di /masuk/kode/)")
