"""Tasks that processes share: as many at a time as there are processes, each task by one of them."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import Synchronized

from django.core.management.base import CommandError
from django.db import connections

LOOK_SECONDS = 0.3
Around = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True)
class Task:
    """Work that commits whole or not at all, and what the terminal says when it is taken up."""

    work: Callable[[], object]
    label: str = ""


def share(tasks: Sequence[Task], processes: int, around: Around, say: Callable[[str], object]) -> None:
    """Do every task once; each process works inside `around()`. Raises CommandError when one of them ended early."""
    if processes < 2 or len(tasks) < 2:
        with around():
            for task in tasks:
                _tell([task], say)
                task.work()
        return
    # A connection that two processes share would mix their answers.
    connections.close_all()
    context = get_context("fork")
    taken = context.Value("l", 0)
    children = [
        context.Process(target=_work, args=(tasks, taken, around, os.getpid()))
        for _ in range(min(processes, len(tasks)))
    ]
    for child in children:
        child.start()
    try:
        _watch(children, tasks, taken, say)
    finally:
        for child in children:
            child.terminate()
            child.join()


def _watch(
    children: Sequence[BaseProcess], tasks: Sequence[Task], taken: "Synchronized[int]", say: Callable[[str], object]
) -> None:
    told = 0
    while True:
        running = [child for child in children if child.is_alive()]
        reached = min(taken.value, len(tasks))
        _tell(tasks[told:reached], say)
        told = reached
        if any(child.exitcode for child in children):
            raise CommandError("Pemuatan terhenti. Jalankan lagi: yang sudah selesai tidak diulang.")
        if not running:
            return
        time.sleep(LOOK_SECONDS)


def _tell(tasks: Sequence[Task], say: Callable[[str], object]) -> None:
    for task in tasks:
        if task.label:
            say(task.label)


def _work(tasks: Sequence[Task], taken: "Synchronized[int]", around: Around, parent_id: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=(parent_id,), daemon=True).start()
    with around():
        while (task := _next(tasks, taken)) is not None:
            task.work()
    connections.close_all()
    sys.stdout.flush()


def _next(tasks: Sequence[Task], taken: "Synchronized[int]") -> Task | None:
    with taken.get_lock():
        number = taken.value
        taken.value = number + 1
    return tasks[number] if number < len(tasks) else None


def _end_with(parent_id: int) -> None:
    """A process whose parent was killed must not go on beside the next start; its open transaction is rolled back."""
    while os.getppid() == parent_id:
        time.sleep(LOOK_SECONDS)
    os._exit(1)
