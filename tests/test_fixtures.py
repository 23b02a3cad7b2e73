"""Facts about the Baotou data set, read from its files alone."""

import csv
import datetime
import json
import math
import re
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from shapely.geometry import Point, shape
from shapely.ops import unary_union

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
TABLES = (
    "regions",
    "villages",
    "organs",
    "sites",
    "troupes",
    "programmes",
    "events",
    "standards",
    "lodgings",
    "teams",
    "occasions",
    "remarks",
    "requests",
)
WITHOUT_CODES = {
    "teams": ("troupe", "number"),
    "occasions": ("name", "region", "village", "first"),
    "remarks": ("site",),
    "requests": ("village",),
}
KINDS_OF_560 = {"square", "park", "corridor", "base"}
HIGH_TECH_ZONE = "150271"
DISTRICTS_AROUND_IT = ("150203", "150204", "150207")


def read_table(name):
    with (FIXTURES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_json(name):
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


def spot(row):
    return float(row["lon"]), float(row["lat"])


def moment(text):
    return datetime.datetime.fromisoformat(text)


def metres(a, b):
    """On a sphere: near enough to tell 5 km for a share."""
    lon_a, lat_a, lon_b, lat_b = map(math.radians, (*a, *b))
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * 6_371_000 * math.asin(math.sqrt(half))


@pytest.fixture(scope="module")
def tables():
    return {name: read_table(name) for name in TABLES}


@pytest.fixture(scope="module")
def boundaries():
    features = read_json("boundaries.geojson")["features"]
    return {f["properties"]["code"]: shape(f["geometry"]) for f in features}


@pytest.fixture(scope="module")
def grounds(boundaries):
    """Where a county's places may lie: its boundary, or the districts that the zone lies in."""
    around = unary_union([boundaries[code] for code in DISTRICTS_AROUND_IT])
    return {**boundaries, HIGH_TECH_ZONE: around}


@pytest.fixture(scope="module")
def villages(tables):
    return {row["code"]: row for row in tables["villages"]}


@pytest.fixture(scope="module")
def sites(tables):
    return {row["code"]: row for row in tables["sites"]}


@pytest.fixture(scope="module")
def listed(tables):
    """The sites that the published 560 counts."""
    return [
        row
        for row in tables["sites"]
        if row["kind"] in KINDS_OF_560 and row["tier"] in ("city", "county")
    ]


@pytest.fixture(scope="module")
def reference_day():
    return datetime.date.fromisoformat(read_json("reference.json")["reference_day"])


@pytest.fixture(scope="module")
def held(tables):
    return [event for event in tables["events"] if event["status"] == "held"]


# The files


@pytest.mark.parametrize("name", TABLES)
def test_a_file_is_plain_utf_8_with_line_feeds(name):
    data = (FIXTURES / f"{name}.csv").read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    assert data.endswith(b"\n")


@pytest.mark.parametrize("name", TABLES)
def test_codes_are_unique(name, tables):
    key = WITHOUT_CODES.get(name, ("code",))
    codes = [tuple(row[column] for column in key) for row in tables[name]]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("name", TABLES)
def test_every_record_says_where_it_comes_from(name, tables):
    for row in tables[name]:
        assert row["source"] in {"official", "published", "derived", "demonstration"}
        assert row["source_note"]
        assert bool(row["checked_on"]) == (row["source"] != "demonstration")
        assert list(row)[-4:] == ["source", "source_note", "source_url", "checked_on"]


@pytest.mark.parametrize("name", TABLES)
def test_the_readme_explains_every_column(name, tables):
    readme = (FIXTURES / "README.md").read_text(encoding="utf-8")
    section = readme.split(f"### {name}.csv", 1)[1].split("\n### ", 1)[0]
    own_columns = list(tables[name][0])[:-4]
    assert [column for column in own_columns if f"`{column}`" not in section] == []


# Divisions


def test_ten_county_level_units_of_which_nine_are_statutory(tables):
    counties = [row for row in tables["regions"] if row["level"] == "county"]
    assert len(counties) == 10
    statistical = [row["code"] for row in counties if row["statutory"] == "no"]
    assert statistical == [HIGH_TECH_ZONE]


def test_ninety_one_townships_of_which_eighty_six_are_statutory(tables):
    townships = [row for row in tables["regions"] if row["level"] == "township"]
    assert Counter(row["statutory"] for row in townships) == {"yes": 86, "no": 5}


def test_the_nine_statutory_counties_make_up_the_city(tables, boundaries):
    statutory = {
        row["code"]
        for row in tables["regions"]
        if row["level"] == "county" and row["statutory"] == "yes"
    }
    assert set(boundaries) == statutory | {"1502"}
    assert all(boundary.is_valid for boundary in boundaries.values())
    together = unary_union([boundaries[code] for code in statutory])
    assert together.symmetric_difference(boundaries["1502"]).area < 1e-6


def test_seats_lie_in_their_county(tables, grounds):
    for row in tables["regions"]:
        if row["level"] in ("county", "township"):
            assert grounds[row["code"][:6]].contains(Point(spot(row))), row["name"]
            assert int(row["seat_error_m"]) > 0


def test_townships_do_not_share_a_seat(tables):
    spots = [spot(row) for row in tables["regions"] if row["level"] == "township"]
    assert len(set(spots)) == len(spots)


# Villages


def test_821_villages_are_820_statutory_ones_and_one_more(villages):
    others = [row for code, row in villages.items() if code[9] == "4"]
    assert len(villages) == 821
    assert [(row["code"], row["name"]) for row in others] == [("150202002405", "馨园社区")]
    assert others[0]["source"] == "derived"


def test_villages_belong_to_townships_of_the_list(villages, tables):
    townships = {row["code"] for row in tables["regions"] if row["level"] == "township"}
    assert all(row["township"] == code[:9] for code, row in villages.items())
    assert {row["township"] for row in villages.values()} <= townships


def test_villages_lie_in_their_county(villages, grounds):
    outside = [c for c, row in villages.items() if not grounds[c[:6]].contains(Point(spot(row)))]
    assert outside == []


def test_no_two_villages_share_a_point_or_a_grid(villages):
    spots = [spot(row) for row in villages.values()]
    assert len(set(spots)) == 821
    assert len({lon for lon, _ in spots}) > 800
    assert len({lat for _, lat in spots}) > 800


def test_villages_own_their_uncertainty(villages):
    for row in villages.values():
        assert row["position"] == "approximate"
        assert int(row["position_error_m"]) >= 500
        assert row["population"] == ""


def test_every_village_has_its_published_legal_adviser(villages):
    assert {row["legal_adviser"] for row in villages.values()} == {"yes"}


# Sites


def test_560_sites_of_city_and_county_all_open(listed, tables, reference_day):
    of_these_kinds = [row for row in tables["sites"] if row["kind"] in KINDS_OF_560]
    assert len(listed) == len(of_these_kinds) == 560
    for row in listed:
        assert row["opened_on"] <= reference_day.isoformat()
        assert row["closed_on"] == ""


def test_the_law_park_is_the_one_real_site(listed):
    real = [row for row in listed if row["source"] != "demonstration"]
    assert [row["name"] for row in real] == ["包头法治公园"]
    assert (real[0]["source"], real[0]["county"]) == ("published", "150203")
    assert int(real[0]["position_error_m"]) >= 1_000


def test_invented_sites_say_so_in_name_and_address(tables):
    for row in tables["sites"]:
        if row["source"] == "demonstration":
            assert row["name"].startswith("示例")
            assert row["address"] == "(示例,无真实地址)"


def test_what_places_show_is_told_of_invented_ones_only(tables, listed):
    told = [row for row in tables["sites"] if row["topics"] or row["languages"]]
    assert {row["source"] for row in told} == {"demonstration"}
    assert all(row["topics"] and row["languages"] for row in told)
    assert 0.8 <= len(told) / len(listed) <= 0.9
    bilingual = Counter(row["county"] for row in told if row["languages"] == "zh;mn")
    everything = Counter(row["county"] for row in told)
    shares = {county: bilingual[county] / count for county, count in everything.items()}
    assert shares["150223"] > 0.5 > max(shares["150202"], shares["150203"], shares["150221"])


def test_every_village_has_a_front_at_its_own_point(tables, villages):
    fronts = [row for row in tables["sites"] if row["kind"] == "front"]
    assert Counter(row["village"] for row in fronts) == dict.fromkeys(villages, 1)
    for row in fronts:
        village = villages[row["village"]]
        assert (spot(row), row["position_error_m"]) == (
            spot(village),
            village["position_error_m"],
        )


def test_legal_service_places_stand_for_the_city_its_counties_and_townships(tables):
    tiers = Counter(row["tier"] for row in tables["sites"] if row["kind"] == "service")
    assert tiers == {"city": 1, "county": 9, "township": 86}


def test_sites_lie_in_their_county_and_are_numbered_there(sites, villages, grounds):
    serials = defaultdict(list)
    for code, row in sites.items():
        county, serial = code.split("-")
        serials[county].append(int(serial))
        assert row["county"] == county
        assert row["village"] == "" or row["village"][:6] == county
        assert row["village"] == "" or row["village"] in villages
        assert grounds[county].contains(Point(spot(row))), code
    assert all(found == list(range(1, len(found) + 1)) for found in serials.values())


def test_every_statutory_county_has_a_park_or_a_square(listed, boundaries):
    themed = {row["county"] for row in listed if row["kind"] in ("park", "square")}
    assert set(boundaries) - {"1502"} <= themed


def test_some_villages_mostly_northern_are_farther_than_5_km_from_a_site(listed, villages):
    spots = [spot(row) for row in listed]
    far = [
        code
        for code, row in villages.items()
        if min(metres(spot(row), other) for other in spots) > 5_000
    ]
    assert 0.08 <= len(far) / len(villages) <= 0.15
    assert Counter(code[:6] for code in far).most_common(1)[0][0] == "150223"


def test_sites_and_regions_are_kept_by_known_organs(tables):
    regions = {row["code"] for row in tables["regions"]}
    organs = {row["code"] for row in tables["organs"]}
    assert len(organs) == 74
    assert {row["region"] for row in tables["organs"]} <= regions
    assert {row["organ"] for row in tables["sites"]} - {""} <= organs


# Events


def test_events_name_only_what_exists(tables, sites, villages):
    known = {
        name: {row["code"] for row in tables[name]} for name in ("programmes", "troupes", "organs")
    }
    for event in tables["events"]:
        assert event["programme"] in known["programmes"]
        assert event["troupe"] in known["troupes"] | {""}
        assert bool(event["site"]) != bool(event["village"])
        assert event["site"] in sites or event["village"] in villages
        assert set(event["hosts"].split(";")) <= known["organs"]
        assert set(event["reaches"].split(";")) <= villages.keys() | {""}


def test_times_of_events_are_in_order_and_in_beijing_time(tables):
    for event in tables["events"]:
        starts_at, ends_at = moment(event["starts_at"]), moment(event["ends_at"])
        assert starts_at < ends_at
        assert starts_at.utcoffset() == datetime.timedelta(hours=8)
        assert starts_at.hour >= 9
        assert ends_at.hour <= 21
        assert event["code"].startswith(f"E{starts_at.year}-")


def test_only_held_events_have_a_record_and_an_attendance(tables, reference_day):
    for event in tables["events"]:
        is_held = event["status"] == "held"
        assert bool(event["held_at"]) == bool(event["attendance"]) == is_held
        day = moment(event["starts_at"]).date()
        assert (day < reference_day) or event["status"] != "held"
        assert (day >= reference_day) or event["status"] in ("held", "cancelled")
        if is_held:
            assert moment(event["held_at"]) >= moment(event["starts_at"])
            assert 20 <= int(event["attendance"]) <= 800


def test_nothing_was_held_before_its_site_opened(held, sites):
    early = [
        e["code"] for e in held if e["site"] and sites[e["site"]]["opened_on"] > e["starts_at"][:10]
    ]
    assert early == []


def test_published_figures_of_events_since_2021_are_reached(held, tables):
    series = {row["code"]: row["series"] for row in tables["programmes"]}
    counts = Counter(series[e["programme"]] for e in held if e["starts_at"] >= "2021-01-01")
    assert counts["法治乌兰牧骑"] >= 320
    assert counts["普法惠民大讲堂"] >= 20
    assert counts["以案释法"] >= 1_400


def test_the_coming_week_has_events_every_day_and_every_weekend_some(tables, reference_day):
    coming = {moment(e["starts_at"]).date() for e in tables["events"] if e["status"] != "cancelled"}
    week = [reference_day + datetime.timedelta(days=i) for i in range(7)]
    saturdays = [reference_day + datetime.timedelta(days=5 + 7 * i) for i in range(6)]
    assert reference_day.weekday() == 0
    assert set(week) | set(saturdays) <= coming


def test_no_troupe_is_at_two_places_at_once(tables):
    shifts = defaultdict(list)
    for event in tables["events"]:
        if event["troupe"]:
            shifts[event["troupe"]].append((event["starts_at"], event["ends_at"]))
    for times in shifts.values():
        times.sort()
        assert all(a[1] <= b[0] for a, b in pairwise(times))


def test_dated_campaigns_keep_their_dates_and_bind_no_troupe(tables):
    months = {"宪法宣传周": 12, "民法典宣传月": 5, "法治宣传教育月": 11}
    assert list(months) == read_json("reference.json")["dated_campaigns"]
    for event in tables["events"]:
        if event["campaign"] in months:
            day = moment(event["starts_at"]).date()
            assert day.month == months[event["campaign"]]
            assert event["campaign"] != "宪法宣传周" or day.day <= 7
            assert event["troupe"] == ""


# What tours must know


def test_beds_teams_and_the_calendar_are_all_invented_and_say_so(tables):
    for name in ("lodgings", "teams", "occasions"):
        assert {row["source"] for row in tables[name]} == {"demonstration"}
        assert all(row["source_note"].startswith("演示") for row in tables[name])
    assert all(row["name"].startswith("示例") for row in tables["lodgings"])
    assert all(row["name"].endswith("(示例)") for row in tables["occasions"])


def test_lodgings_lie_in_their_county_by_the_seat_they_go_by(tables, grounds):
    seats = {row["code"]: row for row in tables["regions"]}
    assert len(tables["lodgings"]) == 80
    for row in tables["lodgings"]:
        seat = seats[row["region"]]
        assert row["code"].startswith(f"H-{row['region'][:6]}-")
        assert grounds[row["region"][:6]].contains(Point(spot(row)))
        assert row["position_error_m"] == seat["seat_error_m"]
        assert metres(spot(row), spot(seat)) <= 1_250
        assert row["phone"] == ""


def test_every_statutory_township_of_the_wide_counties_has_a_bed(tables):
    wide = ("150205", "150206", "150207", "150221", "150222", "150223")
    townships = {
        row["code"]
        for row in tables["regions"]
        if row["level"] == "township" and row["statutory"] == "yes" and row["code"][:6] in wide
    }
    assert townships <= {row["region"] for row in tables["lodgings"]}


def test_the_citys_troupe_has_two_teams_of_which_one_speaks_mongolian(tables):
    teams = [row for row in tables["teams"] if row["troupe"] == "T-1502"]
    assert [(row["people"], row["languages"]) for row in teams] == [("8", "zh"), ("6", "zh;mn")]
    troupes = {row["code"]: int(row["teams"]) for row in tables["troupes"]}
    for troupe, count in Counter(row["troupe"] for row in tables["teams"]).items():
        assert troupes[troupe] == count


def test_the_calendar_has_closures_markets_and_festivals_of_every_year(tables):
    kinds = Counter(row["kind"] for row in tables["occasions"])
    assert (kinds["market"], kinds["festival"]) == (10, 3)
    assert {row["yearly"] for row in tables["occasions"]} == {"yes"}
    festivals = [row["first"][5:7] for row in tables["occasions"] if row["kind"] == "festival"]
    assert set(festivals) == {"07", "08"}
    snow = [row for row in tables["occasions"] if row["name"].startswith("积雪")]
    assert len(snow) == 2
    assert all(row["weekdays"] and row["region"].startswith("150223") for row in snow)


# What people say and ask for


def test_messages_are_invented_of_invented_places_and_name_nobody(tables, sites):
    messages = tables["remarks"] + tables["requests"]
    assert {row["source"] for row in messages} == {"demonstration"}
    assert all(row["source_note"].startswith("演示") for row in messages)
    assert {sites[row["site"]]["source"] for row in tables["remarks"]} == {"demonstration"}
    said = " ".join(row.get(name, "") for row in messages for name in ("words", "wish", "answer"))
    assert not re.search(r"\d{7}|先生|女士|@", said)


def test_messages_come_in_every_state(tables):
    remarks = Counter(row["status"] for row in tables["remarks"])
    requests = Counter(row["status"] for row in tables["requests"])
    assert set(remarks) == {"open", "fixed", "answered", "rejected"}
    assert set(requests) == {"open", "handed", "arranged", "done", "declined"}
    assert {bool(row["rating"]) for row in tables["requests"]} == {True, False}


def test_dated_requests_are_answered_with_an_event_in_their_village(tables):
    events = {row["code"]: row for row in tables["events"]}
    dated = [row for row in tables["requests"] if row["event"]]
    states = {events[row["event"]]["status"] for row in dated}
    assert states == {"confirmed", "held", "cancelled"}
    for row in dated:
        event = events[row["event"]]
        assert (row["village"], row["troupe"]) == (event["village"], event["troupe"])
        assert row["made_on"] < row["handed_on"] < row["answered_on"] < event["starts_at"][:10]


# Standards and base map


def test_the_four_standards_are_those_of_the_demonstration(tables):
    standards = {row["code"]: row for row in tables["standards"]}
    assert list(standards) == ["front", "near", "active", "theme"]
    assert set(standards["near"]["kinds"].split(";")) == KINDS_OF_560
    assert standards["near"]["tiers"] == standards["active"]["tiers"] == "city;county"
    assert standards["near"]["max_distance_m"] == standards["active"]["max_distance_m"] == "5000"
    assert (standards["active"]["months"], standards["active"]["min_events"]) == ("12", "1")
    assert standards["theme"]["subject"] == "county"
    assert all(row["policy_source"].startswith("示例标准") for row in standards.values())


def test_the_yellow_river_runs_along_the_south_of_the_city(boundaries):
    features = read_json("basemap/waters.geojson")["features"]
    assert {f["properties"]["kind"] for f in features} == {"river"}
    river = unary_union([shape(f["geometry"]) for f in features if f["properties"]["name"]])
    assert river.distance(boundaries["150221"]) == 0
    assert river.distance(boundaries["150222"]) > 0.1
