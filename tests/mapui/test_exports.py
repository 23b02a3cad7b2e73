"""The board to take away says what the API says, to the digit."""

import io
import json
import re
from urllib.parse import unquote

import docx
import openpyxl
import pypdfium2
import pytest
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command

from mapui.drawing import Area, Key, Mark, draw
from mapui.exports import pictures
from mapui.exports.gathering import gather
from sites import clock
from sites.models import Region
from tests import factories

NAMES = ("board.xlsx", "board.pdf", "board.docx", "map.png", "map.html")


@pytest.fixture
def board(today, three_villages, square):
    """One village within 5 km, two too far."""
    return factories.standard(tiers=["city", "county"])


@pytest.fixture
def download(client, today):
    def fetched(name, query="standard=near"):
        response = client.get(f"/coverage/export/{name}?{query}")
        assert response.status_code == 200, response.content.decode()
        return response

    return fetched


@pytest.fixture
def book(download):
    def opened(query="standard=near"):
        content = download("board.xlsx", query).content
        return openpyxl.load_workbook(io.BytesIO(content))

    return opened


def records(sheet):
    """A sheet's rows as dictionaries by their titles."""
    titles, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows]


def pdf_text(content):
    document = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


# What they say


def test_the_tables_of_the_workbook_are_the_apis(api, baotou, book):
    opened = book("standard=active")
    for sheet, by in (("旗县区", "county"), ("乡镇(街道)", "township")):
        rows = api.get(f"/standards/active/coverage?by={by}")["rows"]
        shown = records(opened[sheet])
        titles = {"code": "代码", "subjects": "总数", "built": "有场所", "reached": "有活动"}
        titles |= {"met": "达到标准", "share": "达标率", "doubtful": "待核实"}
        titles |= {"median_m": "中位距离(米)", "p90_m": "九成以内(米)", "max_m": "最远(米)"}
        for name, title in titles.items():
            expected = [row[name] for row in rows]
            if name == "share":  # a workbook keeps sixteen digits
                expected = pytest.approx(expected, rel=1e-15)
            assert [row[title] for row in shown] == expected, title


def test_the_subjects_and_gaps_of_the_workbook_are_the_apis(api, baotou, book):
    opened = book("standard=active")
    villages = api.properties("/villages?standard=active&limit=10000")
    shown = {row["代码"]: row for row in records(opened["全部对象"])}
    assert list(shown) == list(villages)
    for code, about in villages.items():
        assert shown[code]["距离(米)"] == about["distance_m"]
        assert shown[code]["合格场所编号"] == about["nearest"]
        assert (shown[code]["达到标准"] == "是") == about["met"]
    gaps = api.get("/standards/active/gaps?limit=10000")["features"]
    assert [(row["代码"], row["为什么"]) for row in records(opened["差距"])] == [
        (gap["id"], gap["properties"]["reason"]) for gap in gaps
    ]


def test_the_documents_show_every_county_as_the_api_counts_it(api, baotou, download):
    rows = api.get("/standards/active/coverage?by=county")["rows"]
    printed = re.sub(r"\s+", " ", pdf_text(download("board.pdf", "standard=active").content))
    written = docx.Document(io.BytesIO(download("board.docx", "standard=active").content))
    table = {row[0]: row for row in _texts(written.tables[0])}
    gaps = api.get("/standards/active/gaps?limit=10000")["features"]
    for row in rows:
        assert table[row["name"]][1] == str(row["subjects"])
        assert table[row["name"]][2] == str(row["met"])
        assert table[row["name"]][-2] == str(row["doubtful"])
    assert f"达到标准 {sum(row['met'] for row in rows)} 个" in printed
    assert len(written.tables[1].rows) == len(gaps) + 1
    assert [row[3].removesuffix("(待核实)") for row in _texts(written.tables[1])[1:]] == [
        gap["properties"]["reason"] for gap in gaps
    ]


def _texts(table):
    width = len(table.columns)
    cells = [cell.text for cell in table._cells]
    return [cells[start : start + width] for start in range(0, len(cells), width)]


def test_the_one_file_map_holds_every_village_as_the_api_judges_it(api, baotou, download):
    page = download("map.html", "standard=active").content.decode()
    assert len(page.encode()) < 1_000_000
    found = re.search(r'<script id="portable-data"[^>]*>(.*?)</script>', page, re.DOTALL)
    data = json.loads(found[1])
    villages = api.properties("/villages?standard=active&limit=10000")
    assert {one["code"]: one["distance_m"] for one in data["subjects"]} == {
        code: about["distance_m"] for code, about in villages.items()
    }
    assert {one["code"] for one in data["subjects"] if one["state"] == "effective"} == {
        code for code, about in villages.items() if about["met"]
    }
    assert len(data["places"]) == 560


def test_a_past_day_is_exported_as_it_was(board, square, book, today):
    square.opened_on = today
    square.save()
    assert records(book()["旗县区"])[0]["达到标准"] == 1
    assert records(book("standard=near&on=2026-07-14")["旗县区"])[0]["达到标准"] == 0


def test_a_region_holds_its_own_alone(board, book):
    factories.village("150204002")
    opened = book("standard=near&region=150204")
    assert [row["代码"] for row in records(opened["旗县区"])] == ["150204"]
    assert len(records(opened["全部对象"])) == 1


# What they are


def test_codes_are_text_and_heads_are_frozen_and_filtered(board, book):
    sheet = book()["全部对象"]
    assert sheet["A2"].data_type == "s"
    assert sheet.freeze_panes == "C2"
    (table,) = sheet.tables.values()
    assert table.ref == table.autoFilter.ref == sheet.dimensions


def test_a_name_that_looks_like_a_formula_stays_text(board, book):
    factories.village(name="=1+1", lat=41.0)
    names = [cell for cell in book()["全部对象"]["B"] if cell.value == "=1+1"]
    assert [cell.data_type for cell in names] == ["s"]


def test_a_name_cannot_break_out_of_the_map(board, download):
    factories.village(name="</script><b>&", lat=41.0)
    page = download("map.html").content.decode()
    assert "</script><b>" not in page


def test_a_picture_is_a_png(board, download):
    assert download("map.png").content.startswith(b"\x89PNG\r\n")


def test_a_file_is_called_after_area_standard_and_day(board, download):
    said = download("board.xlsx")["Content-Disposition"]
    assert said.startswith("attachment; filename*=utf-8''")
    assert unquote(said).endswith("_5 公里_2026-07-15.xlsx")


@pytest.mark.parametrize("name", NAMES)
def test_where_all_is_reached_or_nobody_lives_there_is_a_file_all_the_same(county, download, name):
    factories.standard()
    assert download(name).content


@pytest.mark.parametrize("name", NAMES)
def test_a_standard_about_counties_is_exported(board, download, name):
    factories.standard("theme", subject="county", kinds=["park"], max_distance_m=None)
    assert download(name, "standard=theme").content


# Standards about divisions

BOX = "MULTIPOLYGON(((109 40,110 40,110 41,109 41,109 40)))"


@pytest.fixture
def divisions(today, three_villages):
    """Two counties and two townships, the first of each with an outline, both with a seat."""
    for code, boundary in (("150203", BOX), ("150204", None)):
        factories.site(county=code, kind="park", code=f"{code}-0001")
        Region.objects.filter(code=code).update(boundary=boundary, seat=Point(109.5, 40.5))
    for code, boundary in (("150203001", BOX), ("150203002", None)):
        factories.region(code)
        Region.objects.filter(code=code).update(boundary=boundary, seat=Point(109.6, 40.6))
    factories.standard("theme", subject="county", kinds=["park"], max_distance_m=None)
    factories.standard("station", subject="township", kinds=["park"], max_distance_m=None)


def _map_data(page):
    found = re.search(r'<script id="portable-data"[^>]*>(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1])


@pytest.mark.parametrize("name", ["board.docx", "board.xlsx", "board.pdf", "map.html"])
def test_the_board_of_one_county_holds_its_own_row(divisions, download, name):
    content = download(name, "standard=theme&region=150203").content
    if name == "board.docx":
        rows = _texts(docx.Document(io.BytesIO(content)).tables[0])
        assert (rows[0][0], rows[1][0]) == ("旗县区", "区划150203")
    elif name == "board.xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content))["旗县区"]
        assert [row["代码"] for row in records(sheet)] == ["150203"]
    elif name == "board.pdf":
        assert "区划150203" in pdf_text(content)
    else:
        assert '<th scope="row">区划150203</th>' in content.decode()


def test_the_one_file_map_holds_townships_with_outlines_or_seats(divisions, download):
    subjects = _map_data(download("map.html", "standard=station").content.decode())["subjects"]
    found = {each["code"]: each for each in subjects}
    assert found["150203001"]["geometry"]["type"] == "MultiPolygon"
    assert found["150203002"].get("geometry") is None
    assert found["150203002"]["point"] == [109.6, 40.6]
    assert all(each["isTownship"] for each in subjects)


@pytest.mark.parametrize("standard", ["theme", "station"])
def test_a_division_is_drawn_in_its_outline_or_else_as_a_mark(divisions, standard):
    drawn = pictures.drawing(gather(standard, "", clock.today()))
    state = "effective" if standard == "theme" else "none"
    assert f'<path class="area {state}"' in drawn
    assert re.search(rf'<path class="{state}( doubtful)?" d="M', drawn)


# Who may, and what is refused


@pytest.mark.parametrize("name", NAMES)
def test_where_coverage_is_internal_exports_need_a_login(client, board, settings, today, name):
    settings.COVERAGE_PUBLIC = False
    address = f"/coverage/export/{name}?standard=near"
    assert client.get(address).status_code == 302
    client.force_login(factories.user())
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        ("board.odt?standard=near", 404, "board.xlsx"),
        ("board.xlsx?standard=none", 404, "none"),
        ("board.xlsx?standard=near&region=99", 404, "99"),
        ("board.xlsx?standard=near&region=abc", 422, "region"),
        ("board.xlsx?standard=near&on=2026-07-16", 422, "未来"),
        ("board.xlsx?standard=near&on=yesterday", 422, "on"),
    ],
)
def test_what_cannot_be_exported_is_told(client, board, address, status, told):
    response = client.get(f"/coverage/export/{address}")
    assert response.status_code == status
    assert told in response.content.decode()


def test_what_a_messenger_appends_to_an_address_is_let_pass_as_pages_do(client, board):
    for path in ("/coverage/export/board.xlsx", "/coverage/"):
        assert client.get(f"{path}?standard=near&utm_source=x").status_code == 200


def test_the_page_leads_to_every_export(client, board, today):
    page = client.get("/coverage/?standard=near").content.decode()
    for name in NAMES:
        assert f'href="/coverage/export/{name}?standard=near&amp;on=2026-07-15"' in page


# The command


def test_the_command_writes_the_map(board, today, tmp_path, capsys):
    call_command("export_map", str(tmp_path / "map.html"), standard="near")
    assert "不联网也能打开" in capsys.readouterr().out
    assert "5 公里" in (tmp_path / "map.html").read_text()


@pytest.mark.parametrize(
    ("file", "options", "told"),
    [
        ("map.html", {"standard": "none"}, "none"),
        ("map.html", {"standard": "near", "region": "99"}, "99"),
        ("missing/map.html", {"standard": "near"}, "没有这个文件或文件夹"),
    ],
)
def test_what_the_command_cannot_do_is_told(board, tmp_path, file, options, told):
    with pytest.raises(CommandError, match=told):
        call_command("export_map", str(tmp_path / file), **options)


# The drawing


def test_a_drawing_has_a_sign_for_every_state_and_escapes_names():
    marks = [Mark(110, 40, "effective"), Mark(110.1, 40, "none", doubtful=True)]
    text = draw([Area("<区>", None, (110.05, 40))], marks, [Key("none", "未覆盖", 1)])
    assert 'class="none doubtful"' in text
    assert "&lt;区&gt;" in text
    assert "<区>" not in text


def test_nothing_to_draw_is_an_empty_map():
    assert draw([], [], []).startswith("<svg")
