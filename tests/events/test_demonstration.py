"""What goes with the demonstration, and what stays."""

import pytest

from events import demonstration
from events.models import Event
from sites.models import Site, Village
from tests import factories

pytestmark = pytest.mark.django_db


def test_demonstration_records_go_and_others_stay():
    village = factories.village(source="published")
    kept = factories.site(source="official", village=village)
    factories.event(site=factories.site(source="demonstration"), source="demonstration")
    demonstration.forget()
    assert list(Village.objects.all()) == [village]
    assert list(Site.objects.all()) == [kept]
    assert not Event.objects.exists()
