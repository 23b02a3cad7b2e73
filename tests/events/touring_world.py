"""A tour in a small world, and what is asked of it in many tests."""

import datetime

from events import planning
from events.models import Tour
from sites import clock
from tests import factories

MONDAY = datetime.date(2026, 12, 7)
TOMORROW = MONDAY + datetime.timedelta(days=1)


def make_tour(troupe, **fields):
    """A tour of two days of one team that is home every night, not planned yet."""
    defaults = {"name": "试", "start": MONDAY, "days": 2, "teams": 1, "nights": "home"}
    programme = fields.pop("programme", None) or factories.programme(setup_minutes=30)
    return Tour.objects.create(
        troupe=troupe, programme=programme, made_at=clock.now(), seconds=1, **{**defaults, **fields}
    )


def planned(tour):
    """The tour, planned."""
    planning.plan(tour, lambda _progress: True, iterations=200)
    tour.refresh_from_db()
    return tour


def visited(tour):
    """The villages that a tour visits."""
    return {stop.village_id for stop in tour.stops.all()}


def left_out(tour):
    """The villages that it does not, and why: {code: reason}."""
    return {each["village"]: each["code"] for each in tour.left_out}


def broken(tour):
    """The codes of the broken rules of all stops and days."""
    rows = [*tour.stops.all(), *tour.team_days.all()]
    return [each["code"] for row in rows for each in row.broken]


def reason_of(tour, village):
    """Why a village is left out."""
    return left_out(tour)[village.code]
