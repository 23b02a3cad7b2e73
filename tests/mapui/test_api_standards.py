import datetime

import numpy as np
import pytest

from sites.models import Site
from tests import factories

DAY = datetime.timedelta(days=1)


def test_a_standard_is_data_and_a_sentence(api, db):
    factories.standard(tiers=["city", "county"], months=12)
    (found,) = api.get("/standards")
    assert found["code"] == "near"
    assert found["sentence"].startswith("每个嘎查村(社区)在 5 公里内")
    assert found["kinds"] == ["square"]
    assert found["max_distance_m"] == 5000
    assert found["min_count"] == found["min_events"] == 1
    assert found["months"] == 12
    assert found["source"] == "规划"
    assert found["provenance"] == "official"


def test_only_the_version_in_effect_is_listed(api, db, today):
    factories.standard(effective_from=today - 9 * DAY)
    factories.standard(name="新版", effective_from=today)
    factories.standard(name="下一版", effective_from=today + DAY)
    factories.standard("old", effective_to=today)
    assert [one["name"] for one in api.get("/standards")] == ["新版"]


# The table


def test_the_table_counts_what_the_list_of_villages_shows(api, three_villages, square):
    factories.standard()
    (row,) = api.get("/standards/near/coverage")["rows"]
    shown = api.properties("/villages?standard=near").values()
    metres = [one["distance_m"] for one in shown]
    assert row["code"] == "150203"
    assert row["subjects"] == 3
    assert row["built"] == row["met"] == sum(one["met"] for one in shown)
    assert row["reached"] is None
    assert row["share"] == pytest.approx(row["met"] / 3)
    assert row["median_m"] == pytest.approx(np.percentile(metres, 50), abs=0.1)
    assert row["p90_m"] == pytest.approx(np.percentile(metres, 90), abs=0.1)
    assert row["max_m"] == max(metres)


def test_the_table_is_by_county_township_or_city(api, three_villages):
    factories.village("150204002")
    factories.standard()
    codes = {
        by: [row["code"] for row in api.get(f"/standards/near/coverage?by={by}")["rows"]]
        for by in ("county", "township", "city")
    }
    assert codes == {
        "county": ["150203", "150204"],
        "township": ["150203001", "150204002"],
        "city": ["1502"],
    }
    rows = api.get("/standards/near/coverage?by=township&region=150204")["rows"]
    assert [row["code"] for row in rows] == ["150204002"]


def test_a_past_day_is_computed_from_the_records_own_dates(api, three_villages, square, today):
    factories.standard()
    Site.objects.update(opened_on=today)
    assert api.get("/standards/near/coverage")["rows"][0]["met"] == 1
    yesterday = api.get("/standards/near/coverage?on=2026-07-14")
    assert yesterday["on"] == "2026-07-14"
    assert yesterday["rows"][0]["met"] == 0


def test_the_villages_of_a_past_day_are_those_that_its_table_counts(
    api, three_villages, square, today
):
    factories.standard(months=12)
    factories.event(site=square, day=today - DAY)
    Site.objects.update(opened_on=today - DAY)
    for on in ("2026-07-13", "2026-07-14", "2026-07-15"):
        shown = api.properties(f"/villages?standard=near&on={on}").values()
        (row,) = api.get(f"/standards/near/coverage?on={on}")["rows"]
        for name in ("built", "reached", "met"):
            assert sum(one[name] for one in shown) == row[name]
        assert sum(not one["certain"] for one in shown) == row["doubtful"]
    assert api.problem("/villages?standard=near&on=2026-07-16", 422)


def test_a_past_day_is_judged_by_the_version_of_that_day(api, three_villages, square, today):
    factories.standard(max_distance_m=50_000, effective_from=datetime.date(2025, 1, 1))
    factories.standard(effective_from=today)
    assert api.get("/standards/near/coverage?on=2026-07-14")["rows"][0]["met"] == 3
    assert api.get("/standards/near/coverage")["rows"][0]["met"] == 1


def test_before_a_standard_holds_there_is_nothing_to_see(api, three_villages):
    factories.standard(effective_from=datetime.date(2026, 1, 1))
    said = api.problem("/standards/near/coverage?on=2025-12-31", 404)
    assert "2026-01-01" in said["detail"]


def test_the_future_is_refused(api, three_villages):
    factories.standard()
    said = api.problem("/standards/near/coverage?on=2026-07-16", 422)
    assert said["errors"][0]["parameter"] == "on"


@pytest.mark.parametrize(
    "path", ["/villages?standard=no", "/standards/no/coverage", "/standards/no/gaps"]
)
def test_an_unknown_standard_is_named(api, path):
    assert "no" in api.problem(path, 404)["detail"]


# Gaps


def test_gaps_are_those_who_do_not_meet_the_standard(api, three_villages, square):
    factories.standard()
    shown = api.properties("/villages?standard=near")
    unmet = [code for code, one in shown.items() if not one["met"]]
    assert sorted(api.ids("/standards/near/gaps")) == sorted(unmet)


def test_a_gap_says_why_and_where(api, three_villages, square):
    factories.standard()
    (first, *_rest) = api.get("/standards/near/gaps")["features"]
    assert first["id"] == three_villages[2].code
    assert first["geometry"] == {"type": "Point", "coordinates": [110.0, 40.12]}
    assert "12.2 公里" in first["properties"]["reason"]
    assert first["properties"]["nearest"] == square.code
    assert first["properties"]["state"] == "none"


def test_gaps_of_unknown_place_have_no_geometry(api, square):
    factories.village(lon=None)
    factories.standard()
    (gap,) = api.get("/standards/near/gaps")["features"]
    assert gap["geometry"] is None
    assert gap["properties"]["distance_m"] is None


def test_gaps_are_paged_in_the_order_of_need(api, three_villages, square):
    factories.standard()
    whole = api.ids("/standards/near/gaps")
    page = api.get("/standards/near/gaps?limit=1&offset=1")
    assert [one["id"] for one in page["features"]] == whole[1:2]
    assert page["numberMatched"] == len(whole) == 2


def test_gaps_of_a_standard_about_counties_are_counties(api, three_villages):
    factories.standard("theme", subject="county", kinds=["park"], max_distance_m=None)
    (gap,) = api.get("/standards/theme/gaps")["features"]
    assert (gap["id"], gap["properties"]["subject"]) == ("150203", "county")


# Cost


@pytest.mark.parametrize("path", ["/coverage", "/coverage?on=2026-07-14", "/gaps"])
def test_a_board_takes_few_queries(api, path, three_villages, django_assert_max_num_queries):
    factories.standard(months=12)
    api.get(f"/standards/near{path}")
    with django_assert_max_num_queries(9):
        api.get(f"/standards/near{path}")
