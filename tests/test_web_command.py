"""The web server is started alike by demonstration, Procfile and image."""

import re

from tests.conftest import PROJECT
from wfh_portal.processes import web_command

ELSEWHERE = {"--host", "--port", "--log-level"}


def test_every_form_starts_the_web_server_by_the_same_options():
    said = {option for option in web_command(8000) if option.startswith("--")}
    ours = {option for option in said if option.split("=")[0] not in ELSEWHERE and option != "--workers-kill-timeout=5"}
    assert len(ours) >= 6
    for name in ("Procfile", "Dockerfile"):
        text = (PROJECT / name).read_text(encoding="utf-8")
        assert ours <= set(re.findall(r"--[a-z-]+(?:=[a-z0-9.]+)?", text)), name
