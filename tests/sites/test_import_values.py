"""What cells are taken for: pure functions, no database."""

import datetime
import math

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from mapui.kinds import KINDS
from sites.choices import Facility, Setting, Tier
from sites.clock import SHANGHAI
from sites.importing import values
from sites.importing.cells import Formula, guard, unguard
from sites.importing.kinds import TIERS
from sites.importing.values import BadValue
from sites.importing.words import choice, limits, several

DAY = datetime.date(2024, 3, 1)


def refused(parse, raw):
    with pytest.raises(BadValue) as caught:
        parse(raw)
    return str(caught.value)


@pytest.mark.parametrize(
    "raw",
    [
        "150202001001",
        150202001001,
        150202001001.0,
        "150202001001.0",
        "1.50202001001E+11",
        "'150202001001",
        " 150202001001\n",
        "150202001001",
    ],
)
def test_a_code_survives_what_excel_makes_of_it(raw):
    assert values.parse_code(raw) == "150202001001"


@pytest.mark.parametrize("raw", ["1.50202E+11", "1.5E+17", 1.11502e17, 10**15])
def test_a_code_that_lost_digits_is_refused(raw):
    assert "丢失" in refused(values.parse_code, raw)


def test_a_code_keeps_its_leading_zeros():
    assert values.parse_code("0012") == "0012"


@pytest.mark.parametrize("raw", ["a;b;a", "a、b", "a,b", "a b", "a;b", ["a", "b", "b"]])
def test_several_codes_are_told_apart_by_any_separator(raw):
    assert values.parse_codes(raw) == ["a", "b"]


@pytest.mark.parametrize("raw", ["是", "有", "Yes", "TRUE", True, 1, 1.0, "1"])
def test_yes_has_many_words(raw):
    assert values.parse_boolean(raw) is True


@pytest.mark.parametrize("raw", ["否", "无", "no", "False", False, 0, "0"])
def test_no_has_many_words(raw):
    assert values.parse_boolean(raw) is False


def test_a_doubtful_boolean_is_refused():
    assert refused(values.parse_boolean, "也许") == "应是“是”或“否”"


@pytest.mark.parametrize(
    ("raw", "number"),
    [("1,234.5", 1234.5), ("12", 12), ("−3", -3), (7, 7), ("1e3", 1000), ("12", 12)],
)
def test_numbers_are_read_as_people_write_them(raw, number):
    assert values.parse_number(raw) == number


@pytest.mark.parametrize(
    "raw", ["abc", "nan", "inf", "1_000", "1,2", True, [1], {"a": 1}, math.inf]
)
def test_what_is_no_number_is_refused(raw):
    with pytest.raises(BadValue):
        values.parse_number(raw)


def test_an_integer_has_no_fraction():
    assert values.parse_integer("12.0") == 12
    assert refused(values.parse_integer, 12.5) == "应是整数"


@pytest.mark.parametrize(
    "raw",
    [
        "2024-03-01",
        "2024/3/1",
        "2024.3.1",
        "2024年3月1日",
        "20240301",
        20240301,
        "2024-03-01 00:00:00",
        DAY,
        datetime.datetime(2024, 3, 1),
        "2024-03-01",
    ],
)
def test_a_date_has_many_forms(raw):
    assert values.parse_date(raw) == DAY


@pytest.mark.parametrize("raw", ["2025-02-30", "2024-13-01", "2024年2月30日"])
def test_a_day_that_does_not_exist_is_refused(raw):
    assert refused(values.parse_date, raw) == "这一天不存在"


@pytest.mark.parametrize("raw", ["去年", 45352, "3/1/2024", "2024-03-01 09:00", "0024-03-01", True])
def test_what_is_no_date_is_refused(raw):
    with pytest.raises(BadValue):
        values.parse_date(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "2024-03-01 09:30",
        "2024-03-01T09:30:00",
        "2024/3/1 9:30",
        "2024年3月1日 9:30",
        "2024年3月1日9时30分",
        "2024-03-01T09:30:00+08:00",
        "2024-03-01T01:30:00Z",
        "2024-03-01T01:30+0000",
        datetime.datetime(2024, 3, 1, 9, 30),
    ],
)
def test_a_moment_without_a_zone_is_shanghais(raw):
    moment = values.parse_moment(raw)
    assert moment == datetime.datetime(2024, 3, 1, 9, 30, tzinfo=SHANGHAI)
    assert moment.tzinfo


@pytest.mark.parametrize(
    "raw", ["2024-03-01", "09:30", "2024-03-01 25:00", "2025-02-30 09:00", "2024-03-01 09:00+99:00"]
)
def test_what_is_no_moment_is_refused(raw):
    with pytest.raises(BadValue):
        values.parse_moment(raw)


@given(st.datetimes(datetime.datetime(1992, 1, 1), datetime.datetime(2199, 12, 31)))
def test_a_moment_is_read_as_it_was_written(naive):
    moment = naive.replace(tzinfo=SHANGHAI)
    assert values.parse_moment(values.MOMENT.to_cell(moment)) == moment
    assert values.parse_moment(values.MOMENT.to_json(moment)) == moment


@pytest.mark.parametrize("word", ["county", "COUNTY", "县级", "区级", "旗级", " 县 级 "])
def test_a_tier_has_several_names(word):
    assert choice(Tier.choices, TIERS).parse(word) == "county"


def test_a_tier_that_could_be_two_is_refused():
    assert "县级" in refused(choice(Tier.choices, TIERS).parse, "市县级")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_synonyms_stand_for_choices_that_exist(kind):
    for column in kind.columns:
        words = getattr(column.value.to_cell, "__self__", None)
        if words:
            assert {*words.synonyms.values()} <= {value for value, _label in words.choices}


def test_choices_are_written_in_chinese_whatever_the_language():
    with translation.override("en"):
        assert several(Facility.choices).to_cell(["power", "step-free"]) == "电源;无障碍通道"


def test_several_choices_are_read_from_words_or_a_list():
    parse = several(Facility.choices).parse
    assert parse("电源;舞台".replace("舞台", "stage")) == ["power", "stage"]
    assert parse(["power"]) == ["power"]


@pytest.mark.parametrize(
    ("raw", "metres"),
    [
        ("5000", 5000),
        (1500.5, 1500.5),
        ("urban=1000;herding=20000", {"urban": 1000, "herding": 20000}),
        ("城镇 = 1000; 牧区=20000", {"urban": 1000, "herding": 20000}),
        ({"farming": 3000}, {"farming": 3000}),
    ],
)
def test_a_distance_is_one_number_or_one_a_setting(raw, metres):
    value = limits(Setting.choices)
    assert value.parse(raw) == metres
    assert value.parse(value.to_cell(metres)) == metres


@pytest.mark.parametrize("raw", ["0", "-5", "moon=5", "urban=", "urban=0", "很近"])
def test_a_distance_is_positive_and_of_a_known_setting(raw):
    with pytest.raises(BadValue):
        limits(Setting.choices).parse(raw)


@given(st.text())
def test_guarded_text_is_read_as_it_was_and_never_as_a_formula(text):
    guarded = guard(text)
    assert unguard(guarded) == text
    assert not guarded.startswith(("=", "+", "-", "@", "\t"))


def test_a_bare_formula_in_csv_is_seen():
    assert unguard("=1+1") == Formula("=1+1")
    assert unguard("@SUM(A1)") == Formula("@SUM(A1)")
    assert unguard("-5") == "-5"


@given(st.text())
def test_clean_text_stays_as_it_is(text):
    cleaned = values.clean(text)
    assert values.clean(cleaned) == cleaned
    cleaned.encode()
