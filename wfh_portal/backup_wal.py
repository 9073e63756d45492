"""The WAL archive beside the backups: whole from a backup to its end, or refused with the name of what is amiss."""

import re
import struct
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from wfh_portal.backup_form import WAL, BackupError, Facts

NAME = re.compile(r"([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})(\.partial)?")
# How a timeline came about; every one but the first has it.
HISTORY = re.compile(r"[0-9A-F]{8}\.history")
PAGE_BYTES = 8192
# magic, info, timeline, address: the same in every version that is supported.
PAGE_HEAD = struct.Struct("=HHIQ")
WAL_ERROR = re.compile(r"error in WAL record at ([0-9A-F]+)/([0-9A-F]+)")


@dataclass(frozen=True)
class Segment:
    """One file of the archive; a partial one is the file that the receiver was writing last."""

    path: Path
    timeline: int
    number: int
    partial: bool

    def name(self, segment_bytes: int) -> str:
        """The name that the server asks for."""
        return segment_name(self.timeline, self.number, segment_bytes)


def segment_name(timeline: int, number: int, segment_bytes: int) -> str:
    """PostgreSQL's name of a segment, counted from the begin of the WAL."""
    high, low = divmod(number, 0x1_0000_0000 // segment_bytes)
    return f"{timeline:08X}{high:08X}{low:08X}"


def parse_lsn(text: str) -> int:
    """`16/B374D848` as a number."""
    high, low = text.split("/")
    return int(high, 16) << 32 | int(low, 16)


def read_archive(folder: Path, segment_bytes: int) -> list[Segment]:
    """The segments of an archive in order; where a file is there whole and in part, the whole one counts."""
    found: dict[tuple[int, int], Segment] = {}
    for path in sorted((folder / WAL).glob("*")):
        match = NAME.fullmatch(path.name)
        if match:
            timeline, high, low = (int(word, 16) for word in match.groups()[:3])
            number = high * (0x1_0000_0000 // segment_bytes) + low
            # Sorted names: the whole file comes before its .partial.
            found.setdefault((timeline, number), Segment(path, timeline, number, bool(match[4])))
    return [found[key] for key in sorted(found)]


def archived_since(folder: Path, facts: Facts, *, may_end_early: bool) -> list[Segment]:
    """The segments after a backup without a hole. Raises BackupError.

    `may_end_early`: a restore to an instant may lie before a hole; the server itself says whether it was reached.
    """
    size = facts.wal_segment_bytes
    _refuse_other_timelines(folder, facts)
    last_held = facts.end_lsn // size
    segments = [segment for segment in read_archive(folder, size) if segment.timeline == facts.timeline]
    after = [segment for segment in segments if segment.number >= last_held]
    if not after:
        ends = f"berakhir di {segments[-1].path.name}" if segments else "kosong"
        raise BackupError(
            f"Arsip WAL {folder / WAL} {ends}: tidak ada apa pun sejak cadangan ini selesai. Tanpa arsip hanya saat "
            "cadangan itu sendiri yang kembali; bila itu yang dimaksud, tambahkan --without-archive."
        )
    whole: list[Segment] = []
    expected = last_held if after[0].number == last_held else last_held + 1
    for segment in after:
        problem = _problem(segment, expected, is_last=segment is after[-1], facts=facts)
        if problem and may_end_early and whole:
            break
        if problem:
            raise BackupError(f"Arsip WAL tidak utuh: {problem}")
        whole.append(segment)
        expected += 1
    return whole


def _refuse_other_timelines(folder: Path, facts: Facts) -> None:
    newer = sorted(
        path.name
        for path in (folder / WAL).glob("*")
        if (NAME.fullmatch(path.name) or HISTORY.fullmatch(path.name)) and int(path.name[:8], 16) > facts.timeline
    )
    if newer:
        raise BackupError(
            f"{folder / WAL / newer[0]} berasal dari garis waktu lain: server pernah dipulihkan dan terus menulis ke "
            "folder ini. Pakai cadangan yang dibuat sesudah pemulihan itu, atau pisahkan berkas-berkas itu dahulu."
        )


def _problem(segment: Segment, expected: int, *, is_last: bool, facts: Facts) -> str:
    size = facts.wal_segment_bytes
    if segment.number != expected:
        return f"berkas {segment_name(facts.timeline, expected, size)} tidak ada di {segment.path.parent}."
    if segment.partial and not is_last:
        return f"{segment.path} belum selesai, padahal berkas sesudahnya ada."
    held = segment.path.stat().st_size
    if held != size:
        return f"{segment.path} terpotong: {held} byte, seharusnya {size}."
    return "" if is_last else _page_problem(segment, size)


def _page_problem(segment: Segment, size: int) -> str:
    """A finished segment is pages that tell their own address; after a switch of segments the rest is empty."""
    content = segment.path.read_bytes()
    ended = False
    for offset in range(0, size, PAGE_BYTES):
        _magic, _info, timeline, address = PAGE_HEAD.unpack_from(content, offset)
        empty = timeline == 0 and address == 0
        right = timeline <= segment.timeline and address == segment.number * size + offset
        if (ended and not empty) or not (empty or right) or (empty and offset == 0):
            return f"{segment.path} rusak mulai byte {offset}."
        ended = empty
    return ""


def check_records(segments: list[Segment], facts: Facts, program: Path) -> None:
    """Read every record by pg_waldump of the same version; only at the very end may it find nothing more.

    A server that replays a damaged record takes it for the end of the WAL and opens without what came after.
    """
    if _is_empty(segments[0].path):
        return
    size = facts.wal_segment_bytes
    high, low = divmod(segments[0].number * size, 0x1_0000_0000)
    start = f"{high:X}/{low:X}"
    with tempfile.TemporaryDirectory(prefix="portal-wal-") as links:
        for segment in segments:
            (Path(links) / segment.name(size)).symlink_to(segment.path)
        done = subprocess.run(
            # By its place: named by its file, only that one file would be read.
            [str(program), "--quiet", f"--path={links}", f"--timeline={facts.timeline}", f"--start={start}"],
            capture_output=True,
            text=True,
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
            check=False,
        )
    last, said = segments[-1], done.stderr.strip()
    beyond = segment_name(facts.timeline, last.number + 1, size)
    if done.returncode == 0 or f'could not find file "{beyond}"' in said:
        return
    match = WAL_ERROR.search(said)
    reached = parse_lsn(f"{match[1]}/{match[2]}") // size if match else segments[0].number
    if match is None or reached < last.number - (1 if _is_empty(last.path) else 0):
        broken = next(segment for segment in segments if segment.number == reached)
        raise BackupError(f"Arsip WAL tidak utuh: {broken.path} rusak ({said}).")


def _is_empty(path: Path) -> bool:
    with open(path, "rb") as file:
        return not any(file.read(PAGE_BYTES))
