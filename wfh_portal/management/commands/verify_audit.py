"""`manage.py verify_audit`: the whole chain of the audit log, recomputed."""

from typing import Any

from django.core.management.base import BaseCommand

from core.audit import verify
from core.indonesian import grouped
from core.models import AuditEntry, AuditSeal


class Command(BaseCommand):
    """Exit 1 where an entry was changed, removed or slipped in since it was sealed."""

    help = "Menghitung ulang rantai segel catatan audit; keluar dengan 1 bila tidak cocok."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say every broken seal, else how many hold."""
        broken = verify()
        for seal in broken:
            self.stderr.write(f"Segel {seal.seal_id}: {seal.message}")
        seals, entries = AuditSeal.objects.count(), AuditEntry.objects.count()
        said = f"{grouped(len(broken))} segel rusak" if broken else "semua segel cocok"
        self.stdout.write(f"Catatan audit: {grouped(entries)} catatan, {grouped(seals)} segel, {said}.")
        if broken:
            raise SystemExit(1)
