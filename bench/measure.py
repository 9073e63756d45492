"""What a measure is, and how it is taken: product and floor in the same run, with the memory of every process."""

import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import psutil

SAMPLE_SECONDS, FIND_SECONDS = 0.05, 0.5
ROUNDS = 3


@dataclass(frozen=True)
class Measure:
    """One line of the table: seconds of the product beside the floor, both taken in the same run.

    `peak_mb`: the most that the product's own processes (not the database) held together. `detail`: whatever else was
    counted, as JSON values, with the rounds of both.
    """

    name: str
    size: int
    seconds: float
    floor_seconds: float
    peak_mb: float
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """How many floors the product took."""
        return self.seconds / self.floor_seconds if self.floor_seconds else float("inf")

    def as_json(self) -> dict[str, Any]:
        """The shape of `bench.json`."""
        return {**asdict(self), "ratio": round(self.ratio, 2)}


class PeakMemory:
    """Samples the resident memory of some process trees; `mb` is the largest sum that was seen."""

    def __init__(self, *process_ids: int) -> None:
        self._roots = [psutil.Process(process_id) for process_id in process_ids or (psutil.Process().pid,)]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self.mb = 0.0

    def __enter__(self) -> "PeakMemory":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        # Finding the children reads every process of the machine, which would be a tenth of a core if done each time.
        known: list[psutil.Process] = []
        found_at = -FIND_SECONDS
        while True:
            if time.monotonic() - found_at >= FIND_SECONDS:
                known, found_at = [process for root in self._roots for process in _tree(root)], time.monotonic()
            self.mb = max(self.mb, sum(map(_resident_bytes, known)) / 1_000_000)
            if self._ended.wait(SAMPLE_SECONDS):
                return


def _tree(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _resident_bytes(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0


def timed(work: Callable[[], object]) -> float:
    """Seconds on the clock."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def beside(name: str, size: int, product: Callable[[], object], floor: Callable[[], object], **detail: Any) -> Measure:
    """Floor and product in turn, `ROUNDS` times; the medians count, and memory is that of this process and below."""
    floors, products = [], []
    with PeakMemory() as memory:
        for _ in range(ROUNDS):
            floors.append(timed(floor))
            products.append(timed(product))
    rounds = {"rounds": _rounded(products), "floor_rounds": _rounded(floors)}
    return Measure(
        name, size, statistics.median(products), statistics.median(floors), round(memory.mb, 1), {**rounds, **detail}
    )


def _rounded(seconds: list[float]) -> list[float]:
    return [round(one, 4) for one in seconds]
