"""The small world that tours are planned in."""

import pytest
from django.contrib.gis.geos import Point

from tests import factories
from tests.events.touring_world import make_tour


@pytest.fixture
def villages(db):
    """Five villages along a road, each with a square within reach; none was ever reached."""
    made = [factories.village(lon=110.0 + 0.1 * k, lat=40.6) for k in range(5)]
    for each in made:
        factories.front(each)
        factories.site(each.location.x, each.location.y)
    factories.standard("active", months=12)
    return made


@pytest.fixture
def troupe(villages):
    return factories.troupe(location=Point(109.9, 40.6), teams=2)


@pytest.fixture
def tour(troupe):
    return make_tour(troupe)
