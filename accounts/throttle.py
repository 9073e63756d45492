"""Slows down guessing at the sign-in page, without telling which accounts exist and without locking an office out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.core.internal.httpkit import get_client_ip
from django.db.models import Max, Q
from django.http import HttpRequest

from accounts.models import SignInAttempt
from core.errors import PortalError

WINDOW = timedelta(minutes=15)
# A whole office shares one network, so the tight limit holds for an account from one network; the wide ones stop
# guessing from many networks at one account, and from one network at many accounts.
PAIR_LIMIT, ACCOUNT_LIMIT, NETWORK_LIMIT = 5, 30, 300


class TooManyAttempts(PortalError):
    """Guessing must wait; the message is the same whether the account exists or not."""

    def __init__(self) -> None:
        super().__init__("Terlalu banyak percobaan yang gagal. Tunggu 15 menit, lalu coba lagi.")


@dataclass(frozen=True)
class Attempt:
    """A sign-in that has begun; it counts as failed until it is accepted."""

    row_id: int

    def accept(self) -> None:
        """Count it as succeeded: earlier failures of the account from this network are forgiven."""
        SignInAttempt.objects.filter(pk=self.row_id).update(succeeded=True)


def network_of(request: HttpRequest) -> str | None:
    """Address that the request came from, past as many proxies as the settings trust."""
    return get_client_ip(request)


def begin(username: str, network: str | None, at: datetime) -> Attempt:
    """Write the attempt down as failed before the password is looked at; raise TooManyAttempts over a limit.

    Written first, so that many attempts at once cannot all slip under the limit. A refused one is taken away
    again, so that waiting always helps.
    """
    name = username.strip().lower()[:150]
    row = SignInAttempt.objects.create(username=name, network=network, at=at, succeeded=False)
    recent = SignInAttempt.objects.filter(at__gt=at - WINDOW, at__lte=at)
    pair = Q(username=name, network=network)
    last_success = recent.filter(pair, succeeded=True).aggregate(at=Max("at"))["at"]
    failed = recent.filter(succeeded=False)
    pair_failures = failed.filter(pair) if last_success is None else failed.filter(pair, at__gt=last_success)
    over = (
        pair_failures.count() > PAIR_LIMIT
        or failed.filter(username=name).count() > ACCOUNT_LIMIT
        or failed.filter(network=network).count() > NETWORK_LIMIT
    )
    if over:
        row.delete()
        raise TooManyAttempts
    return Attempt(row.pk)
