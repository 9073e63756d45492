"""Print papers with Typst, in a process of its own: what Typst keeps in memory goes when the process goes."""

import json
import logging
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.errors import PortalError

HERE = Path(__file__).resolve().parent
TIME_LIMIT_SECONDS = 3_600
logger = logging.getLogger(__name__)


def print_paper(template: str, parts: Sequence[Mapping[str, Any]], timestamp: int) -> bytes:
    """The PDF of `papers/TEMPLATE.typ`; the same parts and time give the same bytes.

    Typst needs some 100 KB for a row, so a long paper comes in parts of some hundred rows. Raises PortalError.
    """
    with tempfile.TemporaryDirectory(prefix="paper-") as name:
        folder = Path(name)
        for paper in (HERE / "papers").glob("*.typ"):
            shutil.copy(paper, folder)
        job = {"template": template, "parts": list(parts), "timestamp": timestamp}
        (folder / "job.json").write_text(json.dumps(job, ensure_ascii=False), encoding="utf-8")
        words = [sys.executable, "-P", str(HERE / "press.py"), name]
        try:
            subprocess.run(words, capture_output=True, text=True, timeout=TIME_LIMIT_SECONDS, check=True)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            logger.error("paper %s was not printed: %s\n%s", template, error, str(error.stderr)[-2_000:])
            raise PortalError("Berkas PDF tidak dapat dicetak; sebabnya ada di catatan server.") from error
        return (folder / "paper.pdf").read_bytes()
