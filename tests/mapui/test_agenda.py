"""The page of events: its days, its filters, and what it offers where nothing is on."""

import datetime

import pytest

from events.models import Event
from mapui.filters import Agenda
from mapui.whats_on import agenda
from sites import clock
from tests import factories

DAY = datetime.timedelta(days=1)
SATURDAY = datetime.date(2026, 7, 18)


@pytest.fixture
def stage(square):
    return square


@pytest.fixture
def open_to_all(stage, today):
    """A show a day at the square in the fortnight from today, a Wednesday: until midnight."""
    for n in range(14):
        until = clock.midnight(today + (n + 1) * DAY)
        fields = {"site": stage, "status": "planned", "ends_at": until}
        factories.event(today + n * DAY, code=f"E-day{n}", **fields)


def told(client, query=""):
    page = client.get(f"/events/{query}")
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.parametrize(
    ("view", "first", "last"),
    [
        ("day", "2026-07-15", "2026-07-15"),
        ("week", "2026-07-13", "2026-07-19"),
        ("month", "2026-07-01", "2026-07-31"),
    ],
)
def test_a_calendar_shows_the_days_around_a_day(view, first, last):
    shown = agenda.span(Agenda(view=view), datetime.date(2026, 7, 15))
    assert (str(shown.first), str(shown.last)) == (first, last)


def test_months_turn_to_the_first_of_the_next_even_from_their_last_day():
    shown = agenda.span(Agenda(view="month", first=datetime.date(2026, 12, 31)), SATURDAY)
    assert (str(shown.before), str(shown.after)) == ("2026-11-01", "2027-01-01")


@pytest.mark.parametrize(
    ("day", "first", "last"), [(13, 18, 19), (17, 18, 19), (18, 19, 19), (19, 25, 26)]
)
def test_the_weekend_is_the_one_to_come(day, first, last):
    found = agenda.weekend(datetime.date(2026, 7, day))
    assert [each.day for each in found] == [first, last]


def test_weeks_of_a_month_are_whole():
    for month in range(1, 13):
        first = datetime.date(2026, month, 1)
        span = agenda.span(Agenda(view="month", first=first), first)
        length = (span.last - span.first).days + 1
        weeks = agenda.weeks([agenda.Day(first + n * DAY) for n in range(length)])
        assert {len(week) for week in weeks} == {7}
        assert {week[0].date.weekday() for week in weeks} == {0}
        assert sum(not day.outside for week in weeks for day in week) == length


def test_a_day_lists_its_first_events_and_counts_all(stage, today):
    for minute in range(5):
        at = clock.midnight(today) + datetime.timedelta(hours=9, minutes=minute)
        factories.event(code=f"E-{minute}", starts_at=at, site=stage, status="planned")
    (day,) = agenda.days(Event.objects.with_places(), today, today, 3, clock.now())
    assert [event.code for event in day.events] == ["E-0", "E-1", "E-2"]
    assert (day.count, day.more) == (5, 2)


def test_days_are_shanghais(stage, today):
    """Half past midnight in Shanghai is still the day before in UTC."""
    at = clock.midnight(today) + datetime.timedelta(minutes=30)
    factories.event(starts_at=at, site=stage, status="planned")
    before, day = agenda.days(Event.objects.with_places(), today - DAY, today, 3, clock.now())
    assert (before.count, day.count) == (0, 1)
    counted = {
        day.date: day.count for week in agenda.counted(Event.objects.all(), today) for day in week
    }
    assert (counted[today - DAY], counted[today]) == (0, 1)


def test_the_day_from_which_an_event_moved_says_so(client, stage, today):
    event = factories.event(today + DAY, code="E-moved", site=stage, status="confirmed")
    Event.objects.filter(pk=event.pk).update(
        starts_at=event.starts_at + 3 * DAY, ends_at=event.ends_at + 3 * DAY
    )
    page = told(client, "?view=day&from=2026-07-16")
    assert "改到 7月19日 周日 09:00" in page
    assert "改到" not in told(client, "?view=day&from=2026-07-17")
    for view in ("week", "month"):
        assert "改到 7月19日" in told(client, f"?view={view}")


def test_the_first_page_begins_with_today_and_the_weekend(client, open_to_all):
    page = told(client)
    first, second = page.index('id="soon-today"'), page.index('id="soon-weekend"')
    rest = page.index("接下来的全部活动")
    assert first < second < rest
    assert "E-day0" in page[first:second]
    assert "E-day3" in page[second:rest]
    assert "E-day1/" not in page[first:rest]


@pytest.mark.parametrize(
    ("day", "chip"),
    [
        ("2026-07-15", 'from=2026-07-18&amp;to=2026-07-19" >这个周末<'),
        ("2026-07-17", 'from=2026-07-18&amp;to=2026-07-19" >这个周末<'),
        ("2026-07-18", 'from=2026-07-18&amp;to=2026-07-19" >这个周末<'),
        ("2026-07-19", 'from=2026-07-25&amp;to=2026-07-26" >下个周末<'),
    ],
)
def test_the_weekend_is_one_click_away(client, stage, settings, day, chip):
    settings.TODAY = day
    page = told(client)
    assert chip in page[page.index('class="whens') : page.index("七天内")]


def test_what_a_name_can_mean_is_asked_above_the_form(client, stage):
    for _ in range(2):
        factories.village(name="红庆德村")
    page = told(client, "?place=hongqingde")
    assert page.index("有好几处") < page.index('<form class="filters"')
    assert '<details class="choice" >' in page
    assert '<details class="choice" open>' in told(client, "?place=火星")


def test_the_days_of_a_week_that_are_past_are_marked(client, open_to_all):
    page = told(client, "?view=week")
    assert page.count('class="past"') == 2
    assert page.index("已过") < page.index('class="today"')


def test_what_is_over_is_not_to_come(client, stage, today):
    early = clock.midnight(today) + datetime.timedelta(minutes=1)
    factories.event(code="E-early", starts_at=early, site=stage, status="planned")
    Event.objects.update(ends_at=early + datetime.timedelta(seconds=1))
    assert "E-early" not in told(client)
    assert "E-early" in told(client, "?view=day")


@pytest.mark.parametrize("view", ["list", "day", "week", "month"])
def test_filters_are_kept_when_the_layout_changes(client, open_to_all, view):
    page = told(client, f"?region=150203&kind=show&view={view}")
    for other in ("day", "week", "month"):
        assert f"?region=150203&amp;kind=show&amp;view={other}" in page
    assert '<option value="show" selected>' in page


def test_a_condition_can_be_taken_away_by_itself(client, open_to_all):
    page = told(client, "?region=150203&kind=show&from=2026-07-16")
    assert 'href="?kind=show&amp;from=2026-07-16"' in page
    assert 'href="?region=150203&amp;from=2026-07-16"' in page


def test_the_subscription_takes_the_filters_but_not_the_days(client, open_to_all):
    page = told(client, "?region=150203&kind=show&view=week&from=2026-07-16")
    assert 'href="webcal://testserver/events.ics?region=150203&amp;kind=show"' in page
    assert 'href="/events.rss?region=150203&amp;kind=show"' in page


def test_an_empty_day_leads_to_the_nearest_days_and_other_counties(client, stage, today):
    far = factories.site(county="150221", code="150221-0001")
    for day in (-3, 5):
        factories.event(today + day * DAY, site=stage, status="held" if day < 0 else "planned")
    factories.event(today, site=far, status="planned")
    page = told(client, "?view=day&region=150203")
    assert "from=2026-07-20" in page
    assert "from=2026-07-12" in page
    assert "?view=day&amp;region=150221" in page


def test_a_cancelled_event_is_no_next_step(client, stage, today):
    factories.event(today + DAY, site=stage, status="cancelled")
    page = told(client, "?view=day")
    assert "看下一个有活动的日子" not in page
    assert "在地图上找场所" in page


def test_a_name_leads_to_what_is_near_it(client, open_to_all, stage):
    answer = client.get("/events/?place=民主广场&within=5000&kind=show&page=2")
    assert answer.status_code == 302
    assert answer["Location"] == f"/events/?within=5000&kind=show&near={stage.code}"
    page = told(client, f"?near={stage.code}&within=5000")
    assert "离民主广场 5 公里以内" in page


def test_a_name_that_several_bear_asks_which(client, open_to_all, stage, county):
    for township in ("150203001", "150203002"):
        factories.village(township, name="民主村")
    page = told(client, "?place=民主村")
    assert page.count("&amp;near=") + page.count("?near=") >= 2
    assert "有好几处" in page


@pytest.mark.parametrize("typed", ["友谊广场", "mzgc", "minzhuguangchang", "民主广厂"])
def test_a_place_is_found_however_its_name_is_written(client, open_to_all, stage, typed):
    type(stage).objects.filter(pk=stage.pk).update(former_names="友谊广场")
    answer = client.get("/events/", {"place": typed})
    assert answer.status_code == 302, typed
    assert answer["Location"] == f"/events/?near={stage.code}"


def test_a_name_that_nobody_bears_says_what_to_do(client, open_to_all):
    page = told(client, "?place=不存在")
    assert "没有找到叫“不存在”的" in page
    assert "E-day0" in page


def test_where_a_person_is_can_not_be_sent(client, open_to_all):
    assert client.get("/events/?near=110.0,40.0").status_code == 422


def test_of_what_is_over_the_latest_comes_first(client, stage, today):
    for day in (10, 3, 7):
        factories.event(today - day * DAY, code=f"E-ago{day}", site=stage)
    page = told(client, "?to=2026-07-14")
    assert page.index("E-ago3") < page.index("E-ago7") < page.index("E-ago10")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?view=day",
        "?view=week",
        "?view=month",
        "?to=2026-07-14",
        "?near=150203-0001&view=week&kind=show",
        "?view=day&from=2027-01-01&region=150203&kind=show",
    ],
)
def test_a_page_of_events_takes_at_most_12_queries(
    client, open_to_all, django_assert_max_num_queries, query
):
    with django_assert_max_num_queries(12):
        told(client, query)
