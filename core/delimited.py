"""Text sheets: which separator, which encoding, and the line where each record begins."""

import codecs
import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from core.errors import SheetError

SEPARATORS = ",;\t|"
TRIAL_RECORDS = 200
FIELD_BYTES = 1024 * 1024
CHUNK_BYTES = 1024 * 1024
BINARY_MAGIC = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\x1f\x8b",
)


def looks_like_text(start: bytes) -> bool:
    """False for pictures, PDF, old workbooks, UTF-16 and anything with NUL in it."""
    return not start.startswith(BINARY_MAGIC) and b"\0" not in start


def encoding_of(path: Path) -> str:
    """UTF-8 (with or without byte order mark) if the whole file is, else cp1252."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def delimited_rows(path: Path, known_headings: Callable[[list[Any]], int]) -> Iterator[tuple[int, list[Any]]]:
    """(line where the record begins, fields), with the separator that yields most known headings in one record."""
    encoding = encoding_of(path)
    best = max(SEPARATORS, key=lambda separator: _score(path, encoding, separator, known_headings))
    return records(path, encoding, best)


def _score(path: Path, encoding: str, separator: str, known_headings: Callable[[list[Any]], int]) -> int:
    best = 0
    rows = records(path, encoding, separator)
    try:
        for _, (_, cells) in zip(range(TRIAL_RECORDS), rows, strict=False):
            best = max(best, known_headings(cells))
    except SheetError:
        # A wrong separator may split a quoted field; the right one reads on.
        return best
    finally:
        rows.close()
    return best


def records(path: Path, encoding: str, separator: str) -> Iterator[tuple[int, list[Any]]]:
    """(line where the record begins, fields) of a text file. Raises SheetError at a broken quotation."""
    csv.field_size_limit(FIELD_BYTES)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=separator, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise SheetError(
                    f'Baris {line} tidak terbaca: tanda kutip (") tidak berpasangan atau isinya terlalu panjang. '
                    "Perbaiki baris itu lalu unggah lagi."
                ) from error
            if cells:
                yield line, cells
