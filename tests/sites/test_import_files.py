"""Files of every make into tables: encodings, headings, merged cells, limits, and noise."""

import io
import zipfile

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from sites.errors import UnreadableFile
from sites.importing import features as features_module
from sites.importing import tables, workbooks
from sites.importing.cells import Fault, Formula
from sites.importing.kinds import ORGANS, REGIONS, SITES, VILLAGES
from sites.importing.workbooks import write as workbook_of

TEXT = "编号,名称,级别\n0001,法治广场,市级\n"
CELLS = {"code": "0001", "name": "法治广场", "tier": "市级"}


def read(data, file="sites.csv", kind=SITES):
    return tables.read(data if isinstance(data, bytes) else data.encode(), file, kind.name_of)


def one(data, file="sites.csv", kind=SITES):
    (table,) = read(data, file, kind)
    return table


def refused(data, file="sites.csv", kind=SITES):
    with pytest.raises(UnreadableFile) as caught:
        read(data, file, kind)
    return str(caught.value)


def workbook(*sheets, merge=()):
    """XLSX bytes of sheets given as (title, rows); `merge` are ranges of the last one."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    for area in merge:
        sheet.merge_cells(area)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rewritten(data, change):
    """The same workbook with the XML of its parts changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)))
    return stream.getvalue()


def features(*members, **more):
    return orjson.dumps({"type": "FeatureCollection", "features": members, **more})


# CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_text_is_read_in_every_encoding_that_offices_use(encoding):
    assert one(TEXT.encode(encoding)).rows[0].cells == CELLS


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_the_one_that_makes_sense_of_the_titles(delimiter):
    assert one(TEXT.replace(",", delimiter)).rows[0].cells == CELLS


def test_many_codes_in_a_cell_do_not_look_like_a_delimiter():
    table = one("编号,名称,设施\n1,a,x;y;z;u;v;w\n")
    assert table.rows[0].cells["facilities"] == "x;y;z;u;v;w"


def test_damaged_utf8_is_not_taken_for_gbk():
    data = ("编号,名称\n" + "1,法治广场\n" * 50).encode()
    assert "第 51 行" in refused(data[:-4] + b"\xff\n")


def test_rows_are_numbered_as_a_spreadsheet_does():
    table = one('编号,名称\n\n1,"两\n行"\n,\n2,b\n')
    assert [(row.number, row.cells["name"]) for row in table.rows] == [(3, "两\n行"), (5, "b")]


def test_headings_above_the_titles_are_passed_over():
    table = one("包头市法治阵地一览表,,\n单位:市司法局,,\n编号,名称,级别\n1,a,市级\n")
    assert table.titles == {"code": "编号", "name": "名称", "tier": "级别"}
    assert [row.number for row in table.rows] == [4]


def test_a_cell_beyond_the_titles_is_kept_for_a_problem():
    (fault,) = one("编号,名称\n1,a,b\n").rows[0].faults
    assert (fault.column, fault.value) == ("", "b")


def test_titles_are_known_whatever_their_width_case_stars_and_units():
    names = [
        SITES.name_of(t) for t in ("名称*", " 名 称 ", "面积(平方米)", "面积", "LON", "Opened-On")
    ]
    assert names == ["name", "name", "area_m2", "area_m2", "lon", "opened_on"]
    assert SITES.name_of("海拔") is None


def test_columns_are_sorted_into_known_unknown_and_repeated():
    table = one("编号,名称,海拔,name\n1,a,1000,b\n")
    assert (table.unknown, table.repeated) == (["海拔"], ["name"])


@pytest.mark.parametrize("data", [b"", b" \n\r\n", b"\xef\xbb\xbf"[:0]])
def test_an_empty_file_says_so(data):
    assert refused(data) == "文件是空的;请检查选对了文件,并重新导出"


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00", b"\xff\xfe\xfd\xfc\xfb" * 9])
def test_noise_says_so(data):
    said = refused(data)
    assert said == "内容不是 CSV、XLSX 或 GeoJSON;请在 Excel 里另存为 .xlsx 或“CSV UTF-8”"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_text_with_a_nul_says_in_which_line(encoding):
    said = refused("编号,名称\n1,法治\x00广场\n".encode(encoding))
    assert said == "第 2 行有空字符(NUL),文件已损坏;请重新导出文件"


@pytest.mark.parametrize("file", ["sites.xlsx", "sites.geojson"])
def test_text_under_a_wrong_extension_says_so(file):
    assert "内容却是 CSV" in refused(TEXT, file)


@pytest.mark.parametrize("file", ["sites.pdf", "sites.txt", "sites"])
def test_an_unknown_extension_says_which_are_known(file):
    assert ".csv、.xlsx 或 .geojson" in refused(TEXT, file)


def test_a_field_without_end_says_where_a_quote_is_missing():
    said = refused('编号,名称\n1,"' + "x\n" * 100_000)
    assert said == "第 2 行起有一格长得没有尽头;多半是引号没有成对,请检查这一行的引号"


@given(st.binary(max_size=400))
@example(b"\x00\xc2\x80")  # sound UTF-8, but with a NUL
def test_any_bytes_are_read_or_refused(data):
    for file in ("", "a.csv", "a.xlsx", "a.geojson"):
        try:
            tables.read(data, file, SITES.name_of)
        except UnreadableFile as mistake:
            assert str(mistake)


# XLSX


def test_every_sheet_is_read_and_named():
    data = workbook(
        ("昆区", [["编号", "名称"], ["1", "a"]]), ("东河", [["名称", "编号"], ["b", "2"]])
    )
    found = [(t.sheet, t.rows[0].cells["name"]) for t in read(data, "sites.xlsx")]
    assert found == [("昆区", "a"), ("东河", "b")]


def test_a_sheet_without_titles_is_no_table():
    data = workbook(("说明", [["填写说明"], ["请看"]]), ("数据", [["编号", "名称"], ["1", "a"]]))
    assert [bool(table.titles) for table in read(data, "sites.xlsx")] == [False, True]


def test_a_merged_cell_counts_for_every_row_in_it():
    rows = [["编号", "名称", "旗县区"], ["1", "a", "昆都仑区"], ["2", "b", None], ["3", "c", None]]
    table = one(workbook(("表", rows), merge=["C2:C4"]), "sites.xlsx")
    assert [row.cells["county"] for row in table.rows] == ["昆都仑区"] * 3


def test_titles_of_two_rows_are_read_where_most_of_them_are():
    rows = [["编号", "名称", "位置", None], [None, None, "经度", "纬度"], ["1", "a", 110, 40]]
    table = one(workbook(("表", rows), merge=["A1:A2", "B1:B2", "C1:D1"]), "sites.xlsx")
    assert table.rows[0].cells == {"code": "1", "name": "a", "lon": 110, "lat": 40}


def test_a_merged_area_of_the_whole_sheet_does_no_harm():
    data = workbook(("表", [["编号", "名称"], ["1", "a"], ["2", "b"]]), merge=["D1:E2"])
    data = rewritten(data, lambda xml: xml.replace(b"D1:E2", b"D1:XFD1048576"))
    assert len(one(data, "sites.xlsx").rows) == 2


def test_blank_rows_with_a_format_are_passed_over():
    rows = [["编号", "名称"], ["1", "a"], *[[None, " "]] * 50]
    assert len(one(workbook(("表", rows)), "sites.xlsx").rows) == 1


def test_a_formula_is_not_its_result():
    rows = [["编号", "名称", "级别"], ["1", "=A1&B1", ArrayFormula("C2:C3", "=A1:A2")]]
    cells = one(workbook(("表", rows)), "sites.xlsx").rows[0].cells
    assert isinstance(cells["name"], Formula)
    assert isinstance(cells["tier"], Formula)


def test_written_text_is_text_again_even_where_it_looks_like_a_formula():
    texts = ["=1+1", "+86", "-", "@a", "0012", "1e5", "'x", "_x000D_", "😀\n二行"]
    data = workbook_of([["编号", "名称"], *[[text, "a"] for text in texts]], "表")
    table = one(data, "sites.xlsx")
    assert [row.cells["code"] for row in table.rows] == texts


def test_an_old_workbook_says_what_to_do():
    assert ".xlsx" in refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "sites.xlsx")


def test_another_archive_is_no_workbook():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "不是 Excel" in refused(stream.getvalue(), "sites.xlsx")


def test_a_bomb_is_not_unpacked():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        for sheet in range(3):
            archive.writestr(f"xl/worksheets/{sheet}.xml", bytes(70 * 2**20))
    assert "太大" in refused(stream.getvalue(), "sites.xlsx")


def test_too_many_rows_are_refused(monkeypatch):
    for module in (tables, workbooks, features_module):
        monkeypatch.setattr(module, "MAX_ROWS", 5)
    rows = [["编号", "名称"], *[["1", "a"]] * 9]
    assert "行数太多" in refused(workbook(("表", rows)), "sites.xlsx")
    assert "行数太多" in refused("编号,名称\n" + "1,a\n" * 9)
    assert "行数太多" in refused(features(*[{}] * 9), "a.geojson")


SOUND = workbook(("表", [["编号", "名称"], ["1", "=A1"], [1.5, None]]), merge=["A2:A3"])


@given(st.floats(0, 1), st.binary(max_size=8), st.integers(0, 40))
def test_a_damaged_workbook_is_read_or_refused(where, noise, gone):
    at = 4 + int(where * (len(SOUND) - 4))
    refused_or_read(SOUND[:at] + noise + SOUND[at + gone :])


@given(
    st.floats(0, 1),
    st.sampled_from([b"", b"<", b"999999999", b'" r="B7', b"\xff"]),
    st.integers(0, 9),
)
def test_a_workbook_of_damaged_xml_is_read_or_refused(where, noise, gone):
    def damage(xml):
        at = int(where * len(xml))
        return xml[:at] + noise + xml[at + gone :]

    refused_or_read(rewritten(SOUND, damage))


def refused_or_read(data):
    try:
        tables.read(data, "sites.xlsx", SITES.name_of)
    except UnreadableFile as mistake:
        assert str(mistake)


# GeoJSON


def test_a_point_is_lon_and_lat_and_wins_over_properties():
    point = {"type": "Point", "coordinates": [110.1, 40.2, 1000]}
    data = features({"type": "Feature", "properties": {"名称": "a", "经度": 1}, "geometry": point})
    assert one(data, "a.geojson").rows[0].cells == {"name": "a", "lon": 110.1, "lat": 40.2}


def test_a_text_id_is_the_code_where_there_is_none():
    data = features({"id": "150203-0001", "properties": {}}, {"id": 7, "properties": {"name": "a"}})
    assert [row.cells for row in one(data, "a.geojson").rows] == [
        {"code": "150203-0001"},
        {"name": "a"},
    ]


def test_features_may_differ_in_what_they_say():
    data = features(
        {"properties": {"code": "1"}}, {"properties": {"name": "a"}}, {"properties": None}
    )
    table = one(data, "a.json")
    assert [row.cells for row in table.rows] == [{"code": "1"}, {"name": "a"}, {}]
    assert not table.fixed


def test_a_polygon_is_a_column_only_of_kinds_that_have_one():
    polygon = {"type": "Polygon", "coordinates": []}
    data = features({"properties": {"code": "1", "name": "a"}, "geometry": polygon})
    assert one(data, "a.geojson", REGIONS).rows[0].cells["geometry"] == polygon
    assert one(data, "a.geojson", ORGANS).unknown == ["geometry"]
    (row,) = one(data, "a.geojson", VILLAGES).rows
    assert row.faults == [Fault("geometry", "应是一个点(Point)", "Polygon")]


@pytest.mark.parametrize(
    ("feature", "column", "message"),
    [
        (1, "", "应是一个 Feature 对象"),
        ({}, "", "是空的,既没有属性也没有几何"),
        ({"properties": [1]}, "properties", "应是一个对象"),
        ({"geometry": "POINT (1 2)"}, "geometry", "应是一个几何对象"),
        ({"geometry": {"type": "Point"}}, "geometry", "点的 coordinates 应是 [经度, 纬度]"),
        (
            {"geometry": {"type": "Point", "coordinates": [110]}},
            "geometry",
            "点的 coordinates 应是 [经度, 纬度]",
        ),
    ],
)
def test_a_bad_feature_has_a_fault_of_its_own(feature, column, message):
    good = {"properties": {"code": "1"}}
    rows = one(features(good, feature, feature), "a.geojson").rows
    assert [row.number for row in rows if row.faults] == [2, 3]
    assert (rows[1].faults[0].column, rows[1].faults[0].message) == (column, message)


@pytest.mark.parametrize(
    "data", [b"{", b'{"type":"FeatureCollection"}', b"[]", b"[" * 5000, b'{"a":NaN}']
)
def test_other_json_is_refused(data):
    assert "JSON" in refused(data, "a.geojson")


def test_json_that_breaks_off_says_in_which_line():
    said = refused('{"features": [\n{"type": ', "a.geojson")
    assert said == "不是完整的 JSON,第 2 行读不下去;请重新导出文件"


def test_a_foreign_coordinate_system_is_refused():
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2381"}}
    assert "EPSG:4326" in refused(features(crs=crs), "a.geojson")
    crs["properties"]["name"] = "urn:ogc:def:crs:OGC:1.3:CRS84"
    assert one(features(crs=crs), "a.geojson").rows == []
