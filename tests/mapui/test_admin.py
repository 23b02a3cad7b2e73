"""Data maintenance: who may open and save what, and that mistakes are told, not raised."""

import datetime

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.gis.geos import Point
from django.urls import reverse

from events.models import Contact, Event, Lodging, Occasion, Team, Troupe, VisitRequest
from mapui.models import ApiToken
from sites.models import Region, Site, Standard, Village
from tests import factories

pytestmark = pytest.mark.django_db
QUERIES = 15  # an event has six choices to look up; the others take 12 at most
MODELS = (
    "sites_region", "sites_organ", "sites_village", "sites_site", "sites_standard",
    "events_troupe", "events_programme", "events_event",
    "events_lodging", "events_occasion", "events_visitrequest",
)  # fmt: skip


@pytest.fixture
def records(today, county):
    """One record of each model, some with a history of others around them."""
    own = factories.village("150203001", code="150203001001")
    foreign = factories.village("150205001", code="150205001001")
    site = factories.site(code="own", county="150203", village=own)
    factories.site(code="foreign", county="150205", village=foreign)
    event = factories.event(
        code="E", site=site, troupe=factories.troupe(code="T"), reaches=[own, foreign]
    )
    event.hosts.add(factories.organ(code="O"))
    factories.event(code="F", village=foreign, programme=event.programme)
    return {
        "sites_region": "150203",
        "sites_organ": "O",
        "sites_village": own.code,
        "sites_site": "own",
        "sites_standard": factories.standard(effective_from="2099-01-01").pk,
        "events_troupe": "T",
        "events_programme": event.programme_id,
        "events_event": "E",
        "events_lodging": lodging().pk,
        "events_occasion": occasion(region_id="150203001").pk,
        "events_visitrequest": request(own, event=event).pk,
    }


DAY = datetime.date(2026, 7, 15)


def lodging(code="H"):
    point = Point(110.0, 40.0)
    region = factories.region("150203001")
    return Lodging.objects.create(code=code, name="旅馆", region=region, location=point, beds=8)


def occasion(**fields):
    defaults = {"name": "集市", "kind": "market", "first": DAY, "last": DAY, "yearly": True}
    return factories.occasion(**{**defaults, "weekdays": [1, 3], **fields})


def request(village, **fields):
    return VisitRequest.objects.create(village=village, made_on=DAY, **fields)


@pytest.fixture
def contacts(records):
    """One in the county, one in another."""
    return [
        Contact.objects.create(village_id=code, name=name, phone="0472-0000000")
        for code, name in (("150203001001", "王某"), ("150205001001", "李某"))
    ]


def sign_in(client, role, counties=(), **fields):
    client.force_login(factories.user(role or "root", role=role, counties=counties, **fields))
    return client


@pytest.fixture
def root(client, records):
    return sign_in(client, None, is_superuser=True)


@pytest.fixture
def steward(client, records):
    return sign_in(client, "steward", ["150203"])


@pytest.fixture
def planner(client, records):
    return sign_in(client, "planner")


@pytest.fixture
def troupe(client, records):
    return sign_in(client, "troupe")


def page(name, *args):
    return reverse(f"admin:{name}", args=args)


def filled(client, path):
    """What the form of a page would send back unchanged."""
    response = client.get(path)
    assert response.status_code == 200
    admin_form = response.context["adminform"]
    forms = [admin_form.form]
    data = {}
    for formset in response.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    for form in forms:
        for bound in form:
            data |= flat(bound.html_name, bound.field, bound.value())
    return data


def flat(name, field, value):
    """A field's value as a browser sends it."""
    widget = field.widget
    widget = getattr(widget, "widget", widget)
    if hasattr(widget, "decompress"):
        parts = widget.decompress(value)
        return {f"{name}_{i}": "" if p is None else str(p) for i, p in enumerate(parts)}
    if value is None or value is False:
        return {}
    if isinstance(value, list | tuple):
        return {name: [getattr(each, "pk", each) for each in value]}
    return {name: value}


def save(client, path, **changes):
    """Save a page's form with some fields changed; its errors, or none."""
    response = client.post(path, filled(client, path) | changes)
    if response.status_code == 302:
        return []
    assert response.status_code == 200, response.status_code
    return [str(error) for errors in response.context["errors"].as_data() for error in errors]


def errors_of(client, path, **changes):
    response = client.post(path, filled(client, path) | changes)
    assert response.status_code == 200, response.status_code
    return "".join(message for errors in response.context["errors"] for message in errors)


@pytest.mark.parametrize("model", MODELS)
def test_every_list_form_and_record_opens_with_few_queries(
    root, records, model, django_assert_max_num_queries
):
    for path in (
        page(f"{model}_changelist"),
        page(f"{model}_changelist") + "?q=0",
        page(f"{model}_add"),
        page(f"{model}_change", records[model]),
    ):
        with django_assert_max_num_queries(QUERIES):
            assert root.get(path).status_code == 200


@pytest.mark.parametrize("model", ["sites_village", "sites_site", "events_event"])
def test_a_steward_opens_them_with_few_queries_too(
    steward, records, model, django_assert_max_num_queries
):
    for path in (
        page(f"{model}_changelist"),
        page(f"{model}_add"),
        page(f"{model}_change", records[model]),
    ):
        with django_assert_max_num_queries(QUERIES):
            assert steward.get(path).status_code == 200


def test_a_list_takes_as_many_queries_for_many_records_as_for_one(
    root, records, django_assert_max_num_queries
):
    for n in range(30):
        factories.site(village_id=records["sites_village"], opened_on=datetime.date(2020, 1, n + 1))
        factories.event(village_id=records["sites_village"], troupe_id="T")
    for model in ("sites_site", "events_event", "sites_village"):
        with django_assert_max_num_queries(QUERIES):
            root.get(page(f"{model}_changelist"))


@pytest.mark.parametrize("model", MODELS)
def test_saving_a_record_unchanged_changes_nothing(root, records, model):
    path = page(f"{model}_change", records[model])
    response = root.post(path, filled(root, path))
    assert response.status_code == 302, response.context["errors"]
    app, name = model.split("_")
    from django.apps import apps  # noqa: PLC0415

    history = apps.get_model(app, f"{name}history").objects.filter(pgh_obj=records[model])
    assert list(history.values_list("pgh_label", flat=True)) == ["insert"]


def test_the_front_page_is_in_chinese_and_names_itself(root):
    text = root.get(page("index")).content.decode()
    assert "法治地图 · 数据维护" in text
    for name in ("场所", "嘎查村(社区)", "覆盖标准", "活动", "用户", "接口令牌"):
        assert name in text
    for name in ("覆盖结果", "Evaluation", "Change"):
        assert f">{name}<" not in text


def test_without_staff_status_nobody_comes_in(client, records):
    sign_in(client, "steward", ["150203"], is_staff=False)
    assert client.get(page("sites_site_changelist")).status_code == 302


def test_a_site_is_added(root, records):
    path = page("sites_site_add")
    errors = save(
        root, path, code="150203-0009", name="新公园", kind="park", tier="county",
        county="150203", location="110.5, 40.25", facilities=["power", "toilets"],
    )  # fmt: skip
    assert errors == []
    site = Site.objects.get(code="150203-0009")
    assert (site.location.coords, site.location.srid) == ((110.5, 40.25), 4326)
    assert site.facilities == ["power", "toilets"]


def test_a_site_and_an_event_without_a_code_are_given_the_next_one(root, records):
    site = {"name": "新公园", "kind": "park", "tier": "county", "location": "110.5, 40.25"}
    path = page("sites_site_add")
    assert save(root, path, code="", county="150203", **site) == []
    assert save(root, path, code="", county="150203", **site) == []
    made = Site.objects.filter(name="新公园").values_list("code", flat=True)
    assert sorted(made) == ["150203-0001", "150203-0002"]
    assert "这个字段是必填项。" in errors_of(root, path, code="", county="", **site)
    times = {
        "starts_at_0": "2026-08-01",
        "starts_at_1": "09:00",
        "ends_at_0": "2026-08-01",
        "ends_at_1": "10:00",
    }
    event = {"programme": records["events_programme"], "site": made[0], "status": "planned"}
    assert save(root, page("events_event_add"), code="", **event, **times) == []
    assert Event.objects.filter(code="E2026-0001").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "这个字段是必填项。"),
        ("110.5", "请填两个数"),
        ("somewhere", "请填两个数"),
        ("nan, 40", "经度 nan 不在"),
        ("110.5, 91", "纬度 91.0 不在"),
        ("181, 40", "经度 181.0 不在"),
        ("40.25, 110.5", "颠倒"),
    ],
)
def test_a_wrong_position_is_told(root, text, told):
    assert told in errors_of(root, page("sites_site_change", "own"), location=text)


@pytest.mark.parametrize("text", ["110.5 40.25", "110.5,40.25", " 110.5、40.25 ", "110.5\t40.25"])
def test_a_position_may_be_written_in_many_ways(root, text):
    assert save(root, page("sites_site_change", "own"), location=text) == []
    assert Site.objects.get(code="own").location.coords == (110.5, 40.25)


POLYGON = '{"type": "Polygon", "coordinates": [[[110, 40], [111, 40], [111, 41], [110, 40]]]}'


def test_a_boundary_is_geojson(root):
    assert save(root, page("sites_region_change", "150203"), boundary=POLYGON) == []
    assert Region.objects.get(code="150203").boundary.num_geom == 1
    assert save(root, page("sites_region_change", "150203")) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x", "请填 GeoJSON"),
        ("[]", "请填 GeoJSON"),
        ('{"type": "Point", "coordinates": [1, 2]}', "请填 GeoJSON"),
        ('{"type": "Polygon", "coordinates": [[1, 2]]}', "请填 GeoJSON"),
        ('{"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}', "请填 GeoJSON"),
        (POLYGON.replace("41", "941"), "WGS 84"),
        ('{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,1],[1,0],[0,0]]]}', "多边形无效"),
    ],
)
def test_a_wrong_boundary_is_told(root, text, told):
    assert told in errors_of(root, page("sites_region_change", "150203"), boundary=text)


@pytest.mark.parametrize(
    ("model", "changes", "told"),
    [
        ("sites_site", {"opened_on": "2020-01-01", "closed_on": "2020-01-01"}, "停用日期"),
        ("sites_standard", {"kinds": [], "months": ""}, "标准应有"),
        ("sites_standard", {"max_distance_m": '{"coast": 1}'}, "距离应是"),
        ("sites_standard", {"max_distance_m": "-1"}, "距离应是"),
        ("sites_standard", {"max_distance_m": "5", "max_minutes": "5"}, "只能填一项"),
        ("sites_standard", {"min_count": "0"}, "至少为 1"),
        ("sites_standard", {"effective_to": "2098-01-01"}, "失效日期"),
        ("events_event", {"site": ""}, "活动应有场所"),
        ("events_event", {"ends_at_0": "2026-06-01", "ends_at_1": "08:00"}, "结束时间"),
        ("events_event", {"held_at_0": "2026-05-01", "held_at_1": "08:00"}, "登记举办时间"),
        ("events_event", {"status": "planned"}, "登记举办时间"),
        ("events_troupe", {"teams": "0"}, "队数"),
        ("events_programme", {"minutes": "0"}, "时长"),
        ("events_lodging", {"beds": "0"}, "大于或等于1"),
        ("events_occasion", {"weekdays": "1, 8"}, "星期应是 1 到 7"),
        ("events_occasion", {"weekdays": "周一"}, "“周一”不是整数"),
        ("events_occasion", {"weekdays": "99999"}, "32767"),
        ("events_occasion", {"month_days": "0"}, "日应是 1 到 31"),
        ("events_occasion", {"village": "150203001001"}, "只填一项"),
        ("events_occasion", {"region": ""}, "只填一项"),
        ("events_occasion", {"kind": "hours"}, "“只在这些时间”要填"),
        ("events_occasion", {"opens": "09:00"}, "时间要填就填起止两项"),
        ("events_occasion", {"last": "2026-01-01"}, "结束日期不应早于开始日期"),
    ],
)
def test_what_the_database_would_refuse_is_told(root, records, model, changes, told):
    assert told in errors_of(root, page(f"{model}_change", records[model]), **changes)


def test_a_code_that_is_taken_or_odd_is_told(root):
    path = page("sites_site_add")
    rest = {"name": "x", "kind": "park", "tier": "county", "county": "150203", "location": "1, 1"}
    assert "已存在" in errors_of(root, path, code="own", **rest)
    assert "编号只能用" in errors_of(root, path, code="a b", **rest)


def test_the_code_of_a_stored_record_is_shown_and_fixed(root, records):
    for model in MODELS:
        path = page(f"{model}_change", records[model])
        assert "code" not in root.get(path).context["adminform"].form.fields
    save(root, page("sites_site_change", "own"), code="other", name="改名")
    assert Site.objects.get(code="own").name == "改名"


def test_a_standard_in_effect_can_be_ended_and_renamed_only(planner, today):
    standard = factories.standard("begun")
    path = page("sites_standard_change", standard.pk)
    assert save(planner, path, min_count="3", effective_to="2026-12-31", name="新名") == []
    standard.refresh_from_db()
    assert (standard.min_count, standard.name) == (1, "新名")
    assert standard.effective_to == datetime.date(2026, 12, 31)
    assert planner.post(page("sites_standard_delete", standard.pk)).status_code == 403


def test_a_standard_that_the_database_holds_in_effect_is_fixed_on_an_earlier_day_too(planner):
    """The product's day may be fixed in the past; the trigger goes by the clock."""
    standard = factories.standard("begun", effective_from=datetime.date.today())
    assert save(planner, page("sites_standard_change", standard.pk), min_count="3") == []


def test_an_event_that_has_not_begun_is_not_recorded_as_held(troupe, records):
    Event.objects.filter(code="E").update(status="planned", held_at=None)
    tomorrow = {"starts_at_0": "2026-07-16", "ends_at_0": "2026-07-16"}
    path = page("events_event_change", "E")
    assert "活动还没开始" in errors_of(troupe, path, status="held", **tomorrow)
    assert save(troupe, path, status="confirmed", **tomorrow) == []


def test_an_event_recorded_as_held_was_held_when_it_ended(troupe, records):
    Event.objects.filter(code="E").update(status="planned", held_at=None)
    assert save(troupe, page("events_event_change", "E"), status="held") == []
    event = Event.objects.get(code="E")
    assert event.held_at == event.ends_at


def test_an_event_names_the_villages_that_it_reached(troupe, records):
    other = factories.village("150203001", code="150203001009")
    reached = ["150205001001", other.code]
    assert save(troupe, page("events_event_change", "E"), reaches=reached) == []
    assert list(Event.objects.get(code="E").reaches.values_list("code", flat=True)) == [
        other.code,
        "150205001001",
    ]
    assert save(troupe, page("events_event_change", "E"), reaches=[]) == []
    assert not Event.objects.get(code="E").reaches.exists()


@pytest.mark.parametrize(
    ("role", "writable"),
    [
        ("planner", {"sites_standard", "sites_organ", "events_occasion", "events_visitrequest"}),
        ("troupe", {model for model in MODELS if model.startswith("events_")}),
        (
            "steward",
            {
                *("sites_village", "sites_site"),
                *("events_event", "events_occasion", "events_visitrequest"),
            },
        ),
    ],
)
def test_a_role_reads_all_records_and_writes_its_own_kinds(client, records, role, writable):
    sign_in(client, role, ["150203"] if role == "steward" else [])
    for model in MODELS:
        assert client.get(page(f"{model}_changelist")).status_code == 200
        status = 200 if model in writable else 403
        assert client.get(page(f"{model}_add")).status_code == status, model
        path = page(f"{model}_change", records[model])
        response = client.get(path)
        assert response.status_code == 200
        assert response.context["has_change_permission"] is (model in writable), model
        if model not in writable:
            assert client.post(path, {}).status_code == 403


def test_a_steward_edits_only_what_lies_in_the_county(steward):
    for path in (
        page("sites_site_change", "foreign"),
        page("sites_village_change", "150205001001"),
        page("events_event_change", "F"),
    ):
        assert not steward.get(path).context["has_change_permission"]
        assert steward.post(path, {"name": "x"}).status_code == 403
    assert steward.post(page("sites_site_delete", "foreign"), {"post": "yes"}).status_code == 403


def test_a_steward_cannot_move_a_record_to_another_county(steward):
    told = errors_of(steward, page("sites_site_change", "own"), county="150205")
    assert "没有在这个旗县区修改的权限" in told
    told = errors_of(steward, page("events_event_change", "E"), village="150205001001")
    assert "没有在这个旗县区修改的权限" in told
    assert Site.objects.get(code="own").county_id == "150203"


def test_a_steward_cannot_add_a_record_in_another_county(steward):
    rest = {"name": "x", "kind": "park", "tier": "county", "location": "1, 1"}
    told = errors_of(steward, page("sites_site_add"), code="n", county="150205", **rest)
    assert "没有在这个旗县区修改的权限" in told
    assert save(steward, page("sites_site_add"), code="n", county="150203", **rest) == []


def test_deleting_many_stops_at_a_foreign_one(steward):
    for code, county in (("a", "150203"), ("b", "150205")):
        factories.site(code=code, county=county)
    form = {"action": "delete_selected", "_selected_action": ["a", "b"], "post": "yes"}
    steward.post(page("sites_site_changelist"), form)
    assert Site.objects.filter(code__in="ab").count() == 2
    form["_selected_action"] = ["a"]
    steward.post(page("sites_site_changelist"), form)
    assert not Site.objects.filter(code="a").exists()


def test_deleting_what_others_rest_on_is_explained(root):
    response = root.post(page("sites_village_delete", "150203001001"), {"post": "yes"})
    assert response.status_code == 200
    assert response.context["protected"]
    assert Village.objects.filter(code="150203001001").exists()


def test_lists_are_searched_and_filtered(root):
    path = page("sites_site_changelist")
    assert root.get(path, {"county__code__exact": "150203"}).context["cl"].result_count == 1
    assert root.get(path, {"q": "foreign"}).context["cl"].result_count == 1
    path = page("sites_village_changelist")
    assert root.get(path, {"county": "150205"}).context["cl"].result_count == 1


def test_the_search_for_a_village_answers_stewards(steward):
    query = {"term": "15020", "app_label": "sites", "model_name": "site", "field_name": "village"}
    found = steward.get(page("autocomplete"), query).json()["results"]
    assert [each["id"] for each in found] == ["150203001001", "150205001001"]
    assert found[0]["text"] == "村150203001001 150203001001"


def test_only_a_superuser_sees_users_and_tokens(planner):
    for name in ("auth_user", "mapui_apitoken"):
        assert planner.get(page(f"{name}_changelist")).status_code == 403
    assert "用户" not in planner.get(page("index")).content.decode().split("最近动作")[0][-4000:]


def test_a_superuser_gives_a_steward_a_county(root, django_assert_max_num_queries):
    user = factories.user("new")
    path = page("auth_user_change", user.pk)
    with django_assert_max_num_queries(QUERIES):
        root.get(path)
    group = Group.objects.get_or_create(name="steward")[0]
    rows = {"county_rights-TOTAL_FORMS": "1", "county_rights-0-region": "150203"}
    assert save(root, path, groups=[group.pk], **rows) == []
    assert list(user.county_rights.values_list("region", flat=True)) == ["150203"]
    assert Site.objects.editable_by(User.objects.get(pk=user.pk)).count() == 1


def test_a_superuser_adds_a_user(root):
    path = page("auth_user_add")
    password = {"password1": "kd8-Lqz-22a", "password2": "kd8-Lqz-22a", "usable_password": "true"}
    assert save(root, path, username="fresh", is_staff="on", **password) == []
    assert User.objects.get(username="fresh").is_staff


def test_tokens_are_listed_and_deleted_but_never_shown(root):
    text = ApiToken.issue(User.objects.get())
    token = ApiToken.objects.get()
    shown = root.get(page("mapui_apitoken_changelist")).content.decode()
    assert text not in shown
    assert token.digest not in shown
    assert root.get(page("mapui_apitoken_add")).status_code == 403
    assert root.post(page("mapui_apitoken_delete", token.pk), {"post": "yes"}).status_code == 302
    assert not ApiToken.objects.exists()


def test_pages_name_nothing_that_the_policy_would_block(root, records):
    for model in MODELS:
        for path in (page(f"{model}_changelist"), page(f"{model}_change", records[model])):
            text = root.get(path).content.decode()
            for blocked in ("<script>", "onclick=", 'style="', "https://cdn", "<style"):
                assert blocked not in text, (path, blocked)


def test_the_rule_of_a_coming_standard_can_be_changed(planner, records):
    path = page("sites_standard_change", records["sites_standard"])
    changes = {"max_distance_m": '{"urban": 1000}', "settings": ["urban"], "kinds": ["park"]}
    assert save(planner, path, **changes) == []
    standard = Standard.objects.get(pk=records["sites_standard"])
    assert (standard.max_distance_m, standard.settings) == ({"urban": 1000}, ["urban"])
    assert save(planner, path, max_distance_m="", max_minutes="15") == []


@pytest.mark.parametrize("text", ["3,13,23", "3, 13;23", " 3、13  23 ", "3,13,3,23"])
def test_days_of_the_month_may_be_written_in_many_ways(root, records, text):
    path = page("events_occasion_change", records["events_occasion"])
    assert save(root, path, month_days=text, weekdays="") == []
    stored = Occasion.objects.get(pk=records["events_occasion"])
    assert (stored.month_days, stored.weekdays) == ([3, 13, 23], [])
    assert filled(root, path)["month_days"] == "3, 13, 23"


def test_teams_are_rows_of_their_troupe(troupe, records, django_assert_max_num_queries):
    path = page("events_troupe_change", "T")
    row = {
        "crews-TOTAL_FORMS": "1",
        "crews-0-number": "1",
        "crews-0-name": "一队",
        "crews-0-people": "6",
        "crews-0-languages": ["zh", "mn"],
        "crews-0-leaves_at": "08:00",
        "crews-0-back_by": "19:00",
        "crews-0-location": "110.5, 40.25",
    }
    assert save(troupe, path, **row) == []
    team = Team.objects.get(troupe=Troupe.objects.get(pk="T"))
    assert (team.people, team.languages, team.location.coords) == (6, ["zh", "mn"], (110.5, 40.25))
    with django_assert_max_num_queries(QUERIES):
        troupe.get(path)
    assert "最晚回到应晚于最早出发" in errors_of(troupe, path, **{"crews-0-back_by": "07:00"})


def test_whoever_may_not_edit_a_troupe_reads_its_teams(planner, records):
    Team.objects.create(troupe_id="T", number=1, name="一队")
    response = planner.get(page("events_troupe_change", "T"))
    assert "一队" in response.content.decode()
    assert not response.context["has_change_permission"]


def test_a_steward_keeps_the_calendar_and_requests_of_the_county_alone(steward, records):
    far = occasion(village_id="150205001001").pk
    asked = request(Village.objects.get(pk="150205001001")).pk
    path = page("events_occasion_change", far)
    assert not steward.get(path).context["has_change_permission"]
    assert steward.post(path, {}).status_code == 403
    assert steward.get(page("events_visitrequest_change", asked)).status_code == 302  # unseen
    path = page("events_occasion_change", records["events_occasion"])
    assert save(steward, path, region="150203") == []
    assert "没有在这个旗县区修改的权限" in errors_of(steward, path, region="1502")


def test_contacts_are_seen_by_those_alone_who_keep_them(client, contacts):
    own, foreign = contacts
    listed = page("events_contact_changelist")
    sign_in(client, "steward", ["150203"])
    text = client.get(listed).content.decode()
    assert "王某" in text
    assert "李某" not in text
    assert client.get(page("events_contact_change", own.pk)).status_code == 200
    for name in ("change", "history", "delete"):
        response = client.get(page(f"events_contact_{name}", foreign.pk))
        assert response.status_code in {302, 403}
    foreign.delete()
    errors = errors_of(client, page("events_contact_change", own.pk), village="150205001001")
    assert "没有在这个旗县区修改的权限" in errors


def test_a_troupe_sees_and_edits_all_contacts(troupe, contacts, django_assert_max_num_queries):
    with django_assert_max_num_queries(QUERIES):
        text = troupe.get(page("events_contact_changelist")).content.decode()
    assert "王某" in text
    assert "李某" in text
    assert save(troupe, page("events_contact_change", contacts[1].pk), role="书记") == []


@pytest.mark.parametrize(("role", "counties"), [("planner", ()), ("steward", ["150202"]), ("", ())])
def test_to_others_contacts_are_not_even_named(client, contacts, role, counties):
    sign_in(client, role or None, counties)
    own = contacts[0]
    shown = client.get(page("events_contact_changelist"))
    assert shown.status_code == 403 or "王某" not in shown.content.decode()
    assert client.get(page("events_contact_change", own.pk)).status_code in {302, 403}
    village = client.get(page("sites_village_change", "150203001001")).content.decode()
    assert "王某" not in village
    index = client.get(page("index")).content.decode()
    assert ("联系人" in index) is (role == "steward")


def test_history_names_who_changed_a_record(root):
    save(root, page("sites_site_change", "own"), name="改名")
    version = Site.objects.get(code="own").history.latest("pgh_id")
    assert (version.pgh_label, version.name) == ("update", "改名")
    assert version.pgh_context.metadata["user"] == User.objects.get(username="root").pk


@pytest.mark.parametrize("digits", ["0123456789", "٠١٢٣٤٥٦٧٨٩"])
def test_an_event_that_is_planned_for_a_request_leads_back_to_it_and_says_so(
    root, records, today, digits
):
    village = Village.objects.first()
    asked = VisitRequest.objects.create(village=village, made_on=today, origin="citizen")
    number = str(asked.pk).translate(str.maketrans("0123456789", digits))
    event = {
        "code": "E-9",
        "programme": records["events_programme"],
        "village": village.pk,
        "status": "planned",
        "source": "official",
        "audience": "public",
    }
    for name, hour in (("starts_at", "09:00"), ("ends_at", "10:00")):
        event |= {f"{name}_0": "2026-08-01", f"{name}_1": hour}
    answer = root.post(f"{page('events_event_add')}?request={number}", event, follow=True)
    assert Event.objects.filter(pk="E-9").exists()
    if digits.isascii():
        assert answer.request["PATH_INFO"] == f"/remarks/requests/{asked.pk}/"
        assert 'class="message" role="status"' in answer.content.decode()
    else:
        assert answer.request["PATH_INFO"] == "/admin/events/event/"
