"""The product as `make run` starts it, with Baotou loaded, in a data folder of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fazhimap import localdb

ROOT = Path(__file__).resolve().parent.parent
TODAY = "2026-11-25"
PASSWORD = "for-the-tests-only"  # of admin


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


EMBEDDER = f"http://localhost:{_free_port()}"  # who may show the pages in a frame


@contextmanager
def served(purpose: str, log: Path | None = None) -> Iterator[str]:
    """Serve the demonstration data on a fixed day; the address of the site.

    `log`: a file for whatever the server says.

    The data folder is made anew beside that of the tests, and removed at the end. Raises
    RuntimeError where the server ends or is not ready in time.
    """
    data = data_folder(purpose)
    folder = data.with_name(f"{data.name}-test")  # where a test cluster of `data` lives
    shutil.rmtree(folder, ignore_errors=True)
    url = f"http://127.0.0.1:{_free_port()}"
    said = log.open("wb") if log else None
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=_environment(data, url),
        stdout=said,
        stderr=said,
    )
    try:
        _wait_until_ready(url, server)
        yield url
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def data_folder(purpose: str) -> Path:
    """FAZHIMAP_DATA of what is served for this process of the tests."""
    tests = localdb.data_dir()
    return tests.with_name(f"{tests.name}-{purpose}{os.environ.get('PYTEST_XDIST_WORKER', '')}")


def _environment(data: Path, url: str) -> dict[str, str]:
    environment = os.environ | {
        "FAZHIMAP_DATA": str(data),
        "FAZHIMAP_TEST_CLUSTER": "1",
        "FAZHIMAP_TODAY": TODAY,
        "FAZHIMAP_EMBEDDERS": EMBEDDER,
        "FAZHIMAP_ADMIN_PASSWORD": PASSWORD,
        "PORT": url.rsplit(":", 1)[1],
    }
    environment.pop("DATABASE_URL", None)
    return environment


def _wait_until_ready(url: str, server: subprocess.Popen, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}")
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"the server was not ready in {seconds} s")
