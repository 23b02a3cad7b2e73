import datetime
import json

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client
from pghistory.models import Context

from events.models import Event
from mapui.models import ApiToken
from sites.models import Region, Site, Village
from tests import factories


@pytest.fixture
def coming(square):
    """The columns of an event that is still to be recorded."""
    return {
        "programme": factories.programme().code,
        "site": square.code,
        "starts_at": "2026-07-20 09:00",
        "ends_at": "2026-07-20 10:00",
    }


def token_of(name, role, *counties):
    return ApiToken.issue(factories.user(name, role=role, counties=counties))


# Who may write


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("patch", "/sites/150203-0001"),
        ("patch", "/villages/150203001001"),
        ("patch", "/events/E-1"),
        ("post", "/events"),
    ],
)
def test_nobody_writes_without_a_token(api, square, method, path):
    for token in (None, "wrong", ""):
        response = api.ask(path, method=method, body={"name": "x"}, token=token)
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Bearer"


def test_a_token_of_someone_who_left_is_worth_nothing(api, square, steward, token):
    steward.is_active = False
    steward.save()
    api.problem(f"/sites/{square.code}", 401, method="patch", body={}, token=token)


def test_only_a_tokens_digest_is_kept(token):
    kept = ApiToken.objects.get()
    assert token not in (kept.digest, str(kept))


def test_a_steward_of_another_county_is_refused(api, square):
    token = token_of("other", "steward", "150204")
    path = f"/sites/{square.code}"
    api.problem(path, 403, method="patch", body={"name": "改名"}, token=token)
    square.refresh_from_db()
    assert square.name == "民主广场"


def test_a_steward_cannot_move_a_site_into_another_county(api, square, token):
    factories.region("150204")
    path = f"/sites/{square.code}"
    said = api.problem(path, 403, method="patch", body={"county": "150204"}, token=token)
    assert "您没有在 150204 修改的权限;把记录移到另一个旗县区,两边的权限都要有" in said["detail"]


def test_rights_are_looked_at_before_the_columns(api, square):
    token = token_of("other", "steward", "150204")
    api.problem(f"/sites/{square.code}", 403, method="patch", body={"kind": "?"}, token=token)


def test_an_event_elsewhere_cannot_be_recorded(api, coming, square):
    token = token_of("other", "steward", "150204")
    api.problem("/events", 403, method="post", body=coming, token=token)
    assert not Event.objects.exists()


def test_a_planner_does_not_record_events(api, coming):
    token = token_of("planner", "planner")
    api.problem("/events", 403, method="post", body=coming, token=token)


def test_a_troupe_records_events_everywhere(api, coming):
    token = token_of("troupe", "troupe")
    assert api.ask("/events", method="post", body=coming, token=token).status_code == 201


def test_a_login_writes_with_its_csrf_token_only(square, steward, today):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(steward)
    path, body = f"/api/v1/sites/{square.code}", json.dumps({"name": "新名"})
    refused = browser.patch(path, body, content_type="application/json")
    assert refused.status_code == 403
    assert "CSRF" in refused.json()["detail"]
    browser.get("/admin/login/")
    browser.cookies["csrftoken"] = secret = "a" * 32
    accepted = browser.patch(
        path, body, content_type="application/json", headers={"X-CSRFToken": secret}
    )
    assert accepted.status_code == 200


# What is written


def test_a_site_is_changed_in_the_given_columns_alone(api, square, token):
    answer = api.get(
        f"/sites/{square.code}", method="patch", body={"address": "钢铁大街"}, token=token
    )
    assert answer["properties"]["address"] == "钢铁大街"
    stored = Site.objects.get()
    assert (stored.address, stored.name, stored.kind) == ("钢铁大街", "民主广场", "square")


def test_null_clears_a_column(api, square, token):
    Site.objects.update(address="旧址")
    api.get(f"/sites/{square.code}", method="patch", body={"address": None}, token=token)
    assert Site.objects.get().address == ""


def test_a_village_is_moved(api, county, token):
    village = factories.village()
    body = {"lon": 110.5, "lat": 40.5, "population": 321, "position": "approximate"}
    answer = api.get(f"/villages/{village.code}", method="patch", body=body, token=token)
    assert answer["geometry"]["coordinates"] == [110.5, 40.5]
    stored = Village.objects.get()
    assert (stored.population, stored.position_error_m) == (321, 2000)


def test_coverage_follows_a_written_record(api, square, token):
    village = factories.village()
    factories.standard()
    assert api.properties("/villages?standard=near")[village.code]["met"]
    body = {"closed_on": "2026-07-15"}
    api.get(f"/sites/{square.code}", method="patch", body=body, token=token)
    assert not api.properties("/villages?standard=near")[village.code]["met"]


def test_a_recorded_event_gets_a_code_and_an_address(api, coming, token):
    response = api.ask("/events", method="post", body=coming, token=token)
    assert response.status_code == 201
    code = response.json()["id"]
    assert response["Location"] == f"/api/v1/events/{code}"
    assert response.json()["properties"]["starts_at"] == "2026-07-20T09:00:00+08:00"
    assert api.get(f"/events/{code}")["properties"]["status"] == "planned"


def test_sending_an_event_again_makes_no_second_one(api, coming, token):
    first = api.ask("/events", method="post", body=coming, token=token)
    again = api.ask("/events", method="post", body=coming, token=token)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"] == Event.objects.get().code


def test_an_event_is_held_by_changing_its_status(api, coming, token):
    past = coming | {"starts_at": "2026-07-14 09:00", "ends_at": "2026-07-14 10:00"}
    code = api.ask("/events", method="post", body=past, token=token).json()["id"]
    body = {"status": "held", "attendance": 120}
    answer = api.get(f"/events/{code}", method="patch", body=body, token=token)
    assert answer["properties"]["status"] == "held"
    assert Event.objects.get().held_at == Event.objects.get().ends_at


def test_an_event_that_has_not_begun_is_not_recorded_as_held(api, coming, token):
    body = coming | {"status": "held"}
    said = api.problem("/events", 422, method="post", body=body, token=token)
    assert [error["parameter"] for error in said["errors"]] == ["status"]
    assert not Event.objects.exists()
    code = api.ask("/events", method="post", body=coming, token=token).json()["id"]
    said = api.problem(f"/events/{code}", 422, method="patch", body={"status": "held"}, token=token)
    assert "活动还没开始" in said["detail"]


def test_history_knows_who_wrote(api, square, steward, token):
    api.get(f"/sites/{square.code}", method="patch", body={"name": "新名"}, token=token)
    context = Context.objects.get()
    assert context.metadata == {"user": steward.pk, "url": f"/api/v1/sites/{square.code}"}


# What is refused


def test_a_bad_column_is_named_with_what_is_allowed(api, square, token):
    body = {"kind": "pub", "opened_on": "2026-02-30"}
    said = api.problem(f"/sites/{square.code}", 422, method="patch", body=body, token=token)
    errors = {error["parameter"]: error for error in said["errors"]}
    assert errors.keys() == {"kind", "opened_on"}
    assert errors["kind"]["given"] == "pub"
    assert errors["kind"]["allowed"][:2] == ["square", "park"]
    assert "广场" in errors["kind"]["message"]
    assert errors["opened_on"]["allowed"] is None
    assert said["detail"] == " ".join(error["message"] for error in said["errors"])


def test_columns_are_named_in_english_even_where_not_given(api, square, token):
    said = api.problem(f"/sites/{square.code}", 422, method="patch", body={"lon": 110}, token=token)
    assert [error["parameter"] for error in said["errors"]] == ["lat"]
    assert said["errors"][0]["given"] is None


def test_an_unknown_column_is_refused(api, square, token):
    said = api.problem(
        f"/sites/{square.code}", 422, method="patch", body={"colour": "red"}, token=token
    )
    assert said["errors"][0]["parameter"] == "colour"
    assert "facilities" in said["errors"][0]["allowed"]


def test_all_faults_are_named_at_once(api, square, token, coming):
    body = {"colour": "red", "kind": "pub", "area_m2": "x", "name": True}
    said = api.problem(f"/sites/{square.code}", 422, method="patch", body=body, token=token)
    given = {error["parameter"]: error["given"] for error in said["errors"]}
    assert given == body
    body = {
        "colour": "red",
        "programme": "none",
        "status": "maybe",
        "starts_at": "2026-07-20 09:00",
    }
    said = api.problem("/events", 422, method="post", body=body, token=token)
    named = {error["parameter"] for error in said["errors"]}
    assert named == {"colour", "programme", "status", "ends_at"}


def test_text_is_a_string_that_can_be_kept(api, square, token):
    path = f"/sites/{square.code}"
    for value, words in ((True, "应是一段文字"), (5, "应是一段文字"), ("\x00", "控制字符")):
        said = api.problem(path, 422, method="patch", body={"name": value}, token=token)
        assert words in said["errors"][0]["message"]
        assert said["errors"][0]["given"] == value


def test_advice_is_about_the_api_not_about_the_command_line(api, square, token):
    boundary = MultiPolygon(Polygon.from_bbox((109.5, 40.4, 110.2, 40.9)), srid=4326)
    Region.objects.filter(code="150203").update(boundary=boundary)
    body = {"lon": 116.4, "lat": 39.9}
    said = api.problem(f"/sites/{square.code}", 422, method="patch", body=body, token=token)
    assert "不在本市范围" in said["detail"]
    assert "--" not in said["detail"]


@pytest.mark.parametrize("body", ["", "[]", "null", '"text"', "3"])
def test_a_body_that_is_no_object_says_so_in_our_words(api, square, token, body):
    path = f"/sites/{square.code}"
    said = api.problem(path, 422, method="patch", body=body, token=token)
    assert said["detail"] == '请求的内容应是一个 JSON 对象,如 {"name": "民主广场"}。'
    assert "errors" not in said


def test_a_code_stays_what_it_is(api, square, token):
    path = f"/sites/{square.code}"
    api.problem(path, 422, method="patch", body={"code": "other"}, token=token)
    assert api.get(path, method="patch", body={"code": square.code}, token=token)


def test_what_is_not_there_cannot_be_changed(api, token):
    for path in ("/sites/none", "/villages/150203001999", "/events/none"):
        api.problem(path, 404, method="patch", body={"name": "x"}, token=token)


@pytest.mark.parametrize("body", [{}, {"site": None}, {"programme": None, "starts_at": " "}])
def test_a_new_event_needs_its_columns(api, token, body):
    said = api.problem("/events", 422, method="post", body=body, token=token)
    named = {error["parameter"] for error in said["errors"]}
    assert named == {"programme", "starts_at", "ends_at"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 422),
        ("{", 400),
        ("[]", 422),
        ("null", 422),
        ('"text"', 422),
        (b"\xff\xfe", 400),
        ('{"name": "\\u0000"}', 422),
        ('{"\\ud800": 1}', 422),
        ('{"area_m2": 1e400}', 422),
        ('{"area_m2": NaN}', 422),
        ('{"area_m2": 99999999999999999999}', 422),
        ('{"area_m2": ' + "9" * 5000 + "}", 400),
        ('{"name": {"a": 1}}', 422),
        ('{"name": ["a", "b"]}', 422),
        ('{"facilities": [{"a": 1}]}', 422),
        ('{"village": 1e300}', 422),
        ('{"opened_on": true}', 422),
        ('{"lon": 1000, "lat": 1000}', 422),
        ('{"lon": 40.01, "lat": 110.0}', 422),
        ('{"name": ' + "[" * 100_000 + "]" * 100_000 + "}", 400),
        ('{"name": "' + "长" * 1000 + '"}', 422),
    ],
)
def test_no_body_brings_the_server_down(api, square, token, body, status):
    api.problem(f"/sites/{square.code}", status, method="patch", body=body, token=token)
    square.refresh_from_db()
    assert square.name == "民主广场"


def test_a_body_that_is_too_large_is_not_read(api, square, token, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    body = {"name": "长" * 200}
    said = api.problem(f"/sites/{square.code}", 413, method="patch", body=body, token=token)
    assert "请求的内容最多" in said["detail"]


def test_an_event_in_the_way_of_another_is_not_recorded(api, coming, square, token):
    troupe = factories.troupe(teams=1)
    far = factories.site(name="远处")
    day = datetime.date(2026, 7, 20)
    there = factories.event(day, site=far, troupe=troupe, status="planned")
    body = {**coming, "troupe": troupe.code}
    said = api.problem("/events", 409, method="post", body=body, token=token)
    assert there.code in said["detail"]
    assert Event.objects.count() == 1
    held = {**body, "starts_at": "2026-07-10 09:00", "ends_at": "2026-07-10 10:00"}
    held |= {"status": "held", "attendance": 60}
    factories.event(datetime.date(2026, 7, 10), site=far, troupe=troupe)
    assert api.ask("/events", method="post", body=held, token=token).status_code == 201


def test_a_known_event_cannot_be_moved_into_another_by_sending_it_again(api, coming, square, token):
    other = factories.event(datetime.date(2026, 7, 21), site=square, status="planned")
    code = api.ask("/events", method="post", body=coming, token=token).json()["id"]
    assert api.ask("/events", method="post", body=coming, token=token).status_code == 200
    moved = {**coming, "code": code, "starts_at": "2026-07-21 09:00", "ends_at": "2026-07-21 10:00"}
    said = api.problem("/events", 409, method="post", body=moved, token=token)
    assert other.code in said["detail"]
    assert Event.objects.get(pk=code).starts_at.day == 20


@pytest.mark.parametrize("code", ["", "E-1", " E-1 "])
def test_an_event_that_is_known_by_any_means_is_checked_against_others(
    api, coming, square, token, code
):
    day = datetime.date(2026, 7, 20)
    known = factories.event(day, code="E-1", site=square, status="planned")
    known.programme_id = coming["programme"]
    known.save()
    other = factories.event(day, site=square, status="planned")
    hour = datetime.timedelta(hours=1)
    Event.objects.filter(pk=other.pk).update(
        starts_at=known.ends_at + hour, ends_at=known.ends_at + 2 * hour
    )
    longer = {**coming, "code": code, "ends_at": "2026-07-20 11:30"}
    said = api.problem("/events", 409, method="post", body=longer, token=token)
    assert other.code in said["detail"]
    assert Event.objects.get(pk="E-1").ends_at == known.ends_at


def test_a_cancelled_event_is_not_revived_into_a_taken_place(api, coming, square, token):
    code = api.ask("/events", method="post", body=coming, token=token).json()["id"]
    Event.objects.update(status="cancelled")
    other = factories.event(datetime.date(2026, 7, 20), site=square, status="planned")
    again = {**coming, "code": code, "status": "planned"}
    said = api.problem("/events", 409, method="post", body=again, token=token)
    assert other.code in said["detail"]
    assert Event.objects.get(pk=code).status == "cancelled"
    other.delete()
    assert api.ask("/events", method="post", body=again, token=token).status_code == 200
