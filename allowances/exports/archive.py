"""A ZIP that is the same every time: fixed dates, names in the order they come, a fingerprint of every file."""

from collections.abc import Iterable
from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

DATE = (1980, 1, 1, 0, 0, 0)
UNIX, ORDINARY_FILE = 3, 0o100644 << 16


class Archive:
    """Files are written once, in order; `fingerprints` has the sha256 of each."""

    def __init__(self) -> None:
        self._made = BytesIO()
        self._zip = ZipFile(self._made, "w", ZIP_DEFLATED, compresslevel=6)
        self.fingerprints: dict[str, str] = {}

    def add(self, name: str, content: bytes | Iterable[bytes]) -> None:
        """Write one file, from its bytes or piece by piece."""
        info = ZipInfo(name, DATE)
        info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, UNIX, ORDINARY_FILE
        digest = sha256()
        with self._zip.open(info, "w") as file:
            for piece in [content] if isinstance(content, bytes) else content:
                digest.update(piece)
                file.write(piece)
        self.fingerprints[name] = digest.hexdigest()

    def finish(self) -> bytes:
        """The whole ZIP."""
        self._zip.close()
        return self._made.getvalue()
