"""A draft of next year's allowance that waits for somebody to adopt it, with its effect on the last paid month."""

from datetime import datetime
from pathlib import Path

from accounts.models import User
from allowances.models import Run
from allowances.operations.effects import STAGE, chain_of, request_effect, run_chunk
from core.models import Job
from policy.operations import open_draft
from roster.models import Government

DATA = Path(__file__).resolve().parent / "data"
FILES = ("rancangan_tpp.yaml", "rancangan_contoh.yaml")
AUTHOR = "kepegawaian"


def seed_draft(government: Government, now: datetime) -> None:
    """Uploaded by one HR person; the second one, or the administrator, may adopt it."""
    author, year = User.objects.get(username=AUTHOR), str(now.year + 1)
    files = {name: (DATA / name).read_text(encoding="utf-8").replace("{YEAR}", year).encode() for name in FILES}
    draft = open_draft(government.code, f"TPP tahun {year}", files, author, now)
    paid = Run.objects.filter(government=government, state__in=[Run.State.LOCKED, Run.State.PAID]).order_by("-month")
    last = paid.first()
    if last is None:
        return
    # What a worker would be rung for is done here: no worker runs while the demonstration is loaded.
    effect = request_effect(draft, government, last.month, author, now, lambda job_id: None)
    for job in Job.objects.filter(government_code=government.code, chain=chain_of(effect), stage=STAGE):
        run_chunk(job.pk, lambda: now)
