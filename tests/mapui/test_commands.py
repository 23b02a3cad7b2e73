"""The operator's commands: what they print, when they refuse, and that they refuse in words."""

import datetime
import io

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from events import demonstration
from events.models import Event, Programme, Reach, Troupe
from mapui.models import ApiToken, digest
from sites import access, clock
from sites.models import Coverage, Organ, Region, Sender, Site, Standard, Village
from tests import factories

pytestmark = pytest.mark.django_db
RECORDS = (Region, Organ, Village, Site, Standard, Troupe, Programme, Event)


def run(name, *arguments):
    """What a command prints."""
    out = io.StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def test_check_coverage_says_in_one_line_that_all_agree(today, three_villages):
    factories.standard()
    assert run("check_coverage") == "3 条覆盖结果全部一致,差异 0。\n"


def test_check_coverage_prints_each_difference_and_fails(today, three_villages):
    factories.standard()
    run("refresh_coverage")
    Coverage.objects.filter(subject=three_villages[0].code).update(met=True)
    out = io.StringIO()
    with pytest.raises(CommandError, match="有 1 处不一致"):
        call_command("check_coverage", stdout=out)
    assert three_villages[0].code in out.getvalue()


def test_check_coverage_sees_to_freshness_first(today, three_villages):
    factories.standard()
    run("check_coverage")
    factories.site()
    assert "差异 0" in run("check_coverage")


def test_refresh_coverage_says_for_when_and_how_many(today, three_villages):
    factories.standard()
    assert run("refresh_coverage") == "2026-07-15 的覆盖结果 3 条。\n"


def test_a_token_is_printed_alone_and_only_its_digest_kept(db):
    user = factories.user("li")
    text = run("api_token", "li").strip()
    assert ApiToken.objects.get(digest=digest(text)).user == user
    assert text not in str(ApiToken.objects.values().get())


@pytest.mark.parametrize("active", [True, False])
def test_a_token_for_nobody_is_refused(db, active):
    if not active:
        factories.user("li", is_active=False)
    with pytest.raises(CommandError, match="没有名为“li”的有效用户"):
        run("api_token", "li")


def password(printed):
    return printed.strip().split("):", 1)[1]


def test_a_steward_is_added_with_a_county_and_a_password_shown_once(county):
    printed = run("add_user", "li", "--group", "steward", "--county", "150203")
    user = authenticate(username="li", password=password(printed))
    assert user.is_staff
    assert access.divisions(user, "site") == ("150203",)


@pytest.mark.parametrize(("group", "kind"), [("planner", "standard"), ("troupe", "event")])
def test_a_planner_or_a_troupe_has_no_county(db, group, kind):
    printed = run("add_user", "li", "--group", group)
    user = authenticate(username="li", password=password(printed))
    assert access.divisions(user, kind) == ("",)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["li", "--group", "steward"], "steward 需要 --county"),
        (["li", "--group", "steward", "--county", "999999"], "没有代码为“999999”的区划"),
        (["li", "--group", "planner", "--county", "150203"], "只用于 steward"),
        (["taken", "--group", "planner"], "已存在"),
        (["a b", "--group", "planner"], "不能添加用户“a b”"),
        (["li", "--group", "boss"], "boss"),
    ],
)
def test_a_user_that_cannot_be_added_is_refused_in_words(county, arguments, told):
    factories.user("taken")
    with pytest.raises(CommandError, match=told):
        run("add_user", *arguments)
    assert User.objects.count() == 1


@pytest.fixture
def demonstration_records(county):
    """One of each kind, all but the division a demonstration."""
    shown = {"source": "demonstration"}
    organ = factories.organ(**shown)
    village = factories.village(**shown)
    site = factories.site(village=village, organ=organ, **shown)
    event = factories.event(
        site=site,
        programme=factories.programme(**shown),
        troupe=factories.troupe(**shown),
        reaches=[village],
        **shown,
    )
    event.hosts.add(organ)
    factories.standard(**shown)
    return event


def test_every_demonstration_record_is_forgotten_and_counted(demonstration_records, today):
    run("refresh_coverage")
    real = factories.village(lat=41.0)
    printed = run("forget_demonstration")
    for told in ("活动 1", "节目 1", "演出队 1", "场所 1", "机关 1", "覆盖标准 1"):
        assert told in printed
    assert "嘎查村(社区) 1" in printed
    assert list(Village.objects.all()) == [real]
    assert not Reach.objects.exists()
    for model in RECORDS:
        assert not model.objects.filter(source="demonstration").exists()


def test_demonstration_divisions_go_from_the_lowest_up(county):
    factories.region("150203001")
    Region.objects.update(source="demonstration")
    assert "行政区划 3" in run("forget_demonstration")
    assert not Region.objects.exists()


def test_with_nothing_to_forget_nothing_is_forgotten(county):
    assert run("forget_demonstration") == "已删除演示记录:0。\n"


def test_what_real_records_rest_on_is_named_and_nothing_is_removed(demonstration_records):
    event = demonstration_records
    factories.event(code="real-event", site=event.site, programme=event.programme)
    factories.site(code="real-site", organ=event.hosts.get())
    before = {model: model.objects.count() for model in RECORDS}
    with pytest.raises(CommandError) as refused:
        run("forget_demonstration")
    assert "活动 real-event" in str(refused.value)
    assert "场所 real-site" in str(refused.value)
    assert event.code not in str(refused.value)
    assert {model: model.objects.count() for model in RECORDS} == before


def test_a_real_event_that_names_a_demonstration_village_is_told(demonstration_records):
    village = Village.objects.get()
    site = factories.site(code="real-site")
    factories.event(code="real-event", site=site, reaches=[village])
    with pytest.raises(demonstration.StillNeeded, match="活动 real-event"):
        demonstration.forget()


def test_all_of_baotou_agrees_with_postgis(baotou):
    assert run("check_coverage").endswith("条覆盖结果全部一致,差异 0。\n")


def test_forgetting_baotous_demonstration_leaves_what_is_published(baotou):
    run("forget_demonstration")
    assert Village.objects.count() == 821
    assert Event.objects.count() == 0
    assert set(Site.objects.values_list("source", flat=True)) == {"published", "derived"}


def test_forget_senders_deletes_those_of_90_days_ago(today):
    for number, days in (("A", 91), ("B", 89)):
        sent = clock.midnight(today) - datetime.timedelta(days=days)
        Sender.objects.create(number=number, mark="m", contact="x", sent_at=sent)
    assert run("forget_senders") == "已删除 1 条联系方式和标记。\n"
    assert list(Sender.objects.values_list("number", flat=True)) == ["B"]
