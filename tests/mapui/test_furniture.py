"""What a government page carries by setting, and who may show it in a frame."""

import time

import pytest
from django.core.checks import run_checks
from django.test import Client

from mapui import furniture
from mapui.voices import guard
from tests import factories

FRAME = {"Sec-Fetch-Dest": "iframe"}


@pytest.fixture
def furnished(settings):
    def with_(**values):
        settings.FURNITURE = {**settings.FURNITURE, **values}

    return with_


@pytest.fixture
def page(client, db, today):
    return lambda path="/events/", **headers: client.get(path, headers=headers).content.decode()


def told():
    return {(warning.id, warning.msg.split()[0]) for warning in run_checks(tags=["furniture"])}


def test_numbers_stand_in_the_foot_and_lead_to_their_registers(furnished, page):
    furnished(
        icp="蒙ICP备12345678号-1",
        police="蒙公网安备15020302000123号",
        site_code="1502000001",
        contact="0472-5618000",
    )
    foot = page().split("<footer")[1]
    assert '<a href="https://beian.miit.gov.cn/"' in foot
    assert "https://www.beian.gov.cn/portal/registerSystemInfo?recordcode=15020302000123" in foot
    assert "网站标识码:1502000001" in foot
    assert 'href="tel:0472-5618000"' in foot


@pytest.mark.parametrize("path", ["/", "/coverage/what-if/"])
def test_the_approval_stands_on_the_map(furnished, page, three_villages, path):
    furnished(approval="蒙S(2026)012号")
    factories.standard(code="active")
    stage = page(path).split('class="stage"')[1]
    assert '<p class="approval">审图号:蒙S(2026)012号</p>' in stage


def test_the_emblem_is_served_and_shown(furnished, client, page, tmp_path):
    assert client.get("/emblem").status_code == 404
    assert "emblem" not in page()
    picture = tmp_path / "徽标.svg"
    picture.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    furnished(emblem=str(picture))
    answer = client.get("/emblem")
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"".join(answer.streaming_content) == picture.read_bytes()
    assert 'src="/emblem"' in page()
    furnished(emblem=str(tmp_path / "missing.svg"))
    assert client.get("/emblem").status_code == 404


def test_what_is_well_formed_is_let_pass(furnished, settings, tmp_path):
    (tmp_path / "e.png").write_bytes(b"x")
    furnished(
        icp="蒙ICP备12345678号",
        police="蒙公网安备 15020302000123号",
        site_code="bm01000001",
        approval="GS(2026)1234号",
        emblem=str(tmp_path / "e.png"),
    )
    settings.EMBEDDERS = [
        "self",
        "https://www.baotou.gov.cn",
        "https://*.gov.cn",
        "http://a.cn:8080",
    ]
    settings.VERIFICATION = ["MP_verify_a1B2.txt=a1B2"]
    assert told() == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("icp", "12345678"),
        ("police", "蒙公网安备123号"),
        ("site_code", "15020"),
        ("approval", "2026年1234"),
        ("emblem", "/nowhere/emblem.png"),
        ("emblem", __file__),
    ],
)
def test_what_is_malformed_is_told_at_start(furnished, name, value):
    furnished(**{name: value})
    (warning,) = run_checks(tags=["furniture"])
    assert value in warning.msg
    assert warning.hint


@pytest.mark.parametrize("word", ["*", "www.baotou.gov.cn", "https://a.cn/path", "https://a.cn; x"])
def test_an_embedder_that_is_no_origin_is_told_and_left_out(settings, word):
    settings.EMBEDDERS = [word, "https://www.baotou.gov.cn"]
    assert told() == {("mapui.W003", "FAZHIMAP_EMBEDDERS")}
    assert furniture.embedders() == "https://www.baotou.gov.cn"


def test_nobody_frames_our_pages_unless_it_is_set(client, db, today, settings):
    answer = client.get("/embed/")
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    settings.EMBEDDERS = ["self", "https://www.baotou.gov.cn"]
    answer = client.get("/embed/")
    assert "frame-ancestors 'self' https://www.baotou.gov.cn" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    admin = client.get("/admin/login/")
    assert "frame-ancestors 'none'" in admin["Content-Security-Policy"]
    assert admin["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/embed/", {}), ("/events/?embed=1", {}), ("/events/", {"Sec-Fetch-Dest": "iframe"})],
)
def test_an_embedded_page_has_neither_our_head_nor_our_foot(furnished, page, path, headers):
    furnished(icp="蒙ICP备12345678号")
    text = page(path, **headers)
    assert '<header class="top">' not in text
    assert "蒙ICP备" not in text
    assert 'target="_blank"' in text


def test_a_page_with_a_form_opens_outside_of_a_frame(client, square, today):
    for path in ("/ask/", "/ask/K7Q-M4X-PA2/", f"/sites/{square.code}/say/"):
        text = client.get(f"{path}?embed=1", headers=FRAME).content.decode()
        assert "<form" not in text
        assert 'href="?" target="_blank"' in text


def test_a_form_that_a_frame_sends_all_the_same_is_told_where_to_go(db, today):
    answer = Client(enforce_csrf_checks=True).post("/ask/", {"place": "甲村"}, headers=FRAME)
    assert answer.status_code == 403
    assert "这一页要在新窗口里打开" in answer.content.decode()


def test_in_a_window_of_others_an_answer_is_shown_as_the_form_was(client, three_villages, today):
    village, opened = three_villages[0], guard.stamp(time.time() - 10)
    form = {"village": village.code, "place": village.name, "opened": opened, "embed": "1"}
    answer = client.post("/ask/", form, follow=True)
    ((address, _status),) = answer.redirect_chain
    assert address.endswith("?new=1&embed=1")
    assert '<header class="top">' not in answer.content.decode()
    asked = client.get("/ask/", {"number": "K7Q-M4X-PA2", "embed": "1"})
    assert asked.url == "/ask/K7Q-M4X-PA2/?embed=1"
    large = client.get("/ask/", {"number": "K7Q-M4X-PA2", "embed": "1", "elder": "1"})
    assert large.url == "/ask/K7Q-M4X-PA2/?embed=1&elder=1"


def test_the_data_page_has_a_snippet_to_copy(page):
    assert "&lt;iframe src=&quot;http://testserver/embed/&quot;" in page("/data/").replace(
        '"', "&quot;"
    )


def test_a_verification_file_lies_at_the_root(client, db, settings):
    assert client.get("/MP_verify_a1B2.txt").status_code == 404
    settings.VERIFICATION = ["MP_verify_a1B2.txt=a1B2", "google1.html=google-site-verification"]
    answer = client.get("/MP_verify_a1B2.txt")
    assert answer.content == b"a1B2"
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert client.get("/google1.html").content == b"google-site-verification"
    assert client.get("/other.txt").status_code == 404


@pytest.mark.parametrize("word", ["../x.txt=a", "a b.txt=a", "x.php=a", "x.txt", "x.txt="])
def test_a_verification_file_of_another_name_is_told_and_not_served(settings, word):
    settings.VERIFICATION = [word]
    assert furniture.verification_files() == {}
    assert told() == {("mapui.W004", "FAZHIMAP_VERIFICATION")}
