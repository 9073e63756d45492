"""The press: a script that knows nothing of the portal. From `job.json` in its folder it makes `paper.pdf` with Typst.

`job.json` names the template and the parts (each the `data` of the template) in order. Every part gets `is_first`,
`is_last`, `first_page` and `pages` (None while it is the only one). Where there is more than one part, they are printed
twice: only then is it known how many pages the whole has.
"""

import json
import sys
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import typst
from pypdf import PdfReader, PdfWriter


def _print_parts(folder: Path, job: Mapping[str, Any], pages: int | None) -> list[bytes]:
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
