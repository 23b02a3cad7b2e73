"""Files into divisions, villages, organs, sites and standards: what is written, what is refused."""

import csv
import datetime
import io
from dataclasses import replace

import orjson
import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from sites import geodesy
from sites.crs import from_wgs84
from sites.errors import ImportRejected
from sites.importing import apply_rows, export, report, run, workbooks
from sites.importing.kinds import KINDS, ORGANS, REGIONS, SITES, STANDARDS, VILLAGES
from sites.models import Organ, Region, Site, Standard, Village
from tests import factories
from tests.sites.test_import_files import features, workbook

pytestmark = pytest.mark.django_db

SITE = {
    "编号": "150203-0001",
    "名称": "法治广场",
    "类型": "广场",
    "级别": "区级",
    "经度": "109.83",
    "纬度": "40.65",
    "旗县区": "150203",
}
VILLAGE = {"代码": "150203001001", "名称": "团结", "类别": "社区", "乡镇代码": "150203001"}
STANDARD = {
    "编号": "near",
    "名称": "五公里",
    "场所类型": "广场;公园",
    "政策依据": "规划",
    "生效日期": "2030-01-01",
    "距离不超过": "5000",
}


def table(*rows, drop=()):
    """CSV bytes of rows given as dicts, less some columns."""
    stream = io.StringIO(newline="")
    titles = [title for title in dict.fromkeys(t for row in rows for t in row) if title not in drop]
    writer = csv.DictWriter(stream, titles, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def load(kind, *rows, drop=(), **options):
    return run(kind, table(*rows, drop=drop), name=f"{kind.name}.csv", **options)


def refusals(kind, *rows, drop=(), **options):
    """The problems of a file that must be refused, as (row, column, message)."""
    before = kind.model.objects.count()
    with pytest.raises(ImportRejected) as caught:
        load(kind, *rows, drop=drop, **options)
    assert kind.model.objects.count() == before
    return [(p.row, p.column, p.message) for p in caught.value.problems]


def the_refusal(kind, *rows, **options):
    (problem,) = refusals(kind, *rows, **options)
    return problem


@pytest.fixture
def ground():
    """包头市 with two counties that have a boundary, and a township."""
    square = MultiPolygon(Polygon.from_bbox((109.5, 40.4, 110.2, 40.9)), srid=4326)
    for code, name in (("150203", "昆都仑区"), ("150202", "东河区")):
        factories.region(code, name=name, boundary=square)
    factories.region("150203001")


# What is written


def test_a_row_makes_a_record(ground):
    result = load(SITES, SITE)
    site = Site.objects.get(code="150203-0001")
    assert (result.created, result.codes) == (1, ("150203-0001",))
    assert (site.name, site.kind, site.tier, site.county_id) == (
        "法治广场",
        "square",
        "county",
        "150203",
    )
    assert site.location.coords == (109.83, 40.65)
    assert (site.position_error_m, site.source) == (30, "official")


def test_titles_may_be_english(ground):
    names = ["code", "name", "kind", "tier", "lon", "lat", "county"]
    load(SITES, dict(zip(names, SITE.values(), strict=True)))
    assert Site.objects.get().name == "法治广场"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_offices_encodings_are_read(ground, encoding):
    run(SITES, table(SITE).decode().encode(encoding), name="sites.csv")
    assert Site.objects.get().name == "法治广场"


def test_every_sheet_counts_and_merged_cells_are_filled(ground):
    titles = list(SITE)
    first = [
        titles,
        list(SITE.values()),
        ["150203-0002", "乙", "公园", "市级", 109.84, 40.66, None],
    ]
    second = [titles, ["150202-0001", "丙", "长廊", "旗级", 110.01, 40.58, "东河区"]]
    data = workbook(("东河", second), ("昆区", first), merge=["G2:G3"])
    assert run(SITES, data, name="sites.xlsx").created == 3
    assert Site.objects.get(code="150203-0002").county_id == "150203"
    assert Site.objects.get(code="150202-0001").county_id == "150202"


def test_a_problem_says_file_sheet_row_and_column(ground):
    rows = [list(SITE), list(SITE.values()), [*list(SITE.values())[:4], 351.2, 40.6, "150203"]]
    rows[2][0] = "150203-0002"
    with pytest.raises(ImportRejected) as caught:
        run(SITES, workbook(("昆区", rows)), name="sites.xlsx")
    assert str(caught.value) == "sites.xlsx,表 昆区,第 3 行,经度:351.2 不在 −180…180 之间"


def test_an_absent_column_keeps_what_is_stored_and_a_blank_cell_clears_it(ground):
    load(SITES, SITE | {"地址": "钢铁大街", "面积": "1200", "设施": "电源;停车"})
    load(SITES, SITE | {"地址": ""})
    site = Site.objects.get()
    assert (site.address, site.area_m2, site.facilities) == ("", 1200, ["power", "parking"])
    load(SITES, SITE | {"面积": " ", "设施": "", "位置误差": ""})
    site.refresh_from_db()
    assert (site.area_m2, site.facilities, site.position_error_m) == (None, [], 30)


def test_only_what_differs_is_written(ground):
    load(SITES, SITE, SITE | {"编号": "150203-0002", "经度": "109.9"})
    again = load(SITES, SITE, SITE | {"编号": "150203-0002", "经度": "109.9", "名称": "新名"})
    assert (again.created, again.updated, again.unchanged) == (0, 1, 1)
    assert Site.history.rel.related_model.objects.count() == 3


def test_a_dry_run_says_what_would_happen_and_writes_nothing(ground):
    result = load(SITES, SITE, dry_run=True)
    assert (result.created, Site.objects.count()) == (1, 0)


def test_one_bad_row_stops_all(ground):
    assert the_refusal(SITES, SITE, SITE | {"编号": "x", "类型": "酒吧"})[:2] == (3, "类型")


def test_bad_rows_can_be_left_out(ground):
    result = load(SITES, SITE, SITE | {"编号": "x", "类型": "酒吧"}, skip_bad=True)
    assert (result.created, result.skipped, len(result.problems)) == (1, 1, 1)
    assert Site.objects.count() == 1


def test_all_problems_of_all_rows_are_named(ground):
    bad = SITE | {"编号": "x", "类型": "酒吧", "纬度": "abc", "所属村代码": "150203001999"}
    assert [column for _, column, _ in refusals(SITES, bad, SITE | {"级别": "国级"})] == [
        "类型",
        "纬度",
        "所属村代码",
        "级别",
    ]


def test_a_file_in_gcj_02_lands_on_wgs_84(ground):
    (lon, lat), *_ = from_wgs84([(109.83, 40.65)], "gcj02")
    load(SITES, SITE | {"经度": lon, "纬度": lat}, crs="gcj02")
    stored = Site.objects.get().location.coords
    assert geodesy.distances([stored], [(109.83, 40.65)])[0] < 0.001


def test_rows_of_json_change_only_what_they_name(ground):
    load(SITES, SITE)
    apply_rows(SITES, [{"code": "150203-0001", "name": "新名", "area_m2": 50}])
    site = Site.objects.get()
    assert (site.name, site.area_m2, site.kind) == ("新名", 50, "square")


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("name", True, "应是一段文字(字符串)"),
        ("name", 5, "应是一段文字(字符串)"),
        ("name", [], "应是一段文字(字符串)"),
        ("name", "\x00", "含有不能保存的控制字符;请删去"),
        ("tier", "市级\x07", "含有不能保存的控制字符;请删去"),
    ],
)
def test_text_of_json_is_a_string_that_can_be_kept(ground, column, value, message):
    load(SITES, SITE)
    with pytest.raises(ImportRejected) as caught:
        apply_rows(SITES, [{"code": "150203-0001", column: value}])
    assert [(p.column, p.message) for p in caught.value.problems] == [(column, message)]


def test_all_faults_of_a_row_of_json_are_named_at_once(ground):
    row = {"code": "150203-0001", "colour": "red", "kind": "pub", "area_m2": "x", "lat": 40}
    with pytest.raises(ImportRejected) as caught:
        apply_rows(SITES, [row])
    assert {p.column for p in caught.value.problems} == {"colour", "kind", "area_m2", "lon"}


def test_rows_of_json_have_only_known_columns(ground):
    with pytest.raises(ImportRejected, match="colour"):
        apply_rows(SITES, [{"code": "150203-0001", "colour": "red"}])


def test_a_new_record_of_json_needs_what_a_file_needs(ground):
    with pytest.raises(ImportRejected) as caught:
        apply_rows(SITES, [{"code": "150203-0009", "name": "新"}])
    assert [p.column for p in caught.value.problems] == ["kind", "tier", "lon", "lat"]


# What is refused


def test_a_missing_column_is_named_beside_those_that_are_there(ground):
    row, column, message = the_refusal(SITES, SITE, drop=["类型"])
    assert (row, column) == (0, "类型")
    assert "文件里有:编号、名称、级别" in message


def test_a_file_without_known_titles_says_which_are_needed(ground):
    assert "名称、类型、级别、经度、纬度" in the_refusal(SITES, {"甲": "1", "乙": "2"})[2]


def test_an_unknown_column_is_noted_with_the_likely_one_and_ignored(ground):
    result = load(SITES, SITE | {"启用日其": "2020-01-01"})
    assert [note.column for note in result.notes] == ["启用日其"]
    assert "启用日期" in result.notes[0].message


def test_a_repeated_column_is_refused(ground):
    assert the_refusal(SITES, SITE | {"name": "b"})[1] == "name"


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"类型": "酒吧"}, "类型", "可填:广场、公园"),
        ({"级别": "市县级"}, "级别", "不在可选项中"),
        ({"名称": ""}, "名称", "不能为空"),
        ({"名称": "长" * 101}, "名称", "最多 100 个"),
        ({"编号": "编号一"}, "编号", "半角"),
        ({"编号": "a b"}, "编号", "编号只能用"),
        ({"经度": "40.65", "纬度": "109.83"}, "经度", "看来经纬度写反了;请把经度和纬度对调"),
        ({"经度": "351.2"}, "经度", "−180…180"),
        ({"经度": "-91", "纬度": "-91"}, "纬度", "−90…90"),
        ({"经度": "116.4", "纬度": "39.9"}, "经度", "不在本市范围"),
        ({"经度": "0", "纬度": "0"}, "经度", "不在本市范围"),
        ({"经度": "东经"}, "经度", "不是数字"),
        ({"经度": ""}, "经度", "不能为空"),
        ({"启用日期": "2025-02-30"}, "启用日期", "不存在"),
        ({"启用日期": "2025-02-01", "停用日期": "2025-01-01"}, "停用日期", "晚于"),
        ({"面积": "-5"}, "面积", "大于或等于"),
        ({"室内座位": "12.5"}, "室内座位", "整数"),
        ({"地址": "=1+1"}, "地址", "公式"),
        ({"地址": "@cmd"}, "地址", "公式"),
        ({"来源网址": "javascript:alert(1)"}, "来源网址", "URL"),
        ({"旗县区": "青山区"}, "旗县区", "昆都仑区(150203)"),
        ({"所属村代码": "150203001999"}, "所属村代码", "没有这个编号"),
        ({"管理单位编号": "x"}, "管理单位编号", "没有这个编号"),
    ],
)
def test_a_bad_cell_is_named_with_what_to_do(ground, change, column, words):
    assert refusals(SITES, SITE | change)[0][:2] == (2, column)
    assert words in refusals(SITES, SITE | change)[0][2]


def test_a_code_twice_names_both_rows(ground):
    assert refusals(SITES, SITE, SITE | {"名称": "乙"}) == [
        (2, "编号", "与第 3 行重复"),
        (3, "编号", "与第 2 行重复"),
    ]


def test_a_code_twice_in_two_sheets_names_the_sheet(ground):
    rows = [list(SITE), list(SITE.values())]
    with pytest.raises(ImportRejected, match="与表 乙 第 2 行重复"):
        run(SITES, workbook(("甲", rows), ("乙", rows)), name="a.xlsx")


def test_a_formula_in_a_workbook_is_refused(ground):
    data = workbook(("表", [list(SITE), [*list(SITE.values())[:6], "=G9"]]))
    with pytest.raises(ImportRejected, match="=G9 是公式"):
        run(SITES, data, name="a.xlsx")


def test_a_slipped_row_is_refused(ground):
    data = table(SITE).decode().replace("法治广场", "法治,广场")
    with pytest.raises(ImportRejected, match="比表头多出一格"):
        run(SITES, data.encode(), name="sites.csv")


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"", "a.csv"), (b"\x00\x01", "a.csv"), (b"PK\x03\x04", "a.xlsx"), (b"a,b", "a.pdf")],
)
def test_a_file_that_is_none_is_refused(data, name):
    with pytest.raises(ImportRejected, match=f"^{name}:"):
        run(SITES, data, name=name)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ImportRejected, match="打不开文件:没有这个文件或文件夹,请检查路径"):
        run(SITES, tmp_path / "sites.csv")
    with pytest.raises(ImportRejected, match="打不开文件:这是一个文件夹,请给出其中的文件"):
        run(SITES, tmp_path)


def test_a_file_of_titles_only_is_refused(ground):
    with pytest.raises(ImportRejected) as caught:
        run(SITES, table(SITE).splitlines()[0], name="sites.csv")
    assert str(caught.value) == "sites.csv:只有表头,没有数据;请填好数据行后再导入"


def test_a_sheet_of_titles_only_is_noted_beside_one_with_rows(ground):
    data = workbook(("空", [list(SITE)]), ("表", [list(SITE), list(SITE.values())]))
    result = run(SITES, data, name="sites.xlsx")
    assert (result.created, [note.message for note in result.notes]) == (1, ["没有数据行"])


# Positions and counties


def box(west, east):
    return MultiPolygon(Polygon.from_bbox((west, 40.4, east, 40.9)), srid=4326)


@pytest.fixture
def two_counties():
    """昆都仑区 west of 109.9°, 东河区 east of it, and a county without a boundary."""
    factories.region("150203", name="昆都仑区", boundary=box(109.5, 109.9))
    factories.region("150202", name="东河区", boundary=box(109.9, 110.2))
    factories.region("150271", name="稀土高新区")
    factories.region("150203001")


def test_a_site_in_another_county_than_it_says_is_refused(two_counties):
    assert the_refusal(SITES, SITE | {"经度": "109.95"}) == (
        2,
        "经度",
        "坐标在东河区,而旗县区写的是昆都仑区;请核对坐标和旗县区",
    )


def test_a_village_outside_of_the_county_of_its_code_is_refused(two_counties):
    row = VILLAGE | {"经度": "109.95", "纬度": "40.65"}
    message = "坐标在东河区,而记录属于昆都仑区;请核对坐标和代码"
    load(SITES, SITE)
    assert the_refusal(SITES, SITE | {"旗县区": "", "经度": "109.95"})[2] == message
    assert the_refusal(VILLAGES, row | {"位置精度": "实测"}) == (2, "经度", message)
    assert the_refusal(VILLAGES, row | {"位置精度": "近似"}) == (2, "经度", message)


def test_a_position_may_be_outside_by_its_error_or_a_kilometre(two_counties):
    load(SITES, SITE | {"经度": "109.911"})
    assert the_refusal(SITES, SITE | {"经度": "109.913"})[1] == "经度"
    load(SITES, SITE | {"经度": "109.913", "位置误差": "1500"})


def test_what_lies_in_no_county_or_belongs_to_one_without_boundary_is_not_judged(two_counties):
    load(SITES, SITE | {"纬度": "40.95"})
    load(SITES, SITE | {"编号": "150271-0001", "旗县区": "150271"})
    assert Site.objects.count() == 2


def test_a_stored_site_is_moved_into_another_county_with_its_position_only(two_counties):
    load(SITES, SITE)
    for change in ({"county": "150202"}, {"lon": 109.95, "lat": 40.65}):
        with pytest.raises(ImportRejected) as caught:
            apply_rows(SITES, [{"code": "150203-0001", **change}])
        assert "坐标在" in str(caught.value)
    apply_rows(SITES, [{"code": "150203-0001", "county": "150202", "lon": 109.95, "lat": 40.65}])
    assert Site.objects.get().county_id == "150202"


def test_counties_of_many_sites_are_compared_in_one_query(
    two_counties, django_assert_max_num_queries
):
    rows = [SITE | {"编号": f"150203-{n}", "经度": str(109.6 + n / 10_000)} for n in range(300)]
    with django_assert_max_num_queries(25):
        load(SITES, *rows)


def test_without_any_boundary_positions_are_not_judged():
    factories.region("150203")
    load(SITES, SITE | {"经度": "116.4", "纬度": "39.9"})
    assert Site.objects.count() == 1


def test_what_only_the_database_refuses_is_a_problem_of_its_row(ground):
    trusting = replace(SITES, finish=lambda draft: None)
    other = SITE | {"编号": "150203-0002", "启用日期": "2025-02-01", "停用日期": "2025-01-01"}
    other["来源说明"] = "抄自 (甲, 乙)"
    problem = the_refusal(trusting, SITE, other)
    assert problem == (3, "编号", "数据库不接受这一行(site_closed_after_it_opened)")


def test_the_report_is_a_workbook_of_the_problems(ground):
    with pytest.raises(ImportRejected) as caught:
        load(SITES, SITE | {"地址": "=1+1"})
    ((_title, grid),) = workbooks.read(report(caught.value.problems))
    assert grid[2][:5] == ["sites.csv", None, 2, "地址", "=1+1"]


# Rights


def test_a_steward_writes_only_in_their_counties(ground):
    steward = factories.user(role="steward", counties=["150203"])
    assert load(SITES, SITE, user=steward).created == 1
    other = SITE | {"编号": "150202-0001", "旗县区": "150202"}
    assert the_refusal(SITES, other, user=steward)[1:] == (
        "编号",
        "您没有在 150202 修改的权限",
    )


def test_a_steward_takes_no_site_into_their_county(ground):
    load(SITES, SITE | {"旗县区": "150202"})
    steward = factories.user(role="steward", counties=["150203"])
    assert the_refusal(SITES, SITE, user=steward)[2] == (
        "您没有在 150202 修改的权限;把记录移到另一个旗县区,两边的权限都要有"
    )
    assert Site.objects.get().county_id == "150202"


def test_a_stranger_writes_nothing(ground):
    assert "权限" in the_refusal(SITES, SITE, user=factories.user())[2]


# Divisions


def region(code, level, **more):
    return {"代码": code, "名称": f"区划{code}", "级别": level} | more


def test_a_division_is_below_the_one_whose_code_begins_its_own():
    rows = [
        region("150203001", "乡级"),
        region("150203", "县级"),
        region("1502", "地级"),
        region("15", "省级"),
    ]
    load(REGIONS, *rows)
    assert dict(Region.objects.values_list("code", "parent_id")) == {
        "15": None,
        "1502": "15",
        "150203": "1502",
        "150203001": "150203",
    }


def test_a_division_needs_one_above_it():
    assert the_refusal(REGIONS, region("1502", "地级"))[:2] == (2, "代码")


def test_a_divisions_code_has_its_levels_length():
    assert "6 位" in the_refusal(REGIONS, region("15", "县级"))[2]


def test_what_stands_below_a_bad_division_is_left_out_with_it():
    rows = [
        region("15", "省级"),
        region("1502", "地级", **{"代码年份": "去年"}),
        region("150203", "县级"),
    ]
    rows[0]["代码年份"] = rows[2]["代码年份"] = "2023"
    result = load(REGIONS, *rows, skip_bad=True)
    assert (result.created, result.skipped) == (2, 1)
    assert Region.objects.get(code="150203").parent_id == "15"


def boundary(coordinates, **properties):
    geometry = {"type": "Polygon", "coordinates": [coordinates]}
    return features({"type": "Feature", "properties": properties, "geometry": geometry})


SQUARE = [[109.5, 40.4], [110.2, 40.4], [110.2, 40.9], [109.5, 40.9], [109.5, 40.4]]


def test_a_geojson_of_boundaries_changes_nothing_else():
    factories.region("150203", name="昆都仑区", seat=Point(109.8, 40.6))
    result = run(REGIONS, boundary(SQUARE, code="150203"), name="b.geojson")
    county = Region.objects.get(code="150203")
    assert (result.updated, county.name, county.seat.x) == (1, "昆都仑区", 109.8)
    assert county.boundary.extent == (109.5, 40.4, 110.2, 40.9)
    assert run(REGIONS, boundary(SQUARE, code="150203"), name="b.geojson").unchanged == 1


def test_a_boundary_of_no_known_division_needs_its_columns():
    with pytest.raises(ImportRejected) as caught:
        run(REGIONS, boundary(SQUARE, code="15"), name="b.geojson")
    assert [problem.column for problem in caught.value.problems] == ["名称", "级别"]


@pytest.mark.parametrize(
    ("coordinates", "words"),
    [
        ([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]], "无效"),
        ([[0, 0], [1, 1]], "不完整"),
        ([[0, 0], [200, 0], [200, 9], [0, 0]], "超出"),
    ],
)
def test_a_bad_boundary_is_refused(coordinates, words):
    factories.region("15")
    with pytest.raises(ImportRejected, match=words):
        run(REGIONS, boundary(coordinates, code="15"), name="b.geojson")


def test_a_line_is_no_boundary():
    factories.region("15")
    line = {"type": "LineString", "coordinates": SQUARE}
    data = features({"properties": {"code": "15"}, "geometry": line})
    with pytest.raises(ImportRejected, match="应是多边形"):
        run(REGIONS, data, name="b.geojson")


def site_feature(code, geometry=None, **properties):
    values = {"name": "广场", "kind": "square", "tier": "county", "county": "150203"}
    return {"properties": {"code": code, **values, **properties}, "geometry": geometry}


def test_every_bad_feature_has_a_line_with_its_number(ground):
    data = features(
        site_feature("1", {"type": "Point", "coordinates": [109.83, 40.65]}),
        site_feature("2"),
        site_feature("3"),
        "4",
        site_feature("5", {"type": "Point", "coordinates": []}),
        site_feature("1", {"type": "Point", "coordinates": [109.83, 40.65]}),
    )
    with pytest.raises(ImportRejected) as caught:
        run(SITES, data, name="a.geojson")
    assert str(caught.value).splitlines() == [
        "a.geojson,第 1 个要素,code:1 与第 6 个要素重复",
        "a.geojson,第 2 个要素,geometry:没有几何;新记录要有一个点(Point)",
        "a.geojson,第 3 个要素,geometry:没有几何;新记录要有一个点(Point)",
        "a.geojson,第 4 个要素:4 应是一个 Feature 对象",
        "a.geojson,第 5 个要素,geometry:[] 点的 coordinates 应是 [经度, 纬度]",
        "a.geojson,第 6 个要素,code:1 与第 1 个要素重复",
    ]


def test_a_stored_site_keeps_its_position_where_a_feature_has_no_geometry(ground):
    load(SITES, SITE)
    data = features(site_feature("150203-0001", name="新名"))
    assert run(SITES, data, name="a.geojson").updated == 1
    assert Site.objects.get().location.coords == (109.83, 40.65)


@pytest.mark.parametrize(
    ("members", "words"),
    [([], "没有要素"), ([{"properties": {"海拔": 1}}], "要素里没有认得的属性;至少要有:名称")],
)
def test_a_geojson_of_nothing_is_refused(ground, members, words):
    with pytest.raises(ImportRejected, match=words):
        run(SITES, features(*members), name="a.geojson")


# Villages


def test_an_error_follows_from_how_a_position_was_found(ground):
    load(VILLAGES, VILLAGE | {"位置精度": "实测"})
    assert Village.objects.get().position_error_m == 20
    load(VILLAGES, VILLAGE | {"位置精度": "近似"})
    assert Village.objects.get().position_error_m == 2000
    load(VILLAGES, VILLAGE | {"位置精度": "近似", "位置误差": "800"})
    load(VILLAGES, VILLAGE | {"位置精度": "近似"})
    assert Village.objects.get().position_error_m == 800


def test_a_village_may_have_no_position_but_not_half_of_one(ground):
    load(VILLAGES, VILLAGE | {"经度": "", "纬度": ""})
    assert Village.objects.filter(location=None).count() == 1
    assert the_refusal(VILLAGES, VILLAGE | {"经度": "109.8", "纬度": ""})[1] == "纬度"
    assert the_refusal(VILLAGES, VILLAGE | {"经度": "109.8"})[1] == "纬度"


def test_a_villages_township_is_a_township(ground):
    assert "没有这个编号的乡镇" in the_refusal(VILLAGES, VILLAGE | {"乡镇代码": "150203"})[2]


def test_a_village_code_has_twelve_digits(ground):
    assert "12 位" in the_refusal(VILLAGES, VILLAGE | {"代码": "15020300100"})[2]
    assert "丢失" in the_refusal(VILLAGES, VILLAGE | {"代码": "1.50203E+11"})[2]


# Sites without a code


def uncoded(**change):
    return {title: value for title, value in SITE.items() if title != "编号"} | change


def test_a_site_without_a_code_gets_the_next_of_its_county(ground):
    load(SITES, SITE, SITE | {"编号": "150203-0007", "经度": "109.9"})
    result = load(
        SITES, uncoded(名称="甲"), uncoded(名称="乙"), uncoded(名称="丙", 旗县区="东河区")
    )
    assert result.codes == ("150203-0008", "150203-0009", "150202-0001")


def test_a_site_of_the_same_name_and_county_within_100_m_is_the_same(ground):
    load(SITES, SITE)
    near, far = uncoded(经度="109.8311"), uncoded(经度="109.8324")
    assert load(SITES, near).codes == ("150203-0001",)
    assert load(SITES, far).codes == ("150203-0002",)
    assert load(SITES, near | {"旗县区": "东河区"}).codes == ("150202-0001",)


def test_two_rows_for_one_place_without_codes_are_refused(ground):
    rows = refusals(SITES, uncoded(), uncoded(经度="109.8305"))
    assert [(row, column) for row, column, _ in rows] == [(2, "名称"), (3, "名称")]
    assert "第 3 行" in rows[0][2]


def test_a_site_without_a_code_needs_its_county(ground):
    assert the_refusal(SITES, uncoded(), drop=["旗县区"])[:2] == (2, "编号")


def test_a_new_site_is_in_the_county_that_its_code_begins_with(ground):
    load(SITES, SITE, drop=["旗县区"])
    assert Site.objects.get().county_id == "150203"
    assert the_refusal(SITES, SITE | {"编号": "X-1"}, drop=["旗县区"])[:2] == (2, "旗县区")


def test_a_stored_site_keeps_its_county(ground):
    load(SITES, SITE | {"编号": "X-1"})
    load(SITES, SITE | {"编号": "X-1", "旗县区": "", "名称": "乙"})
    assert Site.objects.filter(code="X-1", county="150203", name="乙").exists()


def test_a_name_that_two_counties_share_is_refused(ground):
    factories.region("150204", name="昆都仑区")
    assert "不止一个" in the_refusal(SITES, SITE | {"旗县区": "昆都仑区"})[2]


# Standards


def test_a_standard_is_read_with_its_lists(ground):
    load(STANDARDS, STANDARD | {"距离不超过": "urban=1000;herding=20000", "场所级别": "市级、区级"})
    standard = Standard.objects.get()
    assert (standard.kinds, standard.tiers) == (["square", "park"], ["city", "county"])
    assert standard.max_distance_m == {"urban": 1000, "herding": 20000}


def test_a_rule_in_effect_is_not_changed_but_followed_by_a_new_one(today):
    row = STANDARD | {"生效日期": "2026-01-01"}
    load(STANDARDS, row)
    assert load(STANDARDS, row | {"名称": "新名"}).updated == 1
    assert the_refusal(STANDARDS, row | {"距离不超过": "3000"})[:2] == (2, "距离不超过")
    assert load(STANDARDS, row | {"距离不超过": "3000", "生效日期": "2026-08-01"}).created == 1


def test_a_rule_to_come_may_change(today):
    load(STANDARDS, STANDARD)
    assert load(STANDARDS, STANDARD | {"距离不超过": "3000"}).updated == 1


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"场所类型": ""}, "场所类型"),
        ({"路程不超过": "15"}, "路程不超过"),
        ({"至少几处": "0"}, "至少几处"),
        ({"近几个月": "0"}, "近几个月"),
        ({"失效日期": "2029-01-01"}, "失效日期"),
        ({"编号": "编号"}, "编号"),
        ({"距离不超过": "-1"}, "距离不超过"),
    ],
)
def test_a_standard_that_makes_no_sense_is_refused(change, column):
    assert the_refusal(STANDARDS, STANDARD | change)[1] == column


# There and back


NASTY = [
    "=1+1",
    "+1",
    "-1",
    "@a",
    "'=x",
    "''",
    'a,"b"',
    "两\n行",
    "0012",
    "😀",
    "1.50202E+11",
    "是",
    "TRUE",
]


@pytest.fixture
def everything(ground):
    """A record or more of every kind, with text that spreadsheets like to spoil."""
    for number, text in enumerate(NASTY):
        Organ.objects.create(
            code=f"{number:04}", name=text, duty=f"{text}\n{text}", region_id="1502"
        )
    village = factories.village(
        name="-村", legal_adviser=False, model_village="regional", population=0
    )
    factories.village(lon=None, legal_adviser=None)
    organ = Organ.objects.first()
    dates = {"opened_on": datetime.date(2020, 1, 1), "checked_on": datetime.date(2024, 2, 29)}
    factories.site(1 / 3 + 109.5, 40.123456789012345, village=village, organ=organ, **dates)
    factories.site(code="0001", address="=cmd|' /C calc'!A0", facilities=["step-free", "power"])
    factories.standard(max_distance_m={"urban": 1000.5, "herding": 20000}, settings=["urban"])
    factories.standard("active", months=12, event_kinds=["show", "case-lecture"])
    Region.objects.filter(code="150203").update(
        seat=Point(109.8, 40.6), list_year=2023, statutory=False
    )


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "geojson"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_exported_file_imports_again_without_a_change(everything, tmp_path, kind, suffix):
    path = tmp_path / f"{kind.name}.{suffix}"
    count = export(kind, path)
    result = run(kind, path)
    assert (result.unchanged, result.created + result.updated, result.notes) == (count, 0, ())


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "geojson"])
def test_an_exported_file_of_no_records_says_that_there_are_none(tmp_path, suffix):
    path = tmp_path / f"sites.{suffix}"
    assert export(SITES, path) == 0
    with pytest.raises(ImportRejected, match=r"没有(数据|要素)"):
        run(SITES, path)


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "geojson"])
def test_an_exported_file_restores_what_was_deleted(everything, tmp_path, suffix):
    before = list(Organ.objects.order_by("pk").values())
    path = tmp_path / f"organs.{suffix}"
    export(ORGANS, path)
    Site.objects.all().delete()
    Organ.objects.all().delete()
    run(ORGANS, path)
    assert list(Organ.objects.order_by("pk").values()) == before


def test_exported_csv_holds_no_formula(everything, tmp_path):
    path = tmp_path / "organs.csv"
    export(ORGANS, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_exported_geojson_has_english_names_and_codes_for_ids(everything, tmp_path):
    path = tmp_path / "sites.geojson"
    export(SITES, path, Site.objects.filter(code="0001"))
    (feature,) = orjson.loads(path.read_bytes())["features"]
    assert (feature["id"], feature["geometry"]["type"]) == ("0001", "Point")
    assert feature["properties"]["facilities"] == ["step-free", "power"]


def test_a_village_file_changes_no_village_it_does_not_name(everything):
    before = Village.objects.count()
    load(VILLAGES, VILLAGE)
    assert Village.objects.count() == before + 1
