"""The load generator: every request is sent once and counted, answered or not, and the answer is kept beside it."""

import json
import subprocess
import sys
import threading
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bench.load import Answers, Load
from wfh_portal.embedded_database import free_port


class Receipts(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: list[str] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.seen.append(body)
        if body == "key=k3":
            self.close_connection = True  # No answer at all.
            return
        self.send_response(500 if body == "key=k4" else 302)
        self.send_header("Location", f"/absen/bukti/{body}/")
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_words):
        """Quiet."""


@pytest.fixture
def port():
    Receipts.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receipts)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def send(folder: Path, port: int, count: int) -> Answers:
    forms = [f"key=k{number}" for number in range(count)]
    requests = [f"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {len(form)}\r\n\r\n{form}" for form in forms]
    path = folder / "load.json"
    path.write_text(json.dumps(asdict(Load("127.0.0.1", port, 500, requests))))
    subprocess.run([sys.executable, "-m", "bench.load", str(path)], timeout=60, check=True)
    return Answers(**json.loads(path.with_suffix(".answers").read_text()))


def test_every_request_is_sent_once_and_its_answer_stands_at_its_place(tmp_path, port):
    answers = send(tmp_path, port, 60)
    assert sorted(Receipts.seen) == sorted(f"key=k{number}" for number in range(60))
    assert [answers.status[number] for number in (2, 3, 4, 5)] == [302, 0, 500, 302]
    assert answers.status.count(302) == 58
    assert [answers.location[number] for number in (3, 59)] == ["", "/absen/bukti/key=k59/"]
    assert all(latency > 0 for latency in answers.latency_ms)


def test_a_server_that_is_not_there_is_an_error_of_each_request(tmp_path):
    answers = send(tmp_path, free_port(), 20)
    assert answers.status == [0] * 20
    assert all(latency > 0 for latency in answers.latency_ms)
