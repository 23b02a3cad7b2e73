"""The calls that a search is given, with the places that they need, as a problem of its own.

So neither the search nor its second process carries the ways between thousands of places.
"""

from dataclasses import dataclass, replace

import numpy as np

from events.touring.insertion import Draft
from events.touring.model import Nights, Routes
from events.touring.problem import Problem, Team


@dataclass(frozen=True)
class Part:
    """`problem` has the calls `calls` of `whole`, in that order, and only the `places` in use."""

    whole: Problem
    calls: tuple[int, ...]
    places: tuple[int, ...]
    problem: Problem

    @classmethod
    def of(cls, whole: Problem, calls: list[int]) -> "Part":
        """The part with these calls and all teams and beds."""
        used = {whole.calls[call].place for call in calls} | set(whole.beds)
        for team in whole.teams:
            nights = (place for place in team.nights or () if place is not None)
            used |= {team.home, team.begins, *nights}
        places = sorted(used)
        new = {place: index for index, place in enumerate(places)}
        chosen = [replace(whole.calls[c], place=new[whole.calls[c].place]) for c in calls]
        rows = np.array(places, dtype=np.int64)
        problem = replace(
            whole,
            travel=whole.minutes[np.ix_(rows, rows)],
            calls=chosen,
            teams=[_placed(team, new) for team in whole.teams],
            beds=[new[bed] for bed in whole.beds],
        )
        return cls(whole, tuple(calls), tuple(places), problem)

    def inward(self, draft: Draft) -> Draft:
        """A draft of the whole as one of the part; its calls must all be in it."""
        place = {old: new for new, old in enumerate(self.places)}
        call = {old: new for new, old in enumerate(self.calls)}
        nights: Nights = {duty: place[night] for duty, night in draft.nights.items()}
        routes: Routes = {d: tuple(call[c] for c in made) for d, made in draft.routes.items()}
        return Draft(self.problem, nights, routes)

    def outward(self, draft: Draft) -> Draft:
        """A draft of the part as one of the whole."""
        nights = {duty: self.places[night] for duty, night in draft.nights.items()}
        routes = {duty: tuple(self.calls[c] for c in made) for duty, made in draft.routes.items()}
        return Draft(self.whole, nights, routes)


def _placed(team: Team, new: dict[int, int]) -> Team:
    nights = team.nights
    return replace(
        team,
        home=new[team.home],
        start=None if team.start is None else new[team.start],
        nights=nights and tuple(None if night is None else new[night] for night in nights),
        sleeps=None if team.sleeps is None else tuple(new[bed] for bed in team.sleeps),
    )
