import datetime

from events.models import Event
from mapui.whats_on import happenings
from sites import clock
from tests import factories

DAY = datetime.timedelta(days=1)


def test_next_and_last_are_those_of_the_querysets(today, county):
    """One query for a whole list says what the events of each site say alone."""
    sites = [factories.site() for _ in range(3)]
    statuses = ("held", "confirmed", "cancelled", "planned")
    for number in range(24):
        day = today + (number - 12) * DAY
        status = statuses[0] if day < today else statuses[number % 4]
        if status == "held" and day >= today:
            continue
        factories.event(day, site=sites[number % 3], status=status)
    now = clock.now()
    found = happenings.at_sites([(site.code, site.kind, None) for site in sites], now)
    for site in sites:
        own = Event.objects.filter(site=site)
        assert found.next[site.code]["code"] == own.upcoming(now).first().code
        assert found.last[site.code]["code"] == own.held_before(now).first().code


def test_a_front_has_the_events_of_its_village_and_its_own(today, county):
    village = factories.village()
    front = factories.front(village)
    factories.event(today - 5 * DAY, village=village)
    own = factories.event(today - 2 * DAY, site=front)
    soon = factories.event(today + DAY, village=village, status="confirmed")
    factories.event(today + 2 * DAY, site=front, status="confirmed")
    found = happenings.at_sites([(front.code, front.kind, village.code)], clock.now())
    assert found.last[front.code]["code"] == own.code
    assert found.next[front.code]["code"] == soon.code


def test_a_square_in_a_village_has_not_the_events_at_the_village(today, county):
    village = factories.village()
    square = factories.site(village=village)
    factories.event(today - DAY, village=village)
    found = happenings.at_sites([(square.code, square.kind, village.code)], clock.now())
    assert found.last == {}


def test_no_sites_have_no_events(today, db):
    assert happenings.at_sites([], clock.now()) == happenings.Happenings({}, {})
