"""A list of places to choose from: whatever office wrote it, every fault has its row and column."""

import io

import pytest
from openpyxl import Workbook

from sites import candidates
from sites.errors import ImportRejected
from tests import factories

pytestmark = pytest.mark.django_db


def read(text, file="地点.csv", crs="wgs84", encoding="gbk"):
    return candidates.read(text.encode(encoding), file, crs)


def refused(*args, **options):
    with pytest.raises(ImportRejected) as told:
        read(*args, **options)
    return [(problem.row, problem.column, problem.message) for problem in told.value.problems]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig"])
def test_names_and_positions_are_read_in_either_encoding(encoding):
    (place,) = read("名称,经度,纬度\n固阳文化广场,110.05,41.03\n", encoding=encoding)
    assert (place.name, place.lon, place.lat) == ("固阳文化广场", 110.05, 41.03)


def test_a_chinese_map_s_positions_are_shifted_back():
    (place,) = read("名称,经度,纬度\n甲地,110.05,41.03\n", crs="gcj02")
    assert 200 < 111_000 * abs(place.lon - 110.05) + 111_000 * abs(place.lat - 41.03) < 1500


def test_a_merged_name_stands_for_all_its_rows():
    book = Workbook()
    sheet = book.active
    for row in (["候选地点"], ["名称", "经度", "纬度"], ["甲地", 110.0, 40.9], [None, 110.1, 40.9]):
        sheet.append(row)
    sheet.merge_cells("A3:A4")
    stream = io.BytesIO()
    book.save(stream)
    found = candidates.read(stream.getvalue(), "地点.xlsx", "wgs84")
    assert [place.name for place in found] == ["甲地", "甲地"]


def test_points_of_geojson_are_read_and_an_area_is_refused():
    point = '{"type":"Feature","properties":{"名称":"甲"},"geometry":{"type":"Point","coordinates":[110,40]}}'
    area = '{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[]}}'
    whole = '{"type":"FeatureCollection","features":[%s]}'
    assert read(whole % point, "a.geojson", encoding="utf-8")[0].name == "甲"
    ((row, _column, message),) = refused(whole % f"{point},{area}", "a.geojson", encoding="utf-8")
    assert (row, "点" in message) == (2, True)


def test_every_fault_names_its_row_and_column():
    told = refused("名称,经度,纬度\n甲,40.9,110.1\n乙,,40\n丙,abc,40\n丁,110,95\n")
    named = {(row, column) for row, column, _message in told}
    assert named == {(2, "经度"), (3, "经度"), (4, "经度"), (5, "纬度")}


def test_a_column_that_is_not_there_is_named_once():
    ((row, column, message),) = refused("名称,经度\n甲,110\n乙,111\n")
    assert (row, column) == (0, "纬度")
    assert "缺少" in message


def test_what_lies_far_from_the_city_is_refused():
    factories.region(boundary="MULTIPOLYGON(((109 40,111 40,111 42,109 42,109 40)))")
    ((row, column, message),) = refused("名称,经度,纬度\n甲,121.5,31.2\n")
    assert (row, column, "范围" in message) == (2, "经度", True)


def test_too_many_places_and_an_empty_file_are_refused(monkeypatch):
    monkeypatch.setattr(candidates, "MOST", 1)
    assert "最多" in refused("名称,经度,纬度\n甲,110,40\n乙,110,41\n")[0][2]
    assert "空" in refused("")[0][2]
    assert "没有数据" in refused("名称,经度,纬度\n")[0][2]
