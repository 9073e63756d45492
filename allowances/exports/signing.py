"""The operator's Ed25519 signature under a manifest, where a key is set (BUNDLE_SIGNING_KEY)."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from django.conf import settings

from core.errors import PortalError


@dataclass(frozen=True)
class Signer:
    """The operator's key; `public_pem` is what a reader checks with."""

    key: Ed25519PrivateKey

    @property
    def public_pem(self) -> bytes:
        """The public half."""
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key (DER), to be compared with the one that the operator has published."""
        return sha256(self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()

    def sign(self, content: bytes) -> bytes:
        """64 bytes; the same content has the same signature."""
        return self.key.sign(content)


def signer() -> Signer | None:
    """The signer, or None where no key is set. Raises PortalError for a key that cannot be used."""
    name = settings.BUNDLE_SIGNING_KEY
    if not name:
        return None
    try:
        key = load_pem_private_key(Path(name).read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise PortalError(
            "Kunci tanda tangan (BUNDLE_SIGNING_KEY) tidak terbaca; periksa berkas dan izinnya."
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise PortalError("Kunci tanda tangan (BUNDLE_SIGNING_KEY) bukan kunci Ed25519.")
    return Signer(key)
