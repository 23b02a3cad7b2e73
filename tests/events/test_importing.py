"""Files into troupes, programmes and events."""

import datetime

import pytest

from events.importing import EVENTS, KINDS, LODGINGS, OCCASIONS, PROGRAMMES, TROUPES
from events.models import Event, Lodging, Occasion, Programme, Reach, Troupe
from sites.clock import SHANGHAI
from sites.errors import ImportRejected
from sites.importing import apply_rows, export, run
from tests import factories
from tests.sites.test_importing import load, refusals, the_refusal

pytestmark = pytest.mark.django_db

VILLAGE = "150203001001"
EVENT = {
    "编号": "E2026-0001",
    "节目编号": "P-1",
    "村代码": VILLAGE,
    "开始时间": "2026-06-01 09:00",
    "结束时间": "2026-06-01 10:30",
}

MARKET = {
    "名称": "逢三集",
    "含义": "集市",
    "村代码": VILLAGE,
    "从": "2026-01-01",
    "到": "2026-12-31",
    "每月几日": "3、13;23",
    "几点起": "8:00",
    "到几点": "12:00",
}

LODGING = {
    "编号": "H-1",
    "名称": "固阳宾馆",
    "区划代码": "150203001",
    "经度": "110.05",
    "纬度": "41.03",
    "床位": "20",
    "每床每晚(元)": "120",
}


@pytest.fixture
def stage(today):
    """A programme, a troupe, a host, a site in 东河 and three villages of 昆都仑."""
    factories.programme(code="P-1")
    factories.troupe(code="T-1")
    factories.organ(code="O-1")
    factories.site(code="150202-0001", county="150202")
    for serial in ("001", "002", "003"):
        factories.village(code=f"150203001{serial}")


def event(**fields):
    return EVENT | fields


def uncoded(**change):
    return {title: value for title, value in EVENT.items() if title != "编号"} | change


def at(hour, minute=0, day=1):
    return datetime.datetime(2026, 6, day, hour, minute, tzinfo=SHANGHAI)


def test_a_row_makes_an_event_in_shanghais_time(stage):
    load(EVENTS, event(演出队="T-1", 人数="120", 专项="宪法宣传周", 对象="进乡村"))
    made = Event.objects.get()
    assert (made.starts_at, made.ends_at) == (at(9), at(10, 30))
    assert (made.village_id, made.troupe_id, made.attendance) == (VILLAGE, "T-1", 120)
    assert (made.status, made.campaign, made.audience) == ("planned", "宪法宣传周", "villages")


def test_hosts_and_reached_villages_are_linked(stage):
    load(EVENTS, event(主办="O-1", 惠及村代码="150203001002;150203001003"))
    made = Event.objects.get()
    assert [organ.code for organ in made.hosts.all()] == ["O-1"]
    assert {v.code for v in made.reaches.all()} == {"150203001002", "150203001003"}


def test_links_are_changed_only_where_they_differ(stage):
    load(EVENTS, event(惠及村代码="150203001002;150203001003"))
    kept = Reach.objects.get(village="150203001003").pk
    result = load(EVENTS, event(惠及村代码="150203001003、150203001001"))
    assert (result.updated, result.unchanged) == (1, 0)
    assert set(Reach.objects.values_list("village", flat=True)) == {"150203001001", "150203001003"}
    assert Reach.objects.get(village="150203001003").pk == kept
    assert load(EVENTS, event(惠及村代码="150203001001;150203001003")).unchanged == 1


def test_an_absent_list_keeps_the_links_and_a_blank_one_clears_them(stage):
    load(EVENTS, event(惠及村代码="150203001002"))
    load(EVENTS, event(人数="5"))
    assert Reach.objects.count() == 1
    load(EVENTS, event(惠及村代码=""))
    assert Reach.objects.count() == 0


def test_a_held_event_was_held_when_it_ended_unless_it_says_so(stage):
    load(EVENTS, event(状态="已举办"))
    assert Event.objects.get().held_at == at(10, 30)
    load(EVENTS, event(状态="已举办", 登记举办时间="2026-06-01 11:00"))
    assert Event.objects.get().held_at == at(11)


def test_an_event_that_has_not_begun_was_not_held(stage, settings):
    settings.TODAY = "2026-05-31"
    message = "活动还没开始,不能记为已举办;请改开始时间,或等开始后再记"
    assert the_refusal(EVENTS, event(状态="已举办")) == (2, "状态", message)
    load(EVENTS, EVENT)
    with pytest.raises(ImportRejected, match="活动还没开始"):
        apply_rows(EVENTS, [{"code": EVENT["编号"], "status": "held"}])
    settings.TODAY = "2026-06-02"
    apply_rows(EVENTS, [{"code": EVENT["编号"], "status": "held"}])
    with pytest.raises(ImportRejected, match="活动还没开始"):
        apply_rows(
            EVENTS,
            [
                {
                    "code": EVENT["编号"],
                    "starts_at": "2026-06-03 09:00",
                    "ends_at": "2026-06-03 10:00",
                }
            ],
        )


def test_an_event_may_be_recorded_from_the_moment_that_it_begins():
    begun = Event(status="held", starts_at=at(9))
    assert begun.is_held_too_early(at(8, 59))
    assert not begun.is_held_too_early(at(9))
    assert not Event(status="confirmed", starts_at=at(9)).is_held_too_early(at(8))


def test_an_event_that_is_called_off_after_all_was_not_held(stage):
    load(EVENTS, event(状态="held"))
    load(EVENTS, event(状态="已取消"))
    assert Event.objects.get().held_at is None


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"村代码": ""}, "场所编号"),
        ({"结束时间": "2026-06-01 09:00"}, "结束时间"),
        ({"状态": "已举办", "登记举办时间": "2026-06-01 08:00"}, "登记举办时间"),
        ({"状态": "计划", "登记举办时间": "2026-06-01 11:00"}, "登记举办时间"),
        ({"状态": "推迟"}, "状态"),
        ({"节目编号": "P-9"}, "节目编号"),
        ({"惠及村代码": "150203001002;150203001999"}, "惠及村代码"),
        ({"主办": "O-9"}, "主办"),
        ({"开始时间": "2026-06-01"}, "开始时间"),
        ({"开始时间": "2026-02-30 09:00"}, "开始时间"),
        ({"人数": "-1"}, "人数"),
    ],
)
def test_an_event_that_makes_no_sense_is_refused(stage, change, column):
    assert the_refusal(EVENTS, event(**change))[:2] == (2, column)


def test_an_event_without_a_code_gets_the_next_of_its_year(stage):
    load(EVENTS, EVENT)
    new_year = {"开始时间": "2026-12-31T23:30:00Z", "结束时间": "2027-01-01T01:00:00Z"}
    result = load(EVENTS, uncoded(开始时间="2026-06-01 08:00"), uncoded(**new_year))
    assert result.codes == ("E2026-0002", "E2027-0001")


def test_without_a_code_the_same_programme_place_and_start_are_the_same_event(stage):
    load(EVENTS, EVENT)
    assert load(EVENTS, uncoded(人数="80")).codes == ("E2026-0001",)
    assert Event.objects.get().attendance == 80


def test_two_rows_for_one_event_without_codes_are_refused(stage):
    assert [row for row, *_ in refusals(EVENTS, uncoded(), uncoded(人数="1"))] == [2, 3]


def test_a_row_of_json_records_an_event(stage):
    row = {
        "programme": "P-1",
        "site": "150202-0001",
        "starts_at": "2026-06-01T09:00:00+08:00",
        "ends_at": "2026-06-01T10:00:00+08:00",
        "reaches": [VILLAGE],
        "attendance": 30,
    }
    assert apply_rows(EVENTS, [row]).codes == ("E2026-0001",)
    assert apply_rows(EVENTS, [row]).unchanged == 1
    apply_rows(EVENTS, [{"code": "E2026-0001", "status": "held"}])
    assert Event.objects.get().held_at == at(10)


def test_a_steward_records_what_lies_in_their_county(stage):
    steward = factories.user(role="steward", counties=["150203"])
    assert load(EVENTS, EVENT, user=steward).created == 1
    elsewhere = event(编号="E-2", 村代码="", 场所编号="150202-0001")
    assert "权限" in the_refusal(EVENTS, elsewhere, user=steward)[2]
    both = event(编号="E-3", 场所编号="150202-0001")
    assert "权限" in the_refusal(EVENTS, both, user=steward)[2]


def test_a_troupe_records_events_everywhere(stage):
    troupe = factories.user(role="troupe")
    assert load(EVENTS, event(村代码="", 场所编号="150202-0001"), user=troupe).created == 1


def test_an_event_file_takes_the_same_queries_however_many_rows(
    stage, django_assert_max_num_queries
):
    rows = [event(编号=f"E-{n}", 主办="O-1", 惠及村代码=VILLAGE) for n in range(300)]
    with django_assert_max_num_queries(25):
        load(EVENTS, *rows)


def test_programmes_and_troupes_are_read_with_their_lists(stage):
    programme = {
        "编号": "P-2",
        "名称": "草原",
        "类型": "演出",
        "时长": "90",
        "语言": "蒙古语、汉语",
    }
    load(PROGRAMMES, programme | {"场地要求": "电源;演出场地", "对象": "进乡村"})
    made = Programme.objects.get(code="P-2")
    assert (made.kind, made.minutes, made.languages) == ("show", 90, ["mn", "zh"])
    assert (made.needs, made.audience) == (["power", "stage"], "villages")
    load(TROUPES, {"编号": "T-2", "名称": "一队", "驻地代码": "150203", "队数": "2"})
    assert Troupe.objects.get(code="T-2").teams == 2
    assert the_refusal(PROGRAMMES, programme | {"编号": "P-3", "时长": "0"})[1] == "时长"
    team = {"编号": "T-3", "名称": "一队", "驻地代码": "150203", "队数": "0"}
    assert the_refusal(TROUPES, team)[1] == "队数"


def test_one_wrong_row_among_many_leaves_no_link_behind(stage):
    with pytest.raises(ImportRejected):
        load(EVENTS, event(惠及村代码=VILLAGE), event(编号="E-2", 状态="推迟"))
    assert (Event.objects.count(), Reach.objects.count()) == (0, 0)


@pytest.fixture
def season(stage):
    """Events of every status, with links, notes and moments to the microsecond."""
    load(EVENTS, event(状态="已举办", 主办="O-1", 惠及村代码="150203001002;150203001003"))
    load(EVENTS, event(编号="E-2", 场所编号="150202-0001", 状态="已取消"))
    load(EVENTS, event(编号="E-3", 状态="已确认", 对象="进学校"))
    load(LODGINGS, LODGING | {"电话": "-1"})
    load(OCCASIONS, MARKET)
    held = {"status": "held", "held_at": at(11).replace(microsecond=123456)}
    Event.objects.filter(code="E-3").update(notes="=1+1\n@二", campaign="-", **held)
    Programme.objects.update(languages=["mn", "zh"], needs=["stage"], topics="'=")


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "geojson"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_exported_file_imports_again_without_a_change(season, tmp_path, kind, suffix):
    path = tmp_path / f"{kind.name}.{suffix}"
    count = export(kind, path)
    result = run(kind, path)
    assert (result.unchanged, result.created + result.updated, result.notes) == (count, 0, ())


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "geojson"])
def test_exported_events_come_back_with_their_links(season, tmp_path, suffix):
    def everything():
        links = Reach.objects.order_by("event", "village").values_list("event", "village")
        hosts = Event.hosts.through.objects.values_list("event_id", "organ_id")
        return list(Event.objects.order_by("pk").values()), list(links), list(hosts)

    before, path = everything(), tmp_path / f"events.{suffix}"
    export(EVENTS, path)
    Event.objects.all().delete()
    run(EVENTS, path)
    assert everything() == before


# Lodgings


def test_a_row_makes_a_lodging(stage):
    load(LODGINGS, LODGING | {"电话": "0472-0000000", "位置误差(米)": "100"})
    made = Lodging.objects.get()
    assert (made.region_id, made.beds, made.yuan) == ("150203001", 20, 120)
    assert (made.location.coords, made.position_error_m) == ((110.05, 41.03), 100)
    assert made.phone == "0472-0000000"
    assert load(LODGINGS, LODGING | {"床位": "30"}).updated == 1


@pytest.mark.parametrize(
    ("change", "column", "told"),
    [
        ({"床位": "0"}, "床位", "大于或等于1"),
        ({"床位": ""}, "床位", "不能为空"),
        ({"区划代码": "999999999"}, "区划代码", "没有这个编号的所在区划"),
        ({"经度": "41.03", "纬度": "110.05"}, "经度", "写反"),
    ],
)
def test_a_lodging_that_cannot_be_is_refused(stage, change, column, told):
    _row, refused, message = the_refusal(LODGINGS, LODGING | change)
    assert refused == column
    assert told in message


def test_stewards_do_not_import_lodgings_and_troupes_do(stage):
    steward = factories.user("s", role="steward", counties=["150203"])
    with pytest.raises(ImportRejected, match="您没有在 150203 修改的权限"):
        load(LODGINGS, LODGING, user=steward)
    assert load(LODGINGS, LODGING, user=factories.user("t", role="troupe")).created == 1


def test_a_market_is_imported_once_and_found_again_without_a_code(stage):
    assert load(OCCASIONS, MARKET).created == 1
    line = Occasion.objects.get()
    assert (line.code, line.kind, line.month_days) == ("D-0001", "market", [3, 13, 23])
    assert (line.opens, line.closes) == (datetime.time(8), datetime.time(12))
    assert load(OCCASIONS, MARKET).unchanged == 1
    assert load(OCCASIONS, MARKET | {"到几点": "13:30"}).updated == 1
    assert Occasion.objects.get().closes == datetime.time(13, 30)


def test_weekdays_are_read_in_words_and_figures(stage):
    load(OCCASIONS, MARKET | {"每月几日": "", "星期": "周一 星期三;日"})
    assert Occasion.objects.get().weekdays == [1, 3, 7]


@pytest.mark.parametrize(
    ("change", "column", "told"),
    [
        ({"村代码": ""}, "村代码", "只填一项"),
        ({"区划代码": "150203001"}, "村代码", "只填一项"),
        ({"村代码": "150203999999"}, "村代码", "没有这个编号"),
        ({"到": "2025-12-31"}, "到", "不应早于"),
        ({"每月几日": "32"}, "每月几日", "1 到 31"),
        ({"星期": "八"}, "星期", "不是数字"),
        ({"几点起": "25:00"}, "几点起", "应是时间"),
        ({"到几点": ""}, "到几点", "起止两项"),
        ({"到几点": "07:00"}, "到几点", "应晚于"),
        ({"含义": "只在这些时间", "几点起": "", "到几点": ""}, "几点起", "要填几点起"),
        ({"含义": "赶会"}, "含义", "可填"),
        ({"从": "2026-02-30"}, "从", ""),
        ({"名称": ""}, "名称", "不能为空"),
    ],
)
def test_a_line_of_the_calendar_that_cannot_be_is_refused(stage, change, column, told):
    _row, refused, message = the_refusal(OCCASIONS, MARKET | change)
    assert refused == column
    assert told in message


def test_the_calendar_comes_back_from_its_own_file_without_a_change(stage, tmp_path):
    load(OCCASIONS, MARKET)
    for name in ("calendar.csv", "calendar.xlsx"):
        export(OCCASIONS, tmp_path / name)
        assert run(OCCASIONS, tmp_path / name).unchanged == 1


def test_stewards_import_the_calendar_of_their_county_only(stage):
    own = factories.user("s", role="steward", counties=["150203"])
    assert load(OCCASIONS, MARKET, user=own).created == 1
    other = factories.user("o", role="steward", counties=["150202"])
    with pytest.raises(ImportRejected, match="150203"):
        load(OCCASIONS, MARKET | {"名称": "那达慕", "含义": "那达慕"}, user=other)
