"""What goes with the demonstration, and what stays."""

import datetime

import pytest
from django.contrib.gis.geos import Point

from events import demonstration
from events.models import Event, Lodging, Occasion, Team, Tour, Troupe, VisitRequest
from sites import clock
from sites.models import Remark, Site, Village
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


def test_lodgings_the_calendar_messages_and_a_troupes_teams_go_too():
    village = factories.village(source="published")
    troupe = factories.troupe(source="demonstration")
    Team.objects.create(troupe=troupe, number=1, name="一队")
    day = datetime.date(2026, 7, 15)
    for source in ("demonstration", "official"):
        shared = {"source": source}
        place = {"region": village.township, "location": Point(110, 40), "beds": 8}
        Lodging.objects.create(code=source, name=source, **place, **shared)
        factories.occasion(
            name=source, kind="closed", village=village, first=day, last=day, **shared
        )
        VisitRequest.objects.create(village=village, made_on=day, **shared)
        county = village.township.parent
        Remark.objects.create(
            kind="other", village=village, county=county, sent_at=clock.now(), **shared
        )
    counts = demonstration.forget()
    assert [counts[name] for name in ("住宿点", "当地日历", "点单", "留言")] == [1, 1, 1, 1]
    for model in (Lodging, Occasion, VisitRequest, Remark):
        assert [each.source for each in model.objects.all()] == ["official"]
    assert not Troupe.objects.exists()
    assert not Team.objects.exists()


def test_a_tour_that_sleeps_at_a_demonstration_lodging_is_told(today):
    region = factories.region("150203001")
    place = {"region": region, "location": Point(110, 40), "beds": 8, "source": "demonstration"}
    bed = Lodging.objects.create(code="H", name="旅馆", **place)
    tour = Tour.objects.create(
        name="北线", start=today, days=1, made_at=clock.now(),
        troupe=factories.troupe(), programme=factories.programme(),
    )  # fmt: skip
    now = clock.now()
    tour.team_days.create(team=1, date=today, leaves_at=now, back_at=now, sleeps_at=bed)
    with pytest.raises(demonstration.StillNeeded, match=f"巡演 {tour.pk} 北线"):
        demonstration.forget()
