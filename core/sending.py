"""Ring the bell of the broker for job rows, softly: the row stands, so a bell that nobody hears is rung again later."""

import logging
from collections.abc import Iterable

from celery import Task
from django.conf import settings
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from core.caching import breaker_of, is_there

logger = logging.getLogger(__name__)


def ring(task: Task, job_ids: Iterable[int]) -> int:
    """Send `task(job_id=...)` for each row; how many were sent.

    Where the broker is away the rest is left to the sweeper, after one short wait and with one line in the log. The
    request that asked for the work goes on: what it stored is stored.
    """
    rows = list(job_ids)
    # Asked first, because the queue's own client takes six seconds to give up on a server that is away.
    if not is_there(settings.REDIS_URL):
        logger.warning("%s was not sent for %s rows; the sweeper will", task.name, len(rows))
        return 0
    for sent, job_id in enumerate(rows):
        try:
            task.apply_async(kwargs={"job_id": job_id}, retry=False)
        except (KombuError, RedisError, OSError) as error:
            breaker_of(settings.REDIS_URL).failed(error)
            logger.warning("%s was not sent for %s rows; the sweeper will", task.name, len(rows) - sent)
            return sent
    return len(rows)
