"""A pytest plugin, loaded before Django's settings: the tests have a database cluster of their own.

It is not that of `make run`, whose data no test may touch. Two runs of the tests in one checkout
take turns; the processes of one run (`-n`) share the cluster, each with a database of its own.
"""

import os
from contextlib import ExitStack

import pytest

os.environ["FAZHIMAP_TEST_CLUSTER"] = "1"

from fazhimap import localdb, translations

OPEN = ExitStack()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the cluster once it is our turn."""
    if session.config.option.collectonly:
        return
    OPEN.enter_context(localdb.running())
    if hasattr(session.config, "workerinput"):  # the process that started this one has its turn
        return
    OPEN.enter_context(localdb.locked("tests.lock", "waiting for the other run of the tests"))
    translations.compile_stale()


def pytest_unconfigure() -> None:
    """Stop the cluster, after Django has dropped its test database."""
    OPEN.close()
