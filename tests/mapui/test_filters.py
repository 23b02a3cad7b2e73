import datetime
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from mapui import filters
from mapui.params import BadParameters

ALL = [
    filters.Regions,
    filters.Villages,
    filters.Sites,
    filters.Events,
    filters.Coverage,
    filters.Board,
    filters.Gaps,
    filters.Search,
]
VALUES = st.one_of(
    st.text(max_size=80),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.lists(st.floats(), max_size=5).map(lambda numbers: ",".join(map(str, numbers))),
)


def read(kind, /, **query):
    return kind.read(QueryDict(urlencode(query)))


def refusals(kind, /, **query):
    with pytest.raises(BadParameters) as refused:
        read(kind, **query)
    return {error["parameter"]: error for error in refused.value.errors}


@given(kind=st.sampled_from(ALL), value=VALUES, data=st.data())
def test_any_text_is_read_or_refused_by_the_parameters_name(kind, value, data):
    name = data.draw(st.sampled_from([one["name"] for one in kind.describe()]))
    query = {"q": "x", "near": "0,0"} if kind is filters.Sites else {"q": "x"}
    try:
        kind.read(QueryDict(urlencode(query | {name: value})), strict=False)
    except BadParameters as refused:
        assert all(error["message"] for error in refused.errors)
        assert {error["parameter"] for error in refused.errors} <= {name, "q", "from", "within"}


def test_a_blank_value_is_not_given():
    assert read(filters.Sites, kind="", near=" ", limit="") == filters.Sites()


def test_lists_are_separated_by_commas_or_repeated():
    both = QueryDict("kind=park,square&kind=base")
    assert filters.Sites.read(both).kind == ("park", "square", "base")


def test_a_single_value_is_not_repeated():
    with pytest.raises(BadParameters):
        filters.Sites.read(QueryDict("region=150203&region=150204"))


def test_every_wrong_parameter_is_named_at_once():
    assert refusals(filters.Sites, kind="pub", near="1", limit="0").keys() == {
        "kind",
        "near",
        "limit",
    }


def test_a_refusal_says_what_was_given_and_what_is_allowed():
    refused = refusals(filters.Sites, kind="pub")["kind"]
    assert refused["given"] == "pub"
    assert "square" in refused["allowed"]
    assert "pub" in refused["message"]


def test_an_unknown_parameter_is_refused_with_the_known_ones():
    refused = refusals(filters.Gaps, regoin="150203")["regoin"]
    assert refused["allowed"] == ["on", "limit", "offset", "region"]


def test_pages_let_unknown_parameters_pass():
    query = QueryDict("isappinstalled=0&region=150203")
    assert filters.Gaps.read(query, strict=False).region == "150203"


@pytest.mark.parametrize("limit", ["0", "10001", "-1", "1.5", "1e3", "", "٣", "999999999999999"])
def test_a_limit_is_a_whole_number_up_to_ten_thousand(limit):
    if limit:
        assert "limit" in refusals(filters.Gaps, limit=limit)


@pytest.mark.parametrize(
    "near", ["nan,0", "inf,0", "1e999,0", "181,0", "0,91", "40.65,109.84", "1,2,3", "1_0,2", ","]
)
def test_a_point_is_two_numbers_in_range(near):
    assert "near" in refusals(filters.Sites, near=near)


def test_a_box_runs_from_west_to_east_and_from_south_to_north():
    assert read(filters.Sites, bbox="109,40,110,41").bbox == (109, 40, 110, 41)
    assert "bbox" in refusals(filters.Sites, bbox="110,40,109,41")
    assert "bbox" in refusals(filters.Sites, bbox="109,41,110,40")


@pytest.mark.parametrize(
    "day", ["2026-02-30", "20260101", "2026-W01-1", "0001-01-01", "9999-12-31"]
)
def test_a_date_is_a_day_that_exists_in_our_times(day):
    assert "from" in refusals(filters.Events, **{"from": day})


def test_a_period_begins_before_it_ends():
    day = datetime.date(2026, 3, 1)
    assert read(filters.Events, **{"from": "2026-03-01", "to": "2026-03-01"}).first == day
    assert "from" in refusals(filters.Events, **{"from": "2026-03-02", "to": "2026-03-01"})


def test_within_needs_a_point():
    assert "within" in refusals(filters.Sites, within="100")


def test_a_nul_byte_is_refused():
    assert "q" in refusals(filters.Search, q="a\x00b")


def test_a_region_is_two_to_twelve_digits():
    assert read(filters.Gaps, region="15").region == "15"
    for region in ("1", "1502030010011", "15x", "一五"):
        assert "region" in refusals(filters.Gaps, region=region)


def test_a_search_needs_something_to_search_for():
    assert "q" in refusals(filters.Search)
    assert "q" in refusals(filters.Search, q="  ")


def test_the_future_is_not_known(today):
    with pytest.raises(BadParameters):
        read(filters.Coverage, on="2026-07-16").day(today)
    assert read(filters.Coverage, on="2026-07-15").day(today) == today
    assert read(filters.Coverage).day(today) == today
