"""What the database itself refuses and records, whoever writes: the ORM, COPY or psql."""

import datetime
import io

import pytest
from django.contrib.auth.models import Group
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from events.models import Event, Programme, Reach
from sites import access
from sites.models import Change, Region, Site, Standard, Village
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today
DAY = datetime.timedelta(days=1)


def sql(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


@pytest.fixture
def records(county):
    """One record of each kind, by the name of its kind."""
    village = factories.village(code="150203001001")
    site = factories.site(code="S", village=village)
    event = factories.event(site=site)
    return {
        "region": county,
        "organ": factories.organ(),
        "village": village,
        "site": site,
        "standard": factories.standard(effective_from=TODAY() + 9 * DAY),
        "troupe": factories.troupe(),
        "programme": event.programme,
        "event": event,
    }


REFUSED = [
    ("region", {"level": "continent"}, "region_code_fits_level"),
    ("region", {"level": "township"}, "region_code_fits_level"),
    ("region", {"seat": Point(181, 40)}, "region_seat_in_range"),
    ("region", {"source": "rumour"}, "region_source_known"),
    ("organ", {"source": ""}, "organ_source_known"),
    ("village", {"kind": "town"}, "village_kind_known"),
    ("village", {"position": "guessed"}, "village_position_known"),
    ("village", {"setting": "coast"}, "village_setting_known"),
    ("village", {"model_village": "best"}, "village_model_known"),
    ("village", {"source": "rumour"}, "village_source_known"),
    ("village", {"location": Point(110, 91)}, "village_in_range"),
    ("site", {"kind": "shop"}, "site_kind_known"),
    ("site", {"tier": "nation"}, "site_tier_known"),
    ("site", {"facilities": ["power", "pool"]}, "site_facilities_known"),
    ("site", {"source": "rumour"}, "site_source_known"),
    ("site", {"location": Point(-180.001, 0)}, "site_in_range"),
    ("site", {"location": Point(0, -90.001)}, "site_in_range"),
    ("site", {"location": Point()}, "site_in_range"),
    ("site", {"opened_on": TODAY(), "closed_on": TODAY()}, "site_closed_after_it_opened"),
    ("standard", {"subject": "street"}, "standard_subject_known"),
    ("standard", {"settings": ["coast"]}, "standard_settings_known"),
    ("standard", {"kinds": ["shop"]}, "standard_kinds_known"),
    ("standard", {"tiers": ["nation"]}, "standard_tiers_known"),
    ("standard", {"event_kinds": ["ball"]}, "standard_event_kinds_known"),
    ("standard", {"source": "rumour"}, "standard_source_known"),
    ("standard", {"kinds": []}, "standard_has_a_clause"),
    ("standard", {"months": 0}, "standard_looks_back_months"),
    ("standard", {"min_count": 0}, "standard_asks_for_one_or_more"),
    ("standard", {"min_events": 0}, "standard_asks_for_one_or_more"),
    ("standard", {"min_attendance": 0}, "standard_asks_for_one_or_more"),
    ("standard", {"effective_to": TODAY() + 9 * DAY}, "standard_ends_after_it_begins"),
    ("standard", {"max_minutes": 15}, "standard_has_one_measure"),
    *(
        ("standard", {"max_distance_m": wrong}, "standard_distance_in_metres")
        for wrong in (0, -5, "5 km", [], {}, True, {"urban": 0}, {"urban": "x"}, {"city": 5})
    ),
    ("troupe", {"teams": 0}, "troupe_has_a_team"),
    ("troupe", {"location": Point(200, 0)}, "troupe_in_range"),
    ("troupe", {"source": "rumour"}, "troupe_source_known"),
    ("programme", {"kind": "ball"}, "programme_kind_known"),
    ("programme", {"audience": "all"}, "programme_audience_known"),
    ("programme", {"languages": ["fr"]}, "programme_languages_known"),
    ("programme", {"needs": ["magic"]}, "programme_needs_known"),
    ("programme", {"minutes": 0}, "programme_lasts"),
    ("programme", {"source": "rumour"}, "programme_source_known"),
    ("event", {"site": None}, "event_has_a_site_or_a_village"),
    ("event", {"ends_at": datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)}, "event_ends_after_it_starts"),
    ("event", {"held_at": None}, "event_held_after_it_started"),
    ("event", {"held_at": datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)}, "event_held_after_it_started"),
    ("event", {"status": "planned"}, "event_held_after_it_started"),
    ("event", {"status": "done", "held_at": None}, "event_status_known"),
    ("event", {"audience": "all"}, "event_audience_known"),
    ("event", {"source": "rumour"}, "event_source_known"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "fields", "constraint"), REFUSED)
def test_the_database_refuses_nonsense(records, kind, fields, constraint):
    rows = type(records[kind]).objects.filter(pk=records[kind].pk)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        rows.update(**fields)


@pytest.mark.parametrize(("kind", "fields", "constraint"), REFUSED)
def test_a_form_hears_of_nonsense_before_the_database_does(records, kind, fields, constraint):
    for name, value in fields.items():
        setattr(records[kind], name, value)
    with pytest.raises(ValidationError):
        records[kind].full_clean()


@pytest.mark.parametrize("kind", ["organ", "site", "standard", "troupe", "programme", "event"])
@pytest.mark.parametrize("code", ["a b", "a/b", "-a", "甲", "a\tb"])
def test_a_code_is_fit_for_an_address_and_a_file(records, kind, code):
    with pytest.raises(ValidationError):
        type(records[kind])(code=code).full_clean(exclude=["name"])


@pytest.mark.parametrize("kind", ["organ", "site", "troupe", "programme", "event"])
def test_the_database_refuses_a_code_that_would_break_a_file(records, kind):
    place = {"site": records["site"]} if kind == "event" else {}
    with pytest.raises(IntegrityError, match=f"{kind}_code_plain"):
        getattr(factories, kind)(code="a\tb", **place)


def test_a_code_is_the_identity_and_never_changes(records):
    for record in records.values():
        key = record._meta.pk.name
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            type(record).objects.filter(pk=record.pk).update(**{key: "7"})


@pytest.mark.parametrize(
    "fine",
    [
        {},
        {"max_distance_m": {"urban": 1000, "herding": 2e4}},
        {"max_distance_m": None},
        {"max_distance_m": None, "max_minutes": 15},
    ],
)
def test_whole_records_are_clean(records, fine):
    Standard.objects.update(**fine)
    for record in records.values():
        record.refresh_from_db()
        record.full_clean()


def test_two_standards_share_a_code_but_not_its_first_day(county):
    first = factories.standard()
    factories.standard(effective_from=first.effective_from + DAY)
    with pytest.raises(IntegrityError, match="standard_one_per_code_and_day"):
        factories.standard(effective_from=first.effective_from)


def test_an_event_names_a_village_once(records):
    Reach.objects.create(event=records["event"], village=records["village"])
    with pytest.raises(IntegrityError, match="reach_once"):
        Reach.objects.create(event=records["event"], village=records["village"])


@pytest.mark.parametrize("kind", ["region", "village", "site", "programme"])
def test_what_others_rest_on_cannot_be_deleted(records, kind):
    with pytest.raises(ProtectedError):
        records[kind].delete()


RULE_CHANGES = [
    {"code": "other"},
    {"subject": "county"},
    {"settings": ["urban"]},
    {"kinds": ["park"]},
    {"tiers": ["city"]},
    {"min_count": 2},
    {"max_distance_m": 4000},
    {"max_distance_m": None, "max_minutes": 15},
    {"months": 12},
    {"min_events": 2},
    {"event_kinds": ["show"]},
    {"min_attendance": 10},
    {"effective_from": TODAY() + DAY},
]


@pytest.mark.parametrize("change", RULE_CHANGES, ids=lambda change: next(iter(change)))
def test_the_rule_of_a_standard_in_effect_is_frozen(db, change):
    factories.standard(effective_from=TODAY() - DAY)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Standard.objects.update(**change)


@pytest.mark.parametrize("change", RULE_CHANGES, ids=lambda change: next(iter(change)))
def test_the_rule_of_a_standard_to_come_may_change(db, change):
    factories.standard(effective_from=TODAY() + 2 * DAY)
    assert Standard.objects.update(**change) == 1


def test_a_standard_in_effect_may_be_renamed_and_ended(db):
    standard = factories.standard()
    Standard.objects.update(name="新名", policy_source="新依据", effective_to=TODAY())
    standard.refresh_from_db()
    standard.save()
    assert standard.name == "新名"


def test_a_standard_is_in_effect_from_shanghais_midnight(db):
    """At 01:00 in Shanghai UTC is still on the day before: the session's zone must not matter."""
    sql("SET LOCAL TimeZone = 'Pacific/Honolulu'")
    shanghai = datetime.datetime.now(datetime.timezone(8 * datetime.timedelta(hours=1))).date()
    factories.standard(effective_from=shanghai)
    with pytest.raises(DatabaseError, match="Cannot update"):
        Standard.objects.update(min_count=2)


def history(model, **of):
    labels = model.history.rel.related_model.objects.filter(**of).order_by("pgh_id")
    return list(labels.values_list("pgh_label", flat=True))


def test_every_version_of_a_record_is_kept(records):
    site = records["site"]
    site.name = "新广场"
    site.save()
    site.save()
    Event.objects.all().delete()
    site.delete()
    Site.objects.filter(code="none").delete()
    assert history(Site, pgh_obj="S") == ["insert", "update", "delete"]
    assert history(Event) == ["insert", "delete"]


def test_history_sees_bulk_copy_and_sql(county):
    factories.region("150203001")
    rows = [
        Village(code=f"15020300100{n}", name="村", kind="village", township_id="150203001")
        for n in range(2)
    ]
    Village.objects.bulk_create(rows)
    Village.objects.update(population=10)
    sql("UPDATE sites_village SET population = 11 WHERE code = '150203001000'")
    columns = (
        "code, name, level, statutory, parent_id, seat_error_m, source, source_note, source_url"
    )
    line = io.StringIO("150299\t新区\tcounty\tt\t1502\t0\tofficial\t\t\n")
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY sites_region ({columns}) FROM STDIN", line)
    assert history(Village, pgh_obj="150203001000") == ["insert", "update", "update"]
    assert history(Village, pgh_obj="150203001001") == ["insert", "update"]
    assert history(Region, pgh_obj="150299") == ["insert"]


def test_history_cannot_be_rewritten(records):
    versions = Site.history.rel.related_model.objects.filter(pgh_obj="S")
    for rewrite in (versions.delete, lambda: versions.update(name="x")):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            rewrite()


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE sites_region SET list_year = 2023", "sites_region"),
        ("UPDATE sites_village SET population = 1", "sites_village"),
        ("UPDATE sites_site SET name = 'x'", "sites_site"),
        ("UPDATE sites_standard SET name = 'x'", "sites_standard"),
        ("UPDATE events_event SET notes = 'x'", "events_event"),
        ("UPDATE events_programme SET name = 'x'", "events_programme"),
        ("DELETE FROM events_reach", "events_reach"),
        ("DELETE FROM events_event", "events_event"),
        ("TRUNCATE events_reach", "events_reach"),
    ],
)
def test_a_statement_leaves_one_note_of_the_table_that_it_touched(records, statement, table):
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    Change.objects.all().delete()
    sql(statement)
    assert list(Change.objects.values_list("source", flat=True)) == [table]


def test_the_three_groups_are_there(db):
    assert set(Group.objects.values_list("name", flat=True)) == set(access.ROLES)


def test_a_division_is_found_by_the_beginning_of_its_code(records):
    assert list(Village.objects.within("150203")) == [records["village"]]
    assert list(Site.objects.within("1502")) == [records["site"]]
    assert list(Site.objects.within("150203001")) == [records["site"]]
    assert not Site.objects.within("150204").exists()
    assert not Site.objects.within("150203002").exists()
    assert list(Event.objects.within("150203")) == [records["event"]]
    assert list(Event.objects.within("150203001")) == [records["event"]]
    assert not Event.objects.within("150203002").exists()
    assert set(Region.objects.within("150203").values_list("code", flat=True)) == {
        "150203",
        "150203001",
    }


def test_events_between_days_are_those_of_shanghai(records):
    event, day = records["event"], datetime.date(2026, 6, 1)
    Event.objects.update(starts_at="2026-06-01T00:00:00+08:00")
    assert list(Event.objects.between(day, day)) == [event]
    Event.objects.update(starts_at="2026-05-31T23:59:59+08:00")
    assert not Event.objects.between(day, None).exists()
    assert list(Event.objects.between(None, day - DAY)) == [event]


def test_an_event_is_found_by_any_village_that_it_is_about(records):
    other = factories.village(code="150203001002")
    Reach.objects.create(event=records["event"], village=other)
    assert list(Event.objects.in_village("150203001001")) == [records["event"]]
    assert list(Event.objects.in_village("150203001002")) == [records["event"]]
    assert not Event.objects.in_village("150203001003").exists()


def test_a_cancelled_or_past_event_is_not_upcoming(records):
    event = records["event"]
    assert list(Event.objects.upcoming(event.ends_at)) == [event]
    assert not Event.objects.upcoming(event.ends_at + DAY).exists()
    Event.objects.update(status="cancelled", held_at=None)
    assert not Event.objects.upcoming(event.starts_at).exists()


def test_the_published_count_leaves_fronts_and_halls_out(records):
    factories.site(kind="hall")
    factories.site(tier="township")
    factories.front(records["village"])
    assert list(Site.objects.listed()) == [records["site"]]


def test_the_limit_of_a_standard_is_one_or_one_a_setting():
    assert Standard(max_distance_m=5000).limit_m("urban") == 5000
    assert Standard(max_distance_m={"urban": 1000}).limit_m("urban") == 1000
    assert Standard(max_distance_m={"urban": 1000}).limit_m("herding") is None
    assert Standard().limit_m("urban") is None


def test_records_are_named_by_what_people_call_them(records):
    assert str(records["site"]) == "广场"
    assert str(records["event"]) == "民法典 · 广场"
    assert str(Programme(name="讲座")) == "讲座"


def test_rows_by_copy_need_not_name_what_a_place_may_leave_blank(county):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sites_site (code, name, kind, tier, designation, location, county_id,"
            " position_error_m, address, opening, source, source_note, source_url) VALUES"
            " ('C-1', '广场', 'square', 'county', '', 'SRID=4326;POINT (110 40)', '150203',"
            " 30, '', '', 'published', '', '')"
        )
    site = Site.objects.get(code="C-1")
    assert (site.languages, site.topics, site.facilities) == ([], "", [])
