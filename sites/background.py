"""Work that no reader should wait for, in a process beside the one that serves."""

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

from django.conf import settings

PAUSE_S = 30.0  # between two starts by the same process
NICENESS = 5  # readers come first


@dataclass
class _Last:
    """The refresh that this process started last."""

    process: subprocess.Popen | None = None
    started: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def is_recent(self) -> bool:
        """Whether it is still running, or was started just now."""
        if self.process is None:
            return False
        return self.process.poll() is None or time.monotonic() < self.started + PAUSE_S


_last = _Last()


def start_refresh() -> None:
    """Start `manage.py refresh_coverage --if-stale`, unless this process did so just now.

    It belongs to the server's group of processes and ends with it; what it has not committed is
    done again by the next. Of several at once, all but one find the lock taken and end.
    """
    with _last.lock:
        if _last.is_recent():
            return
        command = [sys.executable, settings.BASE_DIR / "manage.py", "refresh_coverage"]
        _last.process = subprocess.Popen(
            [*command, "--if-stale"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        _last.started = time.monotonic()
    with suppress(ProcessLookupError):
        os.setpriority(os.PRIO_PROCESS, _last.process.pid, NICENESS)
