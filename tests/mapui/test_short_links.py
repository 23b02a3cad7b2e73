"""Short addresses: every code has one, and each leads back to it or nowhere."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mapui.outward import short_links
from sites.fields import PLAIN_CODE
from tests import factories

KINDS = st.sampled_from(sorted(short_links.LETTERS))
CODES = st.from_regex(PLAIN_CODE, fullmatch=True).map(lambda code: code[:30])
USUAL = [
    ("site", "150203-0001"),
    ("site", "150203-0000"),
    ("site", "999999-9999"),
    ("event", "E2021-0001"),
    ("event", "E2099-99999"),
    ("village", "150202002405"),
    ("village", "000000000000"),
]


def token(kind, code):
    return short_links.short(kind, code).split("/")[2]


@given(KINDS, CODES)
@example("event", "0")
@example("event", "00")
@example("site", "Z_z-9" * 6)
def test_every_code_comes_back(kind, code):
    assert short_links.code_of(kind, token(kind, code)) == code


@pytest.mark.parametrize(("kind", "code"), USUAL)
def test_a_usual_code_comes_back_however_it_is_typed(kind, code):
    assert short_links.code_of(kind, token(kind, code).lower()) == code
    assert short_links.code_of(kind, f"{token(kind, code)[:3]}-{token(kind, code)[3:]}") == code


def test_usual_codes_have_short_addresses():
    assert len(short_links.short("event", "E2026-1234")) <= len("/e/12345")
    assert len(short_links.short("site", "150203-0001")) <= len("/s/12345678")
    assert len(short_links.short("village", "150202002405")) <= len("/v/123456789")


def test_addresses_that_were_printed_once_stay():
    assert short_links.short("event", "E2026-1234") == "/e/43RBF"
    assert short_links.short("site", "150203-0001") == "/s/KJMRS7Y"
    assert short_links.short("village", "150202002405") == "/v/3UKJCWJFZ"
    assert short_links.short("event", "T-5") == "/e/BPPCAB"


@given(KINDS, st.sampled_from(USUAL), st.data())
def test_one_wrong_character_leads_nowhere(kind, usual, data):
    right = token(*usual)
    place = data.draw(st.integers(0, len(right) - 1))
    letters = string.ascii_uppercase + string.digits
    other = data.draw(st.sampled_from(letters).filter(lambda c: c != right[place]))
    with pytest.raises(short_links.WrongLink):
        short_links.code_of(usual[0], right[:place] + other + right[place + 1 :])


@given(st.sampled_from(USUAL), st.data())
def test_two_characters_that_changed_places_lead_nowhere(usual, data):
    right = list(token(*usual))
    one, other = (data.draw(st.integers(0, len(right) - 1)) for _ in "ab")
    if right[one] == right[other]:
        return
    right[one], right[other] = right[other], right[one]
    with pytest.raises(short_links.WrongLink):
        short_links.code_of(usual[0], "".join(right))


@pytest.mark.parametrize("other", ["site", "village"])
def test_the_address_of_an_event_is_that_of_nothing_else(other):
    with pytest.raises(short_links.WrongLink):
        short_links.code_of(other, token("event", "E2026-1234"))


@pytest.mark.parametrize("wrong", ["", "A", "民主", "0" * 5, "A" * 41, "/", "A\x00B"])
def test_what_is_no_address_leads_nowhere(wrong):
    with pytest.raises(short_links.WrongLink):
        short_links.code_of("site", wrong)


@pytest.mark.parametrize("code", ["", "民主广场", "a" * 31, "a b"])
def test_what_no_record_is_called_has_no_address(code):
    with pytest.raises(ValueError, match="no record"):
        short_links.short("site", code)


def test_a_short_address_leads_to_its_page_for_good(client, square, three_villages):
    event = factories.event(site=square)
    village = three_villages[0].code
    for kind, code, page in [
        ("site", square.code, f"/sites/{square.code}/"),
        ("event", event.code, f"/events/{event.code}/"),
        ("village", village, f"/villages/{village}/"),
    ]:
        for path in (short_links.short(kind, code), short_links.short(kind, code).lower() + "/"):
            answer = client.get(path)
            assert (answer.status_code, answer["Location"]) == (301, page)


@pytest.mark.parametrize("path", ["/s/KJMRS7Z", "/s/KJMRS7", "/e/0", "/v/民主广场", "/s/%00"])
def test_a_mistyped_address_is_told_what_to_look_for(client, square, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "0、1、I、L、O" in answer.content.decode()


def test_a_right_address_of_a_record_that_is_gone_says_so(client, db):
    answer = client.get(short_links.short("site", "150203-0001"))
    assert answer.status_code == 404
    assert "150203-0001" in answer.content.decode()
