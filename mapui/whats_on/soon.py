"""What is on in the next seven days, as the cards of the home page."""

import datetime
from dataclasses import dataclass

from django.contrib.gis.geos import Point

from events.models import Event
from mapui.properties import EVENT_SPOT
from sites import clock
from sites.models import Photo

DAYS = datetime.timedelta(days=6)  # besides today
MOST = 40  # cards on the page; the page of events has all
SATURDAY = 5


@dataclass(frozen=True)
class Card:
    """An event as the home page shows it. `when`: names of the spans of days that it is in."""

    event: Event
    at: Point | None
    when: tuple[str, ...]
    photo: str = ""  # the file of its place's first photo

    @property
    def place(self) -> str:
        """Where it is, by name."""
        return self.event.site.name if self.event.site else self.event.village.name

    @property
    def county(self) -> str:
        """The county that it is in."""
        site, village = self.event.site, self.event.village
        return site.county.name if site else village.township.parent.name


def cards(now: datetime.datetime) -> list[Card]:
    """What is not over yet and begins within seven days, cancelled ones too; two queries."""
    events = Event.objects.to_come(now).between(None, now.date() + DAYS)
    found = events.with_places().annotate(**EVENT_SPOT)[:MOST]
    shown = _photos({event.site_id for event in found if event.site_id})
    return [
        Card(event, event.at, _spans(event, now.date()), shown.get(event.site_id, ""))
        for event in found
    ]


def _photos(sites: set[str]) -> dict[str, str]:
    """The file of the first photo of each site that has one."""
    found = Photo.objects.filter(site__in=sites).order_by("-order", "-pk")
    return dict(found.values_list("site", "file"))


def _spans(event: Event, today: datetime.date) -> tuple[str, ...]:
    day = max(event.starts_at.astimezone(clock.SHANGHAI).date(), today)
    names = {"today": day == today, "weekend": day in weekend(today)}
    return tuple(name for name, holds in names.items() if holds)


def weekend(today: datetime.date) -> tuple[datetime.date, ...]:
    """The Saturday and Sunday of this week that are not over."""
    saturday = today + datetime.timedelta(days=SATURDAY - today.weekday())
    days = (saturday, clock.day_after(saturday))
    return tuple(day for day in days if day >= today)


def counts(shown: list[Card]) -> dict[str, int]:
    """How many cards each span of days has; `week` is all."""
    spans = {name: sum(name in card.when for card in shown) for name in ("today", "weekend")}
    return {**spans, "week": len(shown)}
