"""Fixtures that several test files share, named by what they are."""

import datetime
import os

import pytest
from django.core.management import call_command
from django.test import override_settings
from hypothesis import settings as hypothesis_settings

from sites.models import Region
from tests import factories

# A busy machine is no bug: no test fails for being slow, and CI tries the same examples each time.
hypothesis_settings.register_profile(
    "fazhimap", deadline=None, derandomize="CI" in os.environ, print_blob=True
)
hypothesis_settings.load_profile("fazhimap")


def pytest_collection_modifyitems(items):
    """Those that want the whole of Baotou come late: it stays in the database once loaded.

    Those of the browser come last: Playwright leaves an event loop in the thread, beside which
    Django refuses to ask the database. Processes that share the tests (`-n`) take them by files in
    this order, so that it holds in each of them.
    """
    items.sort(key=_turn)
    for item in items:
        item.add_marker(pytest.mark.xdist_group(f"{item.path.stem}-{_turn(item)}"))


def _turn(item):
    if item.get_closest_marker("browser"):
        return 2
    return 1 if "baotou" in getattr(item, "fixturenames", ()) else 0


@pytest.fixture
def today(settings):
    """A fixed Shanghai day at eight in the morning, which the whole product takes for now."""
    settings.TODAY = "2026-07-15T08:00"
    return datetime.date(2026, 7, 15)


@pytest.fixture
def county(db):
    """昆都仑区."""
    return factories.region("150203")


@pytest.fixture
def three_villages(county):
    """Three villages on one meridian, 4.4, 8.9 and 13.3 km north of the point 110, 40."""
    return [factories.village(lat=lat) for lat in (40.04, 40.08, 40.12)]


REFERENCE_DAY = "2026-11-23"  # what the fixtures' dates are around


@pytest.fixture(scope="session")
def loaded_baotou(django_db_setup, django_db_blocker):
    """The data set of fixtures/, committed once for all tests that want it."""
    with django_db_blocker.unblock(), override_settings(TODAY=REFERENCE_DAY):
        call_command("load_fixtures", verbosity=0)


@pytest.fixture
def baotou(loaded_baotou, settings, db):
    """The whole city as `make run` shows it, on the day that its files are written for."""
    settings.TODAY = REFERENCE_DAY
    return Region.objects.get(code="1502")
