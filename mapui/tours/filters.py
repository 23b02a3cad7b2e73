"""What the pages of tours may be asked for in their addresses."""

import datetime
from dataclasses import dataclass
from typing import Annotated

from mapui import filters, readers
from mapui.params import Param

MOST_COMPARED = 4
MOST_PICKED = 60  # villages ticked in the waiting list


@dataclass(frozen=True)
class AskedTours(filters.Filter):
    """The waiting list of a region, and how far down; which weeks of the calendar."""

    region: filters.Region = ""
    skip: Annotated[int, Param(readers.whole(0, 100_000), "Show so many more.")] = 0
    weeks: Annotated[
        datetime.date | None, Param(readers.DATE, "The weeks from this day's on.", name="from")
    ] = None


@dataclass(frozen=True)
class Wished(filters.Filter):
    """What a form starts with: villages to visit, a region, or the wish of another tour."""

    region: filters.Region = ""
    must: Annotated[
        tuple[str, ...],
        Param(readers.several(readers.VILLAGE, MOST_PICKED), "Villages to visit."),
    ] = ()
    like: Annotated[
        int | None, Param(readers.whole(1, 2**31 - 1), "Ask for the same as this tour.")
    ] = None


@dataclass(frozen=True)
class Compared(filters.Filter):
    """Tours to see side by side."""

    ids: Annotated[
        tuple[int, ...], Param(readers.wholes(1, 2**31 - 1, MOST_COMPARED), "Tours to compare.")
    ] = ()
