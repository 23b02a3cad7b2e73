"""Every number of the board opens to the records that it counts."""

import datetime
import re

import pytest

from sites.board import State
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(client, three_villages, square, today):
    """A standard with two clauses: the first village idle, the others with nothing."""
    factories.standard(months=12)
    return client


def counted(client, query):
    """How many a list says it has, and the codes that it shows."""
    text = client.get(f"/coverage/subjects/?standard=near&{query}").content.decode()
    return int(re.search(r"共 (\d+) 个", text)[1]), re.findall(r">(\d{12})<", text)


def test_every_number_of_the_board_is_the_length_of_the_list_that_it_opens(board):
    text = board.get("/coverage/?standard=near").content.decode()
    links = re.findall(r'href="(/coverage/subjects/[^"]*)"[^>]*>\D*?(\d+)', text)
    assert len(links) > 3
    for link, number in links:
        shown = board.get(link.replace("&amp;", "&")).content.decode()
        assert f"共 {number} 个" in shown


def test_a_list_is_of_one_state_one_region_one_verdict(board, three_villages):
    codes = [village.code for village in three_villages]
    assert counted(board, "state=idle") == (1, codes[:1])
    assert counted(board, "state=none") == (2, codes[1:])
    assert sum(counted(board, f"state={state.value}")[0] for state in State) == 3
    assert counted(board, "region=150204") == (0, [])
    assert counted(board, "met=false")[0] == 3
    assert counted(board, "doubtful=true")[0] + counted(board, "doubtful=false")[0] == 3


def test_an_earlier_day_is_compared_by_the_records_own_dates(board, three_villages, square, today):
    factories.event(site=square, day=today)
    text = board.get("/coverage/?standard=near&since=2026-07-01").content.decode()
    assert "与 2026-07-01 相比,达到标准的 +1 个" in text
    later = board.get("/coverage/?standard=near&since=2026-07-15")
    assert later.status_code == 422
    assert "应早于" in later.content.decode()


def test_a_list_as_it_was(board, square, today, three_villages):
    factories.event(site=square, day=today - datetime.timedelta(days=3))
    assert counted(board, "met=true")[0] == 1
    assert counted(board, "met=true&on=2026-07-01")[0] == 0


def test_the_gaps_of_a_past_day_are_told_alike_everywhere(board, square, three_villages, today):
    factories.event(site=square, day=today - datetime.timedelta(days=3))
    for on, gaps in (("2026-07-15", 2), ("2026-07-01", 3)):
        text = board.get(f"/coverage/?standard=near&on={on}").content.decode()
        assert f"共 {gaps} 个,最需要的在前" in text
        assert board.get(f"/api/v1/standards/near/gaps?on={on}").json()["numberMatched"] == gaps
    code = three_villages[0].code
    path = f"/coverage/gaps/{code}/?standard=near"
    assert "已经达到" in board.get(path).content.decode()
    assert "还没达到" in board.get(f"{path}&on=2026-07-01").content.decode()


def test_an_area_without_subjects_says_so_and_an_unknown_one_is_missing(board):
    factories.region("150204")
    text = board.get("/coverage/?standard=near&region=150204").content.decode()
    assert "没有标准所说的对象" in text
    assert "全部达到" not in text
    assert board.get("/coverage/?standard=near&region=99").status_code == 404
