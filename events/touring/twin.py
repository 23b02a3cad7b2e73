"""A second search with another seed, in a process of its own.

A plain child of this interpreter that gets the problem on its input and gives its plan on its
output: unlike `multiprocessing` it needs nothing of the main module and may be started by any
worker, thread or daemon. It can fail or be late without harm: then there is one plan fewer.
"""

import os
import pickle
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Self

from events.touring.insertion import Draft
from events.touring.model import Nights, Routes
from events.touring.problem import Problem
from events.touring.search import Budget, search

ROOT = Path(__file__).resolve().parents[2]
GRACE = 1.0  # seconds that the child may be late


class Twin:
    """The child, started at once; it ends by `until`.

    Linux's monotonic clock is one for all processes, so that `until` holds in the child too.
    """

    def __init__(self, problem: Problem, seed: int, until: float, first: Draft | None) -> None:
        self._problem, self._until = problem, until
        self._child = subprocess.Popen(
            [sys.executable, "-m", "events.touring.twin"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        known = None if first is None else (first.nights, first.routes)
        asked = pickle.dumps((problem, seed, until, known))
        # A thread: the pipe may be smaller than the problem while the child still loads.
        Thread(target=self._ask, args=(asked,), daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """No child outlives its parent's search, however that ends."""
        if self._child.poll() is None:
            self._child.kill()
            self._child.wait()

    def answer(self, *, cancelled: bool = False) -> list[Draft]:
        """The child's draft; none where it was cancelled, failed or came too late."""
        if cancelled:
            self._child.kill()
        try:
            wait = max(self._until - monotonic(), 0) + GRACE
            output = self._read(wait)
        except subprocess.TimeoutExpired:
            self._child.kill()
            output = self._read(None)
        if self._child.returncode != 0 or not output:
            return []
        nights, routes = pickle.loads(output)  # noqa: S301  (our own child wrote it)
        return [Draft(self._problem, nights, routes)]

    def _ask(self, asked: bytes) -> None:
        stdin = self._child.stdin
        if stdin is not None:
            with suppress(BrokenPipeError), stdin:
                stdin.write(asked)

    def _read(self, wait: float | None) -> bytes:
        """All that the child writes (less than a pipe holds), once it has ended."""
        self._child.wait(timeout=wait)
        stdout = self._child.stdout
        return b"" if stdout is None or stdout.closed else stdout.read()


def main() -> None:
    """Read a problem, search, write the draft."""
    problem, seed, until, known = pickle.load(sys.stdin.buffer)  # noqa: S301
    first = None if known is None else Draft(problem, *known)
    found = search(problem, Budget(None, until), seed, first)
    answer: tuple[Nights, Routes] = (found.nights, found.routes)
    pickle.dump(answer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
