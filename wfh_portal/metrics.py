"""`/metrics` for Prometheus: requests counted by all processes of this web server, and how the portal stands.

Only numbers, routes, stages and codes of governments: nothing of a person.
"""

from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from wfh_portal.environment import shared_counts_folder
from wfh_portal.night_states import Status
from wfh_portal.state import Database, State, read_state


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever sends METRICS_TOKEN as bearer token; for everybody else, and without a token set, it is not there."""
    token, sent = settings.METRICS_TOKEN, request.headers.get("Authorization", "")
    if not token or not constant_time_compare(sent.encode(), f"Bearer {token}".encode()):
        raise Http404
    registry = CollectorRegistry()
    if shared_counts_folder():
        multiprocess.MultiProcessCollector(registry)
    else:
        registry.register(REGISTRY)
    registry.register(StateCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class StateCollector(Collector):
    """Gauges of the portal's state at the moment of asking."""

    def collect(self) -> Iterator[Metric]:
        """Read once, then tell."""
        state = read_state(timezone.now())
        yield from _of_this_host(state)
        if state.database is not None:
            yield from _of_the_database(state.database)
            yield from _of_nights(state.database)


def _of_this_host(state: State) -> Iterator[Metric]:
    up = GaugeMetricFamily("portal_up", "1 while a server answers this web server", labels=["server"])
    up.add_metric(["database"], float(state.database is not None))
    up.add_metric(["cache"], float(state.cache_answers))
    yield up
    ticked = state.ticked_at.timestamp() if state.ticked_at else 0.0
    yield _gauge("portal_timetable_tick_timestamp_seconds", "When beat, queue and a worker last did something", ticked)
    yield _gauge("portal_data_free_bytes", "Free space of PORTAL_DATA", state.disk_free_bytes)


def _of_the_database(found: Database) -> Iterator[Metric]:
    yield _gauge("portal_database_connections", "Connections to the database", found.connections)
    yield _gauge("portal_database_connections_most", "Connections that it allows", found.connections_most)
    yield _gauge("portal_database_bytes", "Size of the database", found.size_bytes)
    yield _gauge("portal_audit_unsealed_entries", "Entries of the audit log not yet sealed", found.unsealed_count)
    yield _gauge("portal_alerts_unsent", "Alerts that no mail server took", found.alerts_unsent)
    jobs = GaugeMetricFamily("portal_jobs", "Rows of long work", labels=["stage", "state"])
    oldest = GaugeMetricFamily(
        "portal_job_oldest_timestamp_seconds", "Oldest sign of life among them", labels=["stage", "state"]
    )
    for work in found.work:
        jobs.add_metric([work.stage, work.state], work.count)
        oldest.add_metric([work.stage, work.state], work.since.timestamp())
    yield jobs
    yield oldest
    presses = GaugeMetricFamily("portal_punches_today", "Punches of the present day", labels=["government"])
    last = GaugeMetricFamily("portal_punch_last_timestamp_seconds", "The newest of them", labels=["government"])
    for one in found.presses:
        presses.add_metric([one.government_code], one.count)
        last.add_metric([one.government_code], one.last_at.timestamp())
    yield presses
    yield last


def _of_nights(found: Database) -> Iterator[Metric]:
    bad = GaugeMetricFamily("portal_nights_bad", "Nights that did not end as they should", labels=["government"])
    ended = GaugeMetricFamily("portal_night_ended_timestamp_seconds", "End of the last one", labels=["government"])
    for code, nights in found.nights.items():
        bad.add_metric([code], len(found.bad_nights[code]))
        ends = [night.ended_at for night in nights if night.status in (Status.WELL, Status.ASIDE) and night.ended_at]
        if ends:
            ended.add_metric([code], max(ends).timestamp())
    yield bad
    yield ended


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)
