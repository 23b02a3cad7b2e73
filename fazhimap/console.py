"""What the set-up says on the terminal, and how it runs other programs. Standard library only."""

from __future__ import annotations

import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
QUIET_SECONDS = 5


class ProblemError(Exception):
    """Why the set-up cannot go on; the text says what to do."""


def say(text: str) -> None:
    """Print a line at once, also into a pipe."""
    print(text, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step, and say every few seconds that it is still alive."""
    say(title)
    ended = threading.Event()
    pulse = threading.Thread(target=_beat, args=(ended,), daemon=True)
    pulse.start()
    try:
        yield
    finally:
        ended.set()
        pulse.join()


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    lock: int | None = None,
) -> str:
    """Run a command quietly in the checkout; "" when it went well, else the end of its output.

    `lock`, an open file, stays open in the command too.
    """
    with started(command, environment=environment, lock=lock) as failure:
        return failure()


@contextmanager
def started(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    lock: int | None = None,
) -> Iterator[Callable[[], str]]:
    """Like `run`, beside other work: gives a function that waits and returns what `run` does."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=() if lock is None else (lock,),
        )
        try:
            yield lambda: _tail(output) if process.wait() else ""
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()


def _tail(output: IO[bytes]) -> str:
    output.seek(0)
    lines = output.read().decode(errors="replace").split("\n")
    return "\n".join([line.strip() for line in lines if line.strip()][-3:]) or "—"


def _beat(ended: threading.Event) -> None:
    started = time.monotonic()
    while not ended.wait(QUIET_SECONDS):
        say(f"      … {time.monotonic() - started:.0f} s")
