"""Measure a function alone, in a process of its own."""

import multiprocessing
import re
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Measured:
    """What a function returned, how long it took and the most memory its process held."""

    value: Any
    seconds: float
    peak_mb: float


def measured_alone(prepare: Callable[[], tuple[Any, ...]], work: Callable[..., Any]) -> Measured:
    """`work(*prepare())` in a fresh process: seconds of `work`, peak memory of all (Linux)."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh) as pool:
        return pool.submit(_measure, prepare, work).result()


def _measure(prepare: Callable[[], tuple[Any, ...]], work: Callable[..., Any]) -> Measured:
    arguments = prepare()
    start = time.perf_counter()
    value = work(*arguments)
    return Measured(value, time.perf_counter() - start, _peak_mb())


def _peak_mb() -> float:
    """The high-water mark of this process alone: getrusage would count what the parent held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024
