"""Evidence of a press: location, network, device. It supports a punch and never decides one. No database here."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

STALE_SECONDS = 300


@dataclass(frozen=True)
class Evidence:
    """What came along with a press; everything may be missing."""

    latitude: Decimal | None = None
    longitude: Decimal | None = None
    accuracy_m: int | None = None
    located_at: datetime | None = None
    network: str | None = None
    device: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing at all came along."""
        return self.latitude is None and not self.network and not self.device

    def fingerprint(self) -> str:
        """Sha256 that stays on the punch after the evidence itself has expired; empty without evidence."""
        if self.is_empty:
            return ""
        values = [str(self.latitude), str(self.longitude), self.accuracy_m, self.network, self.device]
        return hashlib.sha256(json.dumps(values).encode()).hexdigest()

    def is_stale(self, pressed_at: datetime) -> bool:
        """The position was taken long before the press, or claims to come from after it."""
        return self.located_at is not None and abs((pressed_at - self.located_at).total_seconds()) > STALE_SECONDS


def coordinate(text: str | None, limit: int) -> Decimal | None:
    """A coordinate with six decimals, or None when it is none: a broken location is no evidence, never a refusal."""
    try:
        value = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return round(value, 6) if value.is_finite() and abs(value) <= limit else None
