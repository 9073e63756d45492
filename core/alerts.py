"""Tell the operators once about something that went wrong; the row is the truth, the mail only carries it."""

import logging
from collections import defaultdict
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from core.models import Alert

logger = logging.getLogger(__name__)


def raise_once(now: datetime, government_code: str, subject: str, title: str, text: str) -> bool:
    """Keep an alert; False where there was one about this subject. `deliver` sends it."""
    _, is_new = Alert.objects.get_or_create(
        government_code=government_code,
        subject=subject,
        defaults={"title": title[:200], "text": text, "raised_at": now},
    )
    if is_new:
        logger.critical("alert %s %s: %s", government_code, subject, title)
    return is_new


@transaction.atomic
def deliver(now: datetime) -> int:
    """Send what was not sent, one mail a government; how many alerts. A mail server that is down gets them later.

    Without ALERT_EMAILS the line in the log is all there is.
    """
    by_government: dict[str, list[Alert]] = defaultdict(list)
    for alert in Alert.objects.select_for_update(skip_locked=True).filter(sent_at__isnull=True).order_by("pk"):
        by_government[alert.government_code].append(alert)
    sent = 0
    for alerts in by_government.values():
        if not _mail(alerts):
            continue
        for alert in alerts:
            alert.sent_at = now
            alert.save(update_fields=["sent_at"])
        sent += len(alerts)
    return sent


def _mail(alerts: list[Alert]) -> bool:
    if not settings.ALERT_EMAILS:
        return True
    title = alerts[0].title if len(alerts) == 1 else f"{alerts[0].title} (dan {len(alerts) - 1} lagi)"
    try:
        send_mail(title, "\n\n".join(alert.text for alert in alerts), None, settings.ALERT_EMAILS)
    except OSError:
        # smtplib's errors are OSErrors too; the alert stays unsent and is tried again.
        logger.exception("mail of %s alerts was not sent", len(alerts))
        return False
    return True
