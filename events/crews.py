"""The teams that a tour takes: those on record, and as many plain ones as it asks for beyond."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from events.errors import NoHomeError
from events.models import Team, Tour, Troupe


@dataclass(frozen=True)
class Crew:
    """A team as a tour takes it. `home` is (lon, lat); `leaves`, `back` are minutes of the day."""

    number: int
    name: str
    people: int
    languages: tuple[str, ...]
    home: tuple[float, float]
    leaves: int
    back: int


def crews(tour: Tour) -> list[Crew]:
    """The tour's teams, the troupe's first ones. Raises NoHomeError with what to do."""
    on_record = {team.number: team for team in tour.troupe.crews.all()}
    numbers = [*sorted(on_record), *(n for n in range(1, 100) if n not in on_record)][: tour.teams]
    return [_crew(tour.troupe, number, on_record.get(number)) for number in numbers]


def _crew(troupe: Troupe, number: int, team: Team | None) -> Crew:
    point = (team and team.location) or troupe.location or troupe.base.seat
    if point is None:
        sentence = _("“%(troupe)s”没有出发点,排不了巡演;请在“演出队”里填经度、纬度。")
        raise NoHomeError(sentence % {"troupe": troupe.name})
    named = team or Team(troupe=troupe, number=number, name=_("%(n)d 队") % {"n": number})
    return Crew(
        number,
        named.name,
        named.people,
        tuple(named.languages),
        point.coords,
        _minutes(named.leaves_at),
        _minutes(named.back_by),
    )


def _minutes(time: datetime.time) -> int:
    return time.hour * 60 + time.minute
