"""Celery: every task may run twice, none may be lost, and the broker may lose everything (job rows are the truth)."""

from wfh_portal.settings.base import REDIS_PREFIX, REDIS_URL, TIME_ZONE

TASK_TIME_LIMIT_SECONDS = 1_800
# Above the longest task: else a second copy starts while the first still runs.
_visibility_timeout_seconds = TASK_TIME_LIMIT_SECONDS + 600

CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": _visibility_timeout_seconds,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # A broker that vanished without closing its connections must not hold a web request or a worker for ever.
    "socket_connect_timeout": 1,
    "socket_timeout": 10,
    "global_keyprefix": REDIS_PREFIX,
}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {
    "visibility_timeout": _visibility_timeout_seconds,
    "global_keyprefix": REDIS_PREFIX,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = TASK_TIME_LIMIT_SECONDS
CELERY_TASK_SOFT_TIME_LIMIT = TASK_TIME_LIMIT_SECONDS - 60
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_ENABLE_UTC = True
