"""Print papers with Typst, in a process of its own: what Typst keeps in memory goes when the process goes.

Run as a script with a folder: `jobs.json` names the template and the parts (each a `data` of the template) in order;
`paper.pdf` comes out. A long paper is printed in parts of some hundred rows, because Typst needs some 100 KB for each;
where there is more than one part, they are printed twice: only then is it known how many pages the whole has.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

PAPERS = Path(__file__).resolve().parent / "papers"
TIME_LIMIT_SECONDS = 3_600


class PressError(Exception):
    """Typst could not print; the text is for the log."""


def print_paper(template: str, parts: Sequence[Mapping[str, Any]], timestamp: int) -> bytes:
    """The PDF of `template`; the same parts and time give the same bytes. Raises PressError.

    Every part gets `is_first`, `is_last`, `first_page` and `pages` (None while it is the only one).
    """
    with tempfile.TemporaryDirectory(prefix="paper-") as name:
        folder = Path(name)
        for paper in PAPERS.glob("*.typ"):
            shutil.copy(paper, folder)
        job = {"template": template, "parts": list(parts), "timestamp": timestamp}
        (folder / "job.json").write_text(json.dumps(job, ensure_ascii=False), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-P", str(Path(__file__).resolve()), name],
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT_SECONDS,
            check=False,
        )
        if done.returncode:
            raise PressError(done.stderr[-2_000:])
        return (folder / "paper.pdf").read_bytes()


def _print_parts(folder: Path, job: Mapping[str, Any], pages: int | None) -> list[bytes]:
    import typst
    from pypdf import PdfReader

    printed, page = [], 1
    for number, part in enumerate(job["parts"]):
        place = {"is_first": number == 0, "is_last": number == len(job["parts"]) - 1}
        data = {**part, **place, "first_page": page, "pages": pages}
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        made = typst.compile(
            str(folder / f"{job['template']}.typ"),
            root=str(folder),
            ignore_system_fonts=True,
            timestamp=job["timestamp"],
            pdf_tags=len(job["parts"]) == 1,
        )
        printed.append(made)
        page += len(PdfReader(BytesIO(made)).pages)
    job["pages"].append(page - 1)
    return printed


def _joined(parts: list[bytes], title: str) -> bytes:
    from pypdf import PdfWriter

    whole = PdfWriter()
    for part in parts:
        whole.append(BytesIO(part))
    whole.add_metadata({"/Title": title, "/Producer": "Typst"})
    made = BytesIO()
    whole.write(made)
    return made.getvalue()


def _main(folder: Path) -> None:
    job = {**json.loads((folder / "job.json").read_text(encoding="utf-8")), "pages": []}
    printed = _print_parts(folder, job, None)
    if len(printed) > 1:
        printed = _print_parts(folder, job, job["pages"][0])
    made = printed[0] if len(printed) == 1 else _joined(printed, job["parts"][0]["title"])
    (folder / "paper.pdf").write_bytes(made)


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
