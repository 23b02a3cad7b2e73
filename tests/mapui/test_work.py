"""From a scenario to work: its tasks, who may see and change them, and where they lead."""

import pytest

from sites.models import Scenario, Task
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(client, today):
    client.force_login(factories.user("planner", role="planner"))
    return client


@pytest.fixture
def scenario(three_villages, square, today):
    """A square to be built in a village, a park where none is named, a site to go."""
    factories.standard(months=12)
    place = {"lon": 110.0, "lat": 40.08, "tier": "county"}
    add = [
        {**place, "kind": "square", "village": three_villages[0].code},
        {**place, "lat": 40.09, "kind": "park", "village": None},
    ]
    return Scenario.objects.create(
        name="再建一处",
        standard="near",
        add=add,
        remove=[square.code],
        saved_at="2026-07-15T00:00Z",
    )


@pytest.fixture
def tasks(planner, scenario):
    planner.post(f"/coverage/scenarios/{scenario.pk}/work/")
    return list(Task.objects.order_by("pk"))


def page(client, query=""):
    answer = client.get(f"/coverage/work/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_place_of_a_scenario_becomes_a_task_of_each_kind_it_needs(
    tasks, three_villages, square
):
    assert [(task.kind, task.place) for task in tasks] == [
        ("build_place", f"县级广场 · {three_villages[0].name}"),
        ("hold_event", f"县级广场 · {three_villages[0].name}"),
        ("build_place", f"县级公园 · {three_villages[1].name}附近"),
        ("hold_event", f"县级公园 · {three_villages[1].name}附近"),
        ("check_place", f"核对后撤掉:{square.name}"),
    ]
    assert {task.made_by.username for task in tasks} == {"planner"}


def test_asked_again_only_what_was_added_since_becomes_work(planner, scenario, tasks):
    tasks[0].who = "王"
    tasks[0].save()
    scenario.add.append({"lon": 110.5, "lat": 40.5, "kind": "square", "tier": "city"})
    scenario.save()
    planner.post(f"/coverage/scenarios/{scenario.pk}/work/")
    planner.post(f"/coverage/scenarios/{scenario.pk}/work/")
    assert Task.objects.count() == len(tasks) + 2
    assert Task.objects.get(pk=tasks[0].pk).who == "王"


def test_a_standard_without_events_brings_none_to_hold(planner, scenario):
    factories.standard("plain")
    scenario.standard = "plain"
    scenario.save()
    planner.post(f"/coverage/scenarios/{scenario.pk}/work/")
    assert not Task.objects.filter(kind="hold_event").exists()


def test_a_task_opens_the_form_that_is_filled_in_for_it(planner, tasks, three_villages, square):
    assert "/admin/" not in page(planner)  # who may neither hold events nor keep sites
    planner.force_login(factories.user("chief", is_superuser=True))
    shown = page(planner)
    code = three_villages[0].code
    assert f"/admin/events/event/add/?status=planned&amp;village={code}" in shown
    assert f"/admin/sites/site/{square.code}/change/" in shown
    form = planner.get(f"/admin/sites/site/add/?{tasks[0].form_query()}").content.decode()
    assert 'value="110.0, 40.08"' in form
    assert '<option value="square" selected>' in form
    assert f'value="{code}"' in form


def test_a_task_is_ticked_and_opened_again(planner, tasks, today):
    address = f"/coverage/work/{tasks[0].pk}/"
    back = planner.post(address, {"action": "done"})
    assert back["Location"].endswith(f"#task-{tasks[0].pk}")
    assert Task.objects.get(pk=tasks[0].pk).done_on == today
    assert "2026-07-15 办完" in page(planner, "done=true")
    assert f'id="task-{tasks[0].pk}"' not in page(planner, "done=false")
    planner.post(address, {"action": "open"})
    assert Task.objects.get(pk=tasks[0].pk).done_on is None


def test_who_does_it_by_when_is_noted_and_what_is_late_is_told(planner, tasks):
    number = tasks[0].pk
    noted = {"who": "昆区司法局", "due_on": "2026-07-14", "note": "先征地"}
    planner.post(f"/coverage/work/{number}/", {f"t{number}-{k}": v for k, v in noted.items()})
    shown = page(planner)
    assert "昆区司法局" in shown
    assert "2026-07-14 前办完" in shown
    assert "已过期限" in shown


@pytest.mark.parametrize("due_on", ["9999-12-31", "2101-01-01", "明天"])
def test_a_day_that_nobody_can_mean_is_refused(planner, tasks, due_on):
    number = tasks[0].pk
    answer = planner.post(f"/coverage/work/{number}/", {f"t{number}-due_on": due_on})
    assert answer.status_code == 422
    assert "日期" in answer.content.decode()
    assert Task.objects.get(pk=number).due_on is None


def test_strangers_see_the_tasks_but_neither_persons_nor_notes(planner, tasks, client):
    Task.objects.update(who="王某某", note="内部")
    client.logout()
    shown = page(client)
    assert tasks[0].place in shown
    assert "王某某" not in shown
    assert "内部" not in shown
    assert "<button" not in shown.partition("<main")[2].partition("</main")[0]


def test_only_planners_make_and_change_tasks(client, scenario, tasks):
    addresses = [f"/coverage/scenarios/{scenario.pk}/work/", f"/coverage/work/{tasks[0].pk}/"]
    client.force_login(factories.user("troupe", role="troupe"))
    assert [client.post(address).status_code for address in addresses] == [403, 403]
    client.logout()
    assert [client.post(address).status_code for address in addresses] == [302, 302]
    assert {client.get(address).status_code for address in addresses} == {405}


def test_where_coverage_is_internal_tasks_are(client, tasks, settings):
    settings.COVERAGE_PUBLIC = False
    client.logout()
    assert client.get("/coverage/work/").status_code == 302


def test_a_scenario_or_task_that_is_gone_is_told(planner, today):
    assert planner.post("/coverage/scenarios/99/work/").status_code == 404
    assert planner.post("/coverage/work/99/").status_code == 404
    assert "还没有任务" in page(planner, "scenario=99")


def test_the_page_takes_at_most_12_queries(planner, tasks, scenario, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        page(planner, f"scenario={scenario.pk}")
