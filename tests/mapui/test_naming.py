"""The index of names in a process that many search at once, while names change."""

import datetime
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

import sites.names
from mapui import naming
from sites.models import Site
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
DAY = datetime.date(2026, 7, 15)
PATIENCE_S = 30


@pytest.fixture
def names(county):
    """A fresh index that knows one square."""
    factories.site(code="S-1", name="民主广场")
    made = naming.Names()
    assert found(made, "民主广场")
    return made


@pytest.fixture
def many(names, monkeypatch):
    """The same, taken for so large that readers do not wait for the next."""
    monkeypatch.setattr(naming, "LARGE", 1)
    return names


def found(names, query):
    return "S-1" in [hit.code for hit in names.find(query, DAY, 5)]


def rename(name):
    Site.objects.filter(code="S-1").update(name=name)


def comes_to_be_found(names, query):
    """Whether a search finds it before patience ends."""
    end = time.monotonic() + PATIENCE_S
    while not found(names, query) and time.monotonic() < end:
        time.sleep(0.02)
    return found(names, query)


def search_until(stopped, names):
    """Search again and again, as another reader does; how often."""
    count = 0
    try:
        while not stopped.is_set():
            names.find("广场", DAY, 5)
            count += 1
    finally:
        connection.close()
    return count


def test_a_new_name_is_found_by_the_next_search_while_others_search(names):
    stopped = threading.Event()
    with ThreadPoolExecutor(3) as readers:
        counts = [readers.submit(search_until, stopped, names) for _ in range(3)]
        try:
            for name in ("和平广场", "团结广场", "胜利广场", "幸福广场", "光明广场"):
                rename(name)
                assert found(names, name), name
        finally:
            stopped.set()
    assert all(count.result() > 0 for count in counts)


def test_of_many_names_the_new_one_is_found_soon_and_nobody_waits(many, monkeypatch):
    makes, slowly = [], threading.Event()
    entries = sites.names.entries

    def slow_entries():
        makes.append(threading.current_thread())
        slowly.wait(PATIENCE_S)
        return entries()

    monkeypatch.setattr(sites.names, "entries", slow_entries)
    rename("和平广场")
    assert not found(many, "和平广场")  # the index of before answers at once
    assert found(many, "民主广场")
    slowly.set()
    assert comes_to_be_found(many, "和平广场")
    assert makes == [makes[0]]
    assert makes[0] is not threading.main_thread()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_making_that_fails_is_tried_again_by_a_later_search(many, monkeypatch):
    entries, failures = sites.names.entries, [OSError("the disk"), MemoryError()]

    def failing_entries():
        if failures:
            raise failures.pop()
        return entries()

    monkeypatch.setattr(sites.names, "entries", failing_entries)
    rename("和平广场")
    assert found(many, "民主广场")
    assert comes_to_be_found(many, "和平广场")
    assert failures == []


def test_where_no_thread_can_be_had_the_next_search_tries_again(many, monkeypatch):
    def no_thread(_self):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", no_thread)
        rename("和平广场")
        assert found(many, "民主广场")
    assert comes_to_be_found(many, "和平广场")


def test_a_first_making_that_fails_is_an_error_once(county, monkeypatch):
    factories.site(code="S-1", name="民主广场")
    names, entries = naming.Names(), sites.names.entries
    with monkeypatch.context() as patched:
        patched.setattr(sites.names, "entries", lambda: entries(1))
        with pytest.raises(TypeError):
            names.find("民主", DAY, 5)
    assert found(names, "民主广场")
