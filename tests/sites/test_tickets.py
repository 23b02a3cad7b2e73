"""Numbers to look a message up by: easy to copy, hard to guess, and never taken for another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sites import tickets
from sites.characters import ALPHABET

PLACES = range(tickets.LENGTH)
characters = st.sampled_from(ALPHABET)


def test_a_number_is_nine_characters_that_look_like_no_other():
    number = tickets.make()
    assert len(number) == 9
    assert not set(number) & set("0O1IL")
    assert tickets.read(number) == number


def test_two_numbers_differ():
    assert len({tickets.make() for _ in range(1000)}) == 1000


def test_it_is_read_as_people_write_it():
    number = tickets.make()
    shown = tickets.shown(number)
    assert shown == f"{number[:3]}-{number[3:6]}-{number[6:]}"
    for written in (shown, shown.lower(), f" {shown.replace('-', ' ')} ", shown.replace("-", "—")):
        assert tickets.read(written) == number
    assert tickets.read("".join(chr(ord(c) + 0xFEE0) for c in number)) == number  # full width


@given(st.integers(0, 8), characters)
def test_one_wrong_character_is_noticed(place, other):
    number = tickets.make()
    wrong = number[:place] + other + number[place + 1 :]
    assert (tickets.read(wrong) == wrong) is (wrong == number)


@given(st.integers(0, 7), st.integers(0, 8))
def test_two_characters_that_changed_places_are_noticed(i, j):
    number = tickets.make()
    swapped = list(number)
    swapped[i], swapped[j] = swapped[j], swapped[i]
    wrong = "".join(swapped)
    assert (tickets.read(wrong) == wrong) is (wrong == number)


@pytest.mark.parametrize(
    "text", ["", "ABC", "0OIL10OIL", "\x00" * 9, "你好" * 5, "A" * 500, "😀😀😀"]
)
def test_what_is_no_number_is_none(text):
    assert tickets.read(text) is None
