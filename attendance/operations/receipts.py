"""Numbers and codes of receipts."""

import secrets
from datetime import date

# Without I, L, O, U: a number is read aloud on the telephone. 32 signs divide 256, so each is as likely.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIXES = {"in": "AM", "out": "AP"}


def receipt_number(verb: str, work_date: date) -> str:
    """A number for people, such as AM-1911-4F7K2Q: verb, day and month, six signs at random."""
    tail = "".join(ALPHABET[byte % len(ALPHABET)] for byte in secrets.token_bytes(6))
    return f"{PREFIXES[verb]}-{work_date:%d%m}-{tail}"


def receipt_code() -> str:
    """A code of 192 bits by which anyone may verify a receipt; it cannot be counted through."""
    return secrets.token_urlsafe(24)
