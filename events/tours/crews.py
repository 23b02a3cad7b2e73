"""The teams that a tour takes: those on record, and as many plain ones as it asks for beyond."""

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from events.choices import Nights
from events.errors import NoHomeError
from events.models import Lodging, Team, Tour, Troupe


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

    @property
    def hours(self) -> tuple[int, int]:
        """From when to when it is on the road."""
        return self.leaves, self.back

    def fits(self, lodging: Lodging) -> bool:
        """Whether the lodging has a bed for each of them."""
        return self.people <= lodging.beds


def crews(tour: Tour) -> list[Crew]:
    """The tour's teams, the troupe's first ones. Raises NoHomeError with what to do."""
    on_record = {team.number: team for team in tour.troupe.crews.all()}
    numbers = [*sorted(on_record), *(n for n in range(1, 100) if n not in on_record)][: tour.teams]
    return [_crew(tour.troupe, number, on_record.get(number)) for number in numbers]


def beds_for(tour: Tour, teams: Sequence[Crew]) -> list[Lodging]:
    """Where any of the teams could sleep; none where every night is at home."""
    if tour.nights == Nights.HOME or tour.days == 1:
        return []
    fewest = min(crew.people for crew in teams)
    return list(Lodging.objects.filter(beds__gte=fewest).order_by("code"))


def allotted(lodgings: Sequence[Lodging], teams: Sequence[Crew]) -> list[list[Lodging]]:
    """Where each team may sleep, so that no lodging has more guests in a night than beds.

    One that holds everybody is open to all. A smaller one is kept for one team that it holds:
    the one whose others of the kind are farthest away, so that each has some in every area.
    """
    everybody = sum(team.people for team in teams)
    open_to: list[list[Lodging]] = [[] for _team in teams]
    kept: list[list[Lodging]] = [[] for _team in teams]
    for lodging in lodgings:
        holds = [k for k, team in enumerate(teams) if team.fits(lodging)]
        if lodging.beds >= everybody:
            for k in holds:
                open_to[k].append(lodging)
        elif holds:
            first = max(holds, key=lambda k: _apart(lodging, kept[k]))
            kept[first].append(lodging)
    return [[*alike, *own] for alike, own in zip(open_to, kept, strict=True)]


def _apart(lodging: Lodging, others: Sequence[Lodging]) -> float:
    """Degrees to the nearest of the others; inf where there is none."""
    return min((lodging.location.distance(each.location) for each in others), default=math.inf)


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
