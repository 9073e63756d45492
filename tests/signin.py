"""Signing in for tests, as fresh as a person who has just typed the password."""

from django.test import Client
from django.utils import timezone

from accounts.freshness import mark_fresh
from accounts.models import User


def sign_in(client: Client, user: User, fresh: bool = True) -> Client:
    """`client` with a session of `user`; with `fresh` also for pay and account pages."""
    client.force_login(user)
    if fresh:
        session = client.session
        mark_fresh(session, timezone.now())
        session.save()
    return client
