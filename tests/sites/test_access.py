"""Who may edit what: roles by group, places by division."""

import pytest
from django.contrib.auth.models import AnonymousUser

from events.models import Event
from sites import access
from sites.models import Site, Village
from tests import factories

pytestmark = pytest.mark.django_db
KINDS = (
    *("village", "site", "event", "standard", "organ", "troupe", "programme", "region"),
    *("tour", "team", "lodging", "occasion", "contact", "request"),
)
PLANNED_WITH = {"tour", "occasion", "request"}


def editable(user):
    """The kinds that a user may edit, and where."""
    return {kind: access.divisions(user, kind) for kind in KINDS if access.divisions(user, kind)}


@pytest.fixture
def steward(county):
    return factories.user("steward", role="steward", counties=["150203", "150204"])


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        ("planner", {"standard", "organ"} | PLANNED_WITH),
        (
            "troupe",
            {"troupe", "programme", "event", "team", "lodging", "contact"} | PLANNED_WITH,
        ),
        (None, set()),
    ],
)
def test_a_role_edits_its_kinds_everywhere(role, kinds):
    assert editable(factories.user(role=role)) == dict.fromkeys(kinds, ("",))


def test_a_steward_edits_places_and_events_in_the_divisions_of_the_table(steward):
    found = {kind: set(where) for kind, where in editable(steward).items()}
    kinds = ("village", "site", "event", "occasion", "contact", "request")
    assert found == {kind: {"150203", "150204"} for kind in kinds}


def test_a_superuser_edits_everything_and_an_inactive_one_nothing():
    admin = factories.user(is_superuser=True)
    assert editable(admin) == dict.fromkeys(KINDS, ("",))
    admin.is_active = False
    assert editable(admin) == {}
    assert not access.has_role(admin, "planner")


def test_a_stranger_edits_nothing():
    assert editable(AnonymousUser()) == {}
    assert not access.may_edit(AnonymousUser(), "site", "150203")
    assert not Site.objects.editable_by(AnonymousUser()).exists()


def test_a_right_without_the_role_is_no_right(county):
    assert editable(factories.user(counties=["150203"])) == {}


def test_every_place_of_a_record_must_be_the_stewards(steward):
    assert access.may_edit(steward, "site", "150203")
    assert access.may_edit(steward, "village", "150204001001")
    assert access.may_edit(steward, "event", "150203", "150204001001")
    assert not access.may_edit(steward, "event", "150203", "150205001001")
    assert access.may_edit(steward, "site")
    assert not access.may_edit(steward, "standard")


def test_a_right_in_the_city_is_a_right_in_all_its_counties(county):
    of_city = factories.user(role="steward", counties=["1502"])
    assert access.may_edit(of_city, "site", "150299")
    assert not access.may_edit(of_city, "site", "150302")


def test_having_a_role_is_being_in_one_of_the_groups():
    planner = factories.user(role="planner")
    assert access.has_role(planner, "troupe", "planner")
    assert not access.has_role(planner, "troupe")
    assert not access.has_role(AnonymousUser(), "planner")
    assert access.has_role(factories.user("root", is_superuser=True), "planner")


@pytest.fixture
def records(county):
    """A village, a site and events in a county of the steward's and in a foreign one."""
    own, foreign = factories.village("150203001"), factories.village("150205001")
    factories.site(code="own", county="150203")
    factories.site(code="foreign", county="150205")
    factories.event(code="own-site", site_id="own")
    factories.event(code="own-village", village=own)
    factories.event(code="own-both", site_id="own", village=own)
    factories.event(code="foreign-site", site_id="foreign")
    factories.event(code="foreign-village", village=foreign)
    factories.event(code="mixed", site_id="own", village=foreign)
    factories.event(code="mixed-too", site_id="foreign", village=own)
    return own, foreign


def codes(queryset):
    return {record.code for record in queryset}


def test_what_is_editable_is_what_lies_in_the_divisions(steward, records):
    own, _foreign = records
    assert codes(Village.objects.editable_by(steward)) == {own.code}
    assert codes(Site.objects.editable_by(steward)) == {"own"}
    assert codes(Event.objects.editable_by(steward)) == {"own-site", "own-village", "own-both"}


def test_a_list_of_the_editable_and_the_single_answer_agree(steward, records):
    for event in Event.objects.select_related("site"):
        places = [event.site and event.site.county_id, event.village_id]
        alone = access.may_edit(steward, "event", *filter(None, places))
        assert Event.objects.editable_by(steward).filter(pk=event.pk).exists() is alone


@pytest.mark.parametrize("role", ["planner", None])
def test_without_the_right_role_nothing_is_editable(records, role):
    user = factories.user(role=role, counties=["150203"])
    for model in (Village, Site, Event):
        assert not model.objects.editable_by(user).exists()


def test_a_troupe_edits_events_everywhere_and_a_superuser_all(records):
    troupe, root = factories.user(role="troupe"), factories.user("root", is_superuser=True)
    assert Event.objects.editable_by(troupe).count() == 7
    assert Event.objects.editable_by(root).count() == 7
    assert not Site.objects.editable_by(troupe).exists()
    assert Site.objects.editable_by(root).count() == 2
