"""The troupe leader's pages: who has waited, a tour asked for, its page, and variants compared."""

import datetime
import json
import re

import pytest
from django.conf import settings

from events.models import Stop, Tour, TourDay
from mapui.outward import feeds
from mapui.tours import overview, papers, telling
from mapui.tours.forms import next_monday
from mapui.tours.page import tour_words
from mapui.words import browser_words
from sites import clock
from tests import factories

pytestmark = pytest.mark.django_db
QUERIES = 12
FORM = {
    "start": "2026-07-20",
    "days": "3",
    "teams": "1",
    "region": "",
    "nights": "away",
    "standard": "active",
    "slack": "10",
    "max_to_bed": "90",
    "max_duty": "",
    "lunch_from": "12:00",
    "lunch_to": "13:00",
    "daylight": "on",
    **{"w_month": "1", "w_months_cap": "36", "w_hundred_people": "1", "w_newly": "20"},
    **{"w_request": "10", "w_market": "5", "w_festival": "10", "w_quota": "2"},
    **{"fuel_yuan": "90", "lodging_yuan": "120", "allowance_yuan": "100"},
}


@pytest.fixture
def leader(client, today):
    client.force_login(factories.user("leader", role="troupe"))
    return client


@pytest.fixture
def active(county):
    """Every village has a square within 1 km and an event in 12 months."""
    return factories.standard(code="active", months=12, event_kinds=[], max_distance_m=1000)


@pytest.fixture
def troupe(county):
    return factories.troupe(code="T-1", name="乌兰牧骑", location="POINT(110 40)")


@pytest.fixture
def wish(active, troupe, three_villages):
    """A form that is filled in well."""
    return {**FORM, "troupe": troupe.code, "programme": factories.programme().code}


def tour(troupe, villages, name="方案一", **fields):
    """A planned tour of one day that visits the villages one after the other."""
    programme = factories.programme()
    start = datetime.date(2026, 7, 20)
    fields = {"programme": programme, "start": start, "days": 2, "status": "draft", **fields}
    made = Tour.objects.create(name=name, troupe=troupe, made_at=clock.now(), value=30, **fields)
    leaves = clock.midnight(start) + datetime.timedelta(hours=8)
    day = TourDay.objects.create(
        tour=made,
        team=1,
        date=start,
        leaves_at=leaves,
        back_at=leaves + datetime.timedelta(hours=9),
        drive_m=10_000,
        drive_min=20,
    )
    for order, village in enumerate(villages, 1):
        begin = leaves + datetime.timedelta(hours=2 * order)
        end = begin + datetime.timedelta(hours=1)
        times = {"arrive": begin, "begin": begin, "leave": end, "drive_min": 30, "drive_m": 20_000}
        why = {"newly": [village.pk]}
        Stop.objects.create(
            tour=made, day=day, order=order, village=village, value=10, why=why, **times
        )
    return made


def text_of(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/tours/", "/tours/new/", "/tours/1/", "/tours/compare/", "/tours/waiting/"]
)
def test_whoever_is_not_signed_in_is_asked_to(client, today, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert "/admin/login/" in answer["Location"]


def test_a_steward_is_told_whom_the_pages_are_for(client, steward, today):
    client.force_login(steward)
    assert "演出队和规划人员" in text_of(client.get("/tours/"), 403)


@pytest.mark.parametrize("role", ["troupe", "planner"])
def test_troupes_and_planners_plan_tours(client, today, role):
    client.force_login(factories.user("somebody", role=role))
    assert "排一次巡演" in text_of(client.get("/tours/"))


def test_everybody_finds_the_way_to_the_tours(client, today, county):
    assert 'href="/tours/"' in text_of(client.get("/"))


def test_who_was_never_reached_waits_longest(leader, active, three_villages):
    factories.event(datetime.date(2026, 6, 1), village=three_villages[0])
    factories.event(datetime.date(2025, 6, 1), village=three_villages[1])
    page = leader.get("/tours/waiting/")
    codes = [each.code for each, _coming in page.context["waiting"]]
    assert codes == [v.pk for v in reversed(three_villages)]
    figures = [page.context[name] for name in ("never", "over_a_year", "total")]
    assert figures == [1, 1, 3]


def test_the_waiting_list_is_for_one_region_and_shows_ten_then_more(leader, active, county):
    for _each in range(45):
        factories.village()
    elsewhere = factories.village(township="150204001")
    page = leader.get("/tours/waiting/?region=150203")
    assert len(page.context["waiting"]) == 10
    assert elsewhere.name not in text_of(page)
    assert "skip=30" in text_of(page)
    more = leader.get("/tours/waiting/?region=150203&skip=30")
    assert len(more.context["waiting"]) == 40


def test_who_waits_is_said_to_be_planned_already(leader, active, troupe, three_villages):
    soon = datetime.date(2026, 7, 20)
    factories.event(soon, village=three_villages[0], status="planned")
    tour(troupe, three_villages[1:2])
    body = text_of(leader.get("/tours/waiting/"))
    assert body.count("已排 07-20") == 1
    assert body.count("草案 07-20") == 1


def test_the_waiting_list_comes_before_everything_else(leader, active, three_villages):
    body = text_of(leader.get("/tours/"))
    places = [body.index(f'id="{name}"') for name in ("waiting", "weeks", "tours-title")]
    assert places == sorted(places)


def test_several_villages_that_wait_lead_to_a_form_that_visits_them(leader, wish, three_villages):
    codes = [village.pk for village in three_villages[:2]]
    page = leader.get(f"/tours/new/?must={codes[0]}&must={codes[1]}&region=")
    assert page.context["form"]["must"].value().split() == codes
    assert three_villages[0].name in page.context["form"].village_names[codes[0]]


def test_a_village_that_waits_leads_to_a_form_that_visits_it(leader, wish, three_villages):
    code = three_villages[0].pk
    page = leader.get(f"/tours/new/?must={code}&region={code[:6]}")
    assert page.context["form"]["must"].value() == code
    assert page.context["form"]["region"].value() == "150203"
    assert page.context["form"].open == {"who", "where"}


def test_the_tours_page_opens_before_any_record_exists(leader):
    assert "还没有巡演" in text_of(leader.get("/tours/"))
    assert "还没有一条以村为对象的标准" in text_of(leader.get("/tours/waiting/"))


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ((2026, 12, 1), ["宪法宣传周"]),
        ((2026, 12, 7), ["宪法宣传周"]),
        ((2026, 12, 8), []),
        ((2026, 5, 31), ["民法典宣传月"]),
        ((2026, 11, 1), ["法治宣传教育月"]),
    ],
)
def test_dated_campaigns_are_marked_on_their_days(day, names):
    assert overview.campaigns_on(datetime.date(*day)) == names


def at(day, hour=12):
    return clock.midnight(day) + datetime.timedelta(hours=hour)


def test_the_calendar_counts_each_troupes_events_by_day_but_no_cancelled_ones(troupe, square):
    today = datetime.date(2026, 7, 15)
    for status in ("planned", "planned", "confirmed", "cancelled"):
        factories.event(
            today + datetime.timedelta(days=1), site=square, troupe=troupe, status=status
        )
    (row,) = overview.calendar(at(today)).rows
    marks = {day.date: [(m.state, m.n) for m in marks] for day, marks in row.cells if marks}
    assert marks == {datetime.date(2026, 7, 16): [("confirmed", 1), ("planned", 2)]}
    assert (row.name, row.held, row.due) == ("乌兰牧骑", 0, 0)


def test_the_calendar_starts_with_last_week_and_says_how_much_of_the_plan_was_held(troupe, square):
    today = datetime.date(2026, 7, 15)
    for day, status in ((6, "held"), (7, "held"), (8, "planned"), (20, "planned")):
        factories.event(today.replace(day=day), site=square, troupe=troupe, status=status)
    made = overview.calendar(at(today))
    assert [made.days[0].date, made.days[-1].date] == [
        datetime.date(2026, 7, 6),
        datetime.date(2026, 8, 9),
    ]
    assert [day.date for day in made.days if day.is_today] == [today]
    (row,) = made.rows
    states = [mark.state for _day, marks in row.cells for mark in marks]
    assert states == ["held", "held", "overdue", "planned"]
    assert (row.held, row.due) == (2, 3)


def test_tours_that_nobody_confirmed_stand_in_the_calendar_apart(leader, troupe, three_villages):
    draft = tour(troupe, three_villages)
    confirmed = {"status": "confirmed", "confirmed_at": clock.now()}
    tour(troupe, three_villages, name="方案二", **confirmed)
    page = leader.get("/tours/")
    (shown,) = page.context["calendar"].drafts
    stops = {day.date.day: n for day, n in shown.cells if n is not None}
    assert (shown.tour, stops) == (draft, {20: 3, 21: 0})
    assert 'class="mark draft"' in text_of(page)


def test_other_weeks_of_the_calendar_have_their_address(leader, troupe):
    page = leader.get("/tours/?from=2026-11-30")
    days = page.context["calendar"].days
    assert days[0].date == datetime.date(2026, 11, 30)
    assert "◆ 宪法宣传周" in text_of(page) or not page.context["calendar"].rows
    assert [(span.name, span.days) for span in page.context["calendar"].spans][:2] == [
        ("法治宣传教育月", 1),
        ("宪法宣传周", 7),
    ]


def test_the_months_figures_add_up(troupe, square, today):
    for day, status in ((1, "held"), (2, "planned"), (20, "planned"), (21, "cancelled")):
        factories.event(today.replace(day=day), site=square, troupe=troupe, status=status)
    factories.event(today.replace(day=3), site=square)
    month = overview.month(clock.now())
    assert (month["planned"], month["held"], month["overdue"], month["coming"]) == (3, 1, 1, 1)


def test_next_monday_is_never_today():
    assert next_monday(datetime.date(2026, 11, 30)) == datetime.date(2026, 12, 7)
    assert next_monday(datetime.date(2026, 12, 6)) == datetime.date(2026, 12, 7)


def test_the_form_says_its_limits_and_starts_with_next_monday(leader, wish):
    page = leader.get("/tours/new/")
    assert "最多 14 天、6 个队" in text_of(page)
    assert page.context["form"]["start"].value() == datetime.date(2026, 7, 20)


def test_a_tour_that_is_asked_for_is_queued_with_its_rules(leader, wish, three_villages):
    more = {"must": three_villages[0].name, "exclude": three_villages[1].pk, "each_county": "4"}
    answer = leader.post("/tours/new/", {**wish, **more, "reserve": ["3"], "w_newly": "50"})
    made = Tour.objects.get()
    assert answer["Location"] == f"/tours/{made.pk}/"
    assert (made.status, made.author.username, made.days) == ("queued", "leader", 3)
    assert made.name == "乌兰牧骑 7 月 20 日起 3 天"
    rules = made.rules
    assert rules["must"] == [three_villages[0].pk]
    assert rules["exclude"] == [three_villages[1].pk]
    assert rules["reserve"] == ["2026-07-22"]
    assert rules["lunch"] == ["12:00", "13:00"]
    assert rules["weights"]["newly"] == 50
    assert rules["quotas"] == {"150203": 4}
    assert (rules["max_duty"], rules["bilingual"]) == (None, False)


def hours(*lines):
    """Lines of hours as a browser sends them: (team, day, first, last) or (team, day)."""
    sent = {"hours-TOTAL_FORMS": str(len(lines)), "hours-INITIAL_FORMS": "0"}
    for i, (team, day, *span) in enumerate(lines):
        first, last = span or ("", "")
        line = {"team": team, "day": day, "first": first, "last": last}
        sent |= {f"hours-{i}-{name}": value for name, value in line.items()}
        sent |= {} if span else {f"hours-{i}-off": "on"}
    return sent


def test_everything_that_the_api_takes_can_be_asked_for_by_hand(leader, wish, three_villages):
    code = three_villages[0].pk
    more = {
        **{"teams": "2", "seconds": "45", "seed": "7", "off_2": code, "quota_150203": "6"},
        **{"each_county": "3", "w_month": "1.5", "max_to_bed": "60", "max_duty": "600"},
        **hours((0, 0, "07:30", "18:00"), (2, 0, "09:00", "17:00"), (2, 3)),
    }
    leader.post("/tours/new/", {**wish, **more})
    made = Tour.objects.get()
    assert made.seconds == 45
    rules = made.rules
    assert (rules["seed"], rules["max_to_bed"], rules["max_duty"]) == (7, 60, 600)
    assert rules["keep_off"] == {"2": [code]}
    assert rules["quotas"]["150203"] == 6
    assert rules["weights"]["month"] == 1.5
    assert rules["hours"]["1"]["2026-07-20"] == ["07:30", "18:00"]
    assert rules["hours"]["2"] == {
        "2026-07-20": ["09:00", "17:00"],
        "2026-07-21": ["09:00", "17:00"],
        "2026-07-22": None,
    }


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ((1, 1, "09:00", ""), "请填从几点到几点"),
        ((1, 1, "09:00", "08:00"), "最晚回到应晚于最早出发"),
        ((1, 99, "09:00", "18:00"), "请从列表里选"),
        ((1, 1, "soon", "18:00"), "请填时间"),
    ],
)
def test_hours_that_cannot_be_are_said_at_their_line(leader, wish, line, sentence):
    answer = leader.post("/tours/new/", {**wish, **hours(line)})
    assert sentence in text_of(answer, 422)
    assert not Tour.objects.exists()


def test_the_same_is_asked_for_again_from_a_tour(leader, wish, three_villages):
    more = {
        "teams": "2",
        "must": three_villages[0].pk,
        "off_1": three_villages[1].pk,
        "slack": "17",
    }
    leader.post(
        "/tours/new/", {**wish, **more, "reserve": ["3"], **hours((2, 0, "09:00", "17:00"))}
    )
    before = Tour.objects.get()
    form = leader.get(f"/tours/new/?like={before.pk}").context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, False)}
    (line,) = form.initial["hours"]
    lines = hours([line[name] for name in ("team", "day", "first", "last")])
    leader.post("/tours/new/", {**sent, "name": "再排", **lines})
    again = Tour.objects.get(name="再排")
    assert again.rules == before.rules
    assert (again.start, again.days, again.teams) == (before.start, before.days, before.teams)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("days", "15", "请填 1 到 14 的整数"),
        ("days", "", "请填 1 到 14 的整数"),
        ("teams", "0", "请填 1 到 6 的整数"),
        ("teams", "2.5", "请填 1 到 6 的整数"),
        ("start", "2026-07-14", "已经过去"),
        ("start", "soon", "请填日期"),
        ("start", "9999-12-31", "2100"),
        ("troupe", "T-none", "请选演出队"),
        ("region", "150299", "请从列表里选"),
        ("nights", "tent", "请选怎么住"),
        ("standard", "none", "请选一条在用的标准"),
        ("lunch_to", "", "午休要填从几点到几点"),
        ("lunch_to", "11:00", "午休结束应晚于开始"),
        ("w_newly", "-1", "请填 0 到 10000 的数"),
        ("reserve", "9", "没有第 9 天"),
        ("must", "无此村", "没有叫“无此村”的村"),
        ("must", "150203999999", "没有叫“150203999999”的村"),
        ("name", "a\0b", "NUL"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    leader, wish, field, value, sentence
):
    answer = leader.post("/tours/new/", {**wish, "slack": "17", field: value})
    form = answer.context["form"]
    assert sentence in " ".join(form.errors[field])
    assert sentence in text_of(answer, 422)
    assert form["slack"].value() == "17"
    assert not Tour.objects.exists()


def test_a_name_of_several_villages_asks_for_a_code(leader, wish):
    twins = [factories.village(name="同名村") for _each in range(2)]
    answer = leader.post("/tours/new/", {**wish, "must": "同名村"})
    assert twins[0].pk in " ".join(answer.context["form"].errors["must"])


def test_a_village_cannot_be_asked_for_and_left_out(leader, wish, three_villages):
    both = {"must": three_villages[0].pk, "exclude": three_villages[0].pk}
    answer = leader.post("/tours/new/", {**wish, **both})
    assert "请只留一项" in " ".join(answer.context["form"].errors["exclude"])


def test_not_every_day_can_be_kept_in_reserve(leader, wish):
    answer = leader.post("/tours/new/", {**wish, "days": "2", "reserve": ["1", "2"]})
    assert "请至少留一天" in " ".join(answer.context["form"].errors["reserve"])


def test_a_tours_page_carries_what_its_modules_need(leader, troupe, three_villages):
    made = tour(troupe, three_villages, region="150203")
    page = leader.get(f"/tours/{made.pk}/")
    facts = page.context["facts"]
    assert json.loads(json.dumps(facts)) == facts
    assert facts["dates"] == ["2026-07-20", "2026-07-21"]
    assert facts["teams"] == [{"team": 1, "name": "1 队", "home": [110.0, 40.0]}]
    assert (facts["region"], facts["lunch"]) == ("150203", [720, 780])
    body = text_of(page)
    assert "7 月 20 日 – 7 月 21 日" in body
    assert " style=" not in body.split("<main", 1)[1]


def test_an_unknown_tour_is_a_404(leader):
    assert "没有编号为 77 的巡演" in text_of(leader.get("/tours/77/"), 404)


def test_variants_of_a_tour_lead_to_each_other(leader, troupe, three_villages):
    first = tour(troupe, three_villages)
    second = tour(troupe, three_villages[:1], name="方案二", origin=first)
    for each, other in ((first, second), (second, first)):
        body = text_of(leader.get(f"/tours/{each.pk}/"))
        assert f'href="/tours/{other.pk}/"' in body
        assert f"/tours/compare/?ids={first.pk},{second.pk}" in body


@pytest.mark.parametrize("query", ["ids={0},{1}", "ids={0}&ids={1}"])
def test_variants_side_by_side(leader, troupe, three_villages, query):
    first = tour(troupe, three_villages)
    second = tour(troupe, three_villages[:1], name="方案二", origin=first)
    page = leader.get(f"/tours/compare/?{query.format(first.pk, second.pk)}")
    compared = page.context["compared"]
    assert [each["sums"]["stops"] for each in compared] == [3, 1]
    assert [each["sums"]["newly"] for each in compared] == [3, 1]
    assert [each["sums"]["km"] for each in compared] == [70, 30]
    assert [v.pk for v in compared[0]["only_here"]] == [v.pk for v in three_villages[1:]]
    assert compared[1]["only_here"] == []


def test_tours_that_are_gone_are_named_in_a_comparison(leader, troupe, three_villages):
    made = tour(troupe, three_villages)
    body = text_of(leader.get(f"/tours/compare/?ids={made.pk},999"))
    assert "没有编号为 999 的巡演" in body


def test_too_many_tours_to_compare_are_refused(leader):
    assert "ids" in text_of(leader.get("/tours/compare/?ids=1,2,3,4,5"), 422)


def test_whatever_the_modules_say_is_among_the_pages_words(today):
    modules = (settings.BASE_DIR / "mapui/static/mapui").glob("tour*.js")
    text = "".join(module.read_text() for module in modules)
    said = set(re.findall(r'say\("(\w+)"', text))
    assert said <= tour_words().keys() | browser_words().keys()


PAGES = ("/tours/", "/tours/waiting/", "/tours/new/", "/tours/{0}/", "/tours/compare/?ids={0},{1}")


@pytest.fixture
def addresses(active, troupe, three_villages):
    """The pages' addresses, in a world with three tours."""
    numbers = [tour(troupe, three_villages, name=str(n)).pk for n in range(3)]
    return {page: page.format(*numbers) for page in PAGES}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_at_most_12_queries(leader, addresses, django_assert_max_num_queries, page):
    leader.get(addresses[page])
    with django_assert_max_num_queries(QUERIES):
        text_of(leader.get(addresses[page]))


def test_a_leg_that_the_routing_server_did_not_answer_says_so_on_page_and_paper(
    troupe, three_villages, active
):
    made = tour(troupe, three_villages, travel="http://router driving")
    assert telling.told(made)["sums"]["legs_estimated"] == 0
    assert "没有答复" not in papers._travel(made)
    stop = made.stops.first()
    Stop.objects.filter(pk=stop.pk).update(drive_estimated=True)
    told = telling.told(made)
    assert told["sums"]["legs_estimated"] == 1
    assert [each["drive_estimated"] for each in told["days"][0]["stops"]] == [True, False, False]
    assert "路网服务没有答复的 1 段是估算" in papers._travel(made)
    assert "估算" in feeds.way(made, made.stops.first())[0]
