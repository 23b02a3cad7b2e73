"""The refresh that a reader starts beside itself."""

import subprocess

import pytest
from django.core.management import call_command

from sites import background
from sites.models import Coverage, Site
from tests import factories


class Process:
    """A process that was started, running until it is told to end."""

    def __init__(self, command, **_options):
        self.command, self.pid, self.ended = command, 2**22, None

    def poll(self):
        return self.ended


@pytest.fixture
def processes(monkeypatch):
    """What was started, in order, by a server that has started nothing yet."""
    started = []

    def start(command, **options):
        started.append(Process(command, **options))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.setattr(background.os, "setpriority", lambda *_: None)
    monkeypatch.setattr(background, "_last", background._Last())
    return started


def test_one_refresh_is_started_however_many_readers_ask(processes):
    for _ in range(3):
        background.start_refresh()
    assert len(processes) == 1
    assert [str(each) for each in processes[0].command[-2:]] == ["refresh_coverage", "--if-stale"]


def test_the_next_is_started_when_it_has_ended_and_some_time_has_passed(processes, monkeypatch):
    background.start_refresh()
    processes[0].ended = 0
    background.start_refresh()
    assert len(processes) == 1
    monkeypatch.setattr(background, "PAUSE_S", 0)
    background.start_refresh()
    assert len(processes) == 2


def test_a_refresh_that_still_runs_is_never_joined_by_another(processes, monkeypatch):
    monkeypatch.setattr(background, "PAUSE_S", 0)
    background.start_refresh()
    background.start_refresh()
    assert len(processes) == 1


def test_the_command_computes_only_what_is_stale(today, three_villages):
    factories.standard()
    call_command("refresh_coverage", if_stale=True)
    assert Coverage.objects.filter(met=False).count() == 3
    Coverage.objects.update(met=True)  # no change of a record
    call_command("refresh_coverage", if_stale=True)
    assert Coverage.objects.filter(met=True).count() == 3
    factories.site()
    call_command("refresh_coverage", if_stale=True)
    assert Coverage.objects.filter(met=True).count() == Site.objects.count() == 1
