"""Standards in a form: made, copied, followed and ended, each with its policy."""

import datetime

import pytest
from django.urls import reverse

from sites.coverage import evaluate
from sites.models import Standard
from tests import factories

pytestmark = pytest.mark.django_db

FIELDS = {
    "name": "三公里内有广场", "subject": "village", "measure": "km", "km": "3", "kinds": ["square"],
    "min_count": "1", "min_events": "1", "policy_source": "某规划第三条", "effective_from": "2026-07-15",
}  # fmt: skip
DAY = datetime.timedelta(days=1)


@pytest.fixture
def planner(client, today):
    client.force_login(factories.user("planner", role="planner"))
    return client


def post(client, path, **changes):
    return client.post(
        path, {name: v for name, v in {**FIELDS, **changes}.items() if v is not None}
    )


def errors(response):
    assert response.status_code == 422
    return response.context["form"].errors


def test_a_standard_is_made_from_its_sentence(planner):
    assert post(planner, reverse("new_standard")).status_code == 302
    made = Standard.objects.get()
    assert (made.code, made.max_distance_m, made.kinds) == ("S0001", 3000, ["square"])
    assert (made.months, made.source, made.policy_source) == (None, "official", "某规划第三条")


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"measure": "in"}, (None, None)),
        ({"measure": "minutes", "max_minutes": "15"}, (None, 15)),
        ({"measure": "settings", "km_urban": "1", "km_herding": "20"},
         ({"urban": 1000, "herding": 20000}, None)),
        ({"measure": "km", "km": "0.5", "max_minutes": "15"}, (500, None)),
    ],
)  # fmt: skip
def test_near_is_measured_in_one_way(planner, changes, kept):
    post(planner, reverse("new_standard"), **changes)
    made = Standard.objects.get()
    assert (made.max_distance_m, made.max_minutes) == kept


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"km": "0"}, "km", "大于 0"),
        ({"km": "10000"}, "km", "最多 500"),
        ({"km": None}, "km", "几公里"),
        ({"measure": "minutes"}, "max_minutes", "几分钟"),
        ({"measure": "settings"}, "measure", "至少给一种"),
        ({"subject": "county", "measure": "settings", "km_urban": "1"}, "measure", "区域类型"),
        ({"kinds": ["pub"]}, "kinds", "pub"),
        ({"effective_from": "9999-12-31"}, "effective_from", "2100"),
        ({"effective_from": "2101-01-01"}, "effective_from", "2100"),
        ({"name": "三公里\x00"}, "name", "看不见的字符"),
        ({"code": "A\x00B"}, "code", "看不见的字符"),
        ({"kinds": None}, "__all__", "场所类型"),
        ({"policy_source": ""}, "policy_source", "必填"),
        ({"min_count": "0"}, "__all__", "至少为 1"),
        ({"effective_from": "2026-07-14"}, "effective_from", "早于今天"),
        ({"effective_from": "2026-02-30"}, "effective_from", "日期"),
        ({"months": "601"}, "__all__", "600"),
        ({"code": "a b"}, "code", ""),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field(planner, changes, field, told):
    found = errors(post(planner, reverse("new_standard"), **changes))
    assert told in " ".join(found[field])
    assert not Standard.objects.exists()


def test_a_new_version_follows_and_the_past_keeps_the_old(planner, three_villages, today):
    old = factories.standard()
    factories.site(lat=40.0)
    path = reverse("change_standard", args=[old.pk])
    assert planner.get(path).context["form"].initial["km"] == 5
    assert post(planner, path, km="20").status_code == 302
    new = Standard.objects.effective_on(today).get()
    assert (new.code, new.max_distance_m, new.pk != old.pk) == ("near", 20000, True)
    assert Standard.objects.effective_on(today - DAY).get() == old
    assert int(evaluate(old, today - DAY).met.sum()) == 1


def test_a_version_that_has_not_begun_is_changed_itself(planner, today):
    coming = factories.standard(effective_from=datetime.date(2099, 1, 1))
    path = reverse("change_standard", args=[coming.pk])
    post(planner, path, km="20", effective_from="2099-01-01")
    assert Standard.objects.get().max_distance_m == 20000


def test_a_standard_ends_and_the_past_keeps_it(planner, today):
    standard = factories.standard()
    planner.post(reverse("retire_standard", args=[standard.pk]))
    assert not Standard.objects.effective_on(today).exists()
    assert Standard.objects.effective_on(today - DAY).exists()


def test_a_copy_begins_with_the_rule_of_the_other(planner):
    other = factories.standard(months=12, tiers=["city"])
    form = planner.get(reverse("new_standard") + f"?copy={other.pk}").context["form"]
    shown = (
        form["months"].value(),
        form["tiers"].value(),
        form["km"].value(),
        form["code"].value(),
    )
    assert shown == (12, ["city"], 5, "")


def test_the_sentence_and_the_count_follow_the_typing(planner, three_villages):
    factories.site(lat=40.0)
    path = reverse("preview_standard")
    found = post(planner, path, km="5").json()
    assert (found["subjects"], found["met"], found["told"]) == (3, 1, "3 个中有 1 个达到。")
    assert found["sentence"].startswith("每个嘎查村(社区)在 5 公里内")
    assert "全部达到" in post(planner, path, km="50").json()["told"]
    assert "没有一个达到" in post(planner, path, km="0.01").json()["told"]
    assert "没有一个对象" in post(planner, path, settings=["herding"]).json()["told"]
    assert post(planner, path, km="0").status_code == 422
    assert not Standard.objects.exists()


def test_standards_are_read_by_all_and_changed_by_planners(client, today):
    standard = factories.standard()
    paths = [reverse("new_standard"), reverse("change_standard", args=[standard.pk])]
    assert standard.policy_source in client.get(reverse("standards")).content.decode()
    for path in paths:
        assert client.get(path)["Location"].startswith("/admin/login/")
    client.force_login(factories.user("steward", role="steward", counties=["150203"]))
    for path in [
        *paths,
        reverse("preview_standard"),
        reverse("retire_standard", args=[standard.pk]),
    ]:
        assert post(client, path).status_code == 403
    assert Standard.objects.get().effective_to is None


@pytest.mark.parametrize(
    "rule",
    [{"max_distance_m": None}, {"max_distance_m": None, "max_minutes": 15},
     {"max_distance_m": {"urban": 1000, "herding": 20000}}],
)  # fmt: skip
def test_a_standard_that_is_opened_and_saved_keeps_its_measure(planner, today, rule):
    old = factories.standard(**rule, effective_from=today - DAY)
    path = reverse("change_standard", args=[old.pk])
    form = planner.get(path).context["form"]
    data = {name: form[name].value() for name in form.fields}
    saved = planner.post(path, {name: v for name, v in data.items() if v not in (None, "")})
    assert saved.status_code == 302, saved.context["form"].errors
    new = Standard.objects.effective_on(today).get()
    assert (new.max_distance_m, new.max_minutes) == (old.max_distance_m, old.max_minutes)


def test_a_new_standard_takes_no_others_place(planner, today):
    factories.standard("near")
    found = errors(post(planner, reverse("new_standard"), code="near"))
    assert "已有编号为“near”的标准" in found["code"][0]


def test_two_versions_do_not_begin_on_one_day(planner, today):
    standard = factories.standard(effective_from=today)
    path = reverse("change_standard", args=[standard.pk])
    assert planner.get(path).context["form"].initial["effective_from"] == today + DAY
    found = errors(post(planner, path, effective_from=today.isoformat()))
    assert "以后的日期" in found["effective_from"][0]
