"""Names found by whatever a person types; no database."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sites.finding import Entries, Index, words_of

NAMES = {
    "150203": "昆都仑区",
    "150221": "土默特右旗",
    "150223": "达尔罕茂明安联合旗",
    "S1": "包头法治公园",
    "S2": "民主广场",
    "S3": "长胜街法治长廊",
    "S4": "绿色家园",
    "S5": "A区101号法治广场",
    "F1": "民主村法治宣传阵地",
    "V1": "民主村",
}


def index(names=NAMES, **former):
    codes = list(names)
    regions = [code for code in codes if code.isdigit()]
    missing = np.full(len(codes), np.nan)
    return Index(
        Entries(
            ["region" if code in regions else "site" for code in codes],
            codes,
            list(names.values()),
            [former.get(code, "") for code in codes],
            [code if code in regions else "150203" for code in codes],
            missing,
            missing,
            np.array([code.startswith("F") for code in codes]),
        )
    )


def found(query, names=NAMES, **former):
    return [hit.code for hit in index(names, **former).find(query, 739_000, 20)]


@pytest.mark.parametrize(
    "query",
    [
        "包头法治公园",
        "头法治",
        "baotoufazhigongyuan",
        "baotoufazhigongyu",  # still being typed
        "BaoTou FaZhi",
        "bāotóu fǎzhì",
        "btfzgy",
        "包头fzgy",
        "baotou法治gy",
        "baotfzgongyuan",
        "包头法制公园",  # a wrong character of the same sound
        "包頭法治公園",
        "包头去治公园",  # a wrong character of another sound
        "包头治法公园",
        "包头法公园",
        "包头法法治公园",
        "baotoufazigongyuan",
        "baotoufazhigognyuan",
        "baotofuazhigongyuan",  # swapped where two syllables meet
        "vaotoufazhigongyuan",
        "baotoufazhiigongyuan",
        "baotoufazhigongyuna",
        "btfzgt",
        "包头 公园",
        "昆都仑 公园",
        "昆区 gongyuan",
        "包头・法治公园",
    ],
)
def test_a_place_is_found_by_whatever_one_types_of_it(query):
    assert found(query)[:1] == ["S1"]


LETTERS = "abcdefghijklmnopqrstuvwxyz"


@given(st.integers(0, 18), st.sampled_from(LETTERS), st.sampled_from(["less", "more", "else"]))
def test_any_one_slip_in_pinyin_is_forgiven(at, letter, slip):
    right = "baotoufazhigongyuan"
    middle = {"less": "", "more": right[at] + letter, "else": letter}[slip]
    assert "S1" in found(right[:at] + middle + right[at + 1 :])


@given(st.integers(0, 17))
def test_any_two_neighbours_swapped_in_pinyin_are_forgiven(at):
    right = "baotoufazhigongyuan"
    assert "S1" in found(right[:at] + right[at + 1] + right[at] + right[at + 2 :])


@given(st.integers(0, 5), st.sampled_from(["", "国", "囧", "A"]))
def test_any_one_wrong_character_is_forgiven(at, wrong):
    right = "包头法治公园"
    assert "S1" in found(right[:at] + wrong + right[at + 1 :])


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("changsheng", "S3"),
        ("zhangsheng", "S3"),  # a character with two readings is found by both
        ("tumoteyouqi", "150221"),
        ("daerhan", "150223"),
        ("lvse", "S4"),
        ("luse", "S4"),
        ("昆区", "150203"),
        ("土右旗", "150221"),
        ("达茂旗", "150223"),
        ("达茂", "150223"),
        ("土右", "150221"),
        ("kunqu", "150203"),
        ("kunq", "150203"),
        ("kq", "150203"),
        ("damaoqi", "150223"),
        ("damao", "150223"),
        ("tuyou", "150221"),
        ("tyq", "150221"),
        ("坤区", "150203"),  # a wrong character of the same sound
        ("a区101", "S5"),
        ("A区101号", "S5"),
    ],
)
def test_readings_short_forms_and_widths(query, code):
    assert found(query)[0] == code


def test_only_counties_and_what_is_above_them_have_short_forms_of_speech():
    names = {"150223100": "达尔罕镇", "V1": "达尔罕村"}
    assert found("达镇", names) == found("drz", {"V1": "达尔罕茂村"}) == []


def test_what_is_wholly_meant_by_its_initials_comes_before_what_begins_so():
    names = {"S1": "演出广场", "S2": "银川园", "K1": "文艺演出"}
    assert found("yc", {**names, "K2": "演出"})[0] == "K2"
    assert found("wyyc", {"S1": "文艺演出场", **names})[0] == "K1"


def test_a_place_is_found_by_a_name_of_before():
    hits = index(S1="友谊广场;人民公园").find("yyguangchang", 739_000, 5)
    assert [(hit.code, hit.former) for hit in hits] == [("S1", True)]
    assert found("人民公园", S1="友谊广场;人民公园")[0] == "S1"


def test_what_fits_better_comes_first_and_fronts_last():
    names = {
        "F1": "民主",
        "S1": "民主",
        "S2": "民主广场",
        "S3": "新民主广场",
        "S4": "敏珠公园",
        "F2": "民主村法治宣传阵地",
        "S5": "磨子",
    }
    assert found("民主", names) == ["S1", "F1", "S2", "F2", "S3", "S4"]
    levels = [hit.level for hit in index(names).find("民主", 739_000, 9)]
    assert levels == sorted(levels)


def test_the_shorter_name_comes_first_then_the_lower_code():
    assert found("广场", {"B": "人民广场", "A": "人民广场", "C": "大广场"}) == ["C", "A", "B"]


def test_what_is_closed_on_the_day_is_not_found():
    opened, closed = np.array([100.0, np.nan]), np.array([200.0, np.nan])
    entries = Entries(
        *([one] * 2 for one in ("site", "", "广场", "", "")), opened, closed, closed < 0
    )
    entries = dataclasses.replace(entries, codes=["A", "B"])
    names = Index(entries)
    for day, codes in ((99, "B"), (100, "AB"), (199, "AB"), (200, "B")):
        assert [hit.code for hit in names.find("广场", day, 5)] == list(codes)


@pytest.mark.parametrize("query", ["", "   ", "%", "_", "'", "・—", "\0", "𠮷" * 500, "🦄"])
def test_what_no_name_has_finds_nothing(query):
    assert found(query) == []


def test_no_names_no_finds():
    assert found("民主", {}) == []


@given(st.text(max_size=60))
def test_no_text_upsets_the_search(query):
    assert len(found(query)) <= len(NAMES)


def test_at_most_50_symbols_of_a_query_are_looked_at():
    assert sum(map(len, words_of("公园 " * 1000))) == 50
