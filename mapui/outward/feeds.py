"""Records as entries of calendars, feeds and routes. What is public holds no personal data."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.conf import settings
from django.contrib.gis.geos import Point as GeoPoint
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from events.calendars import Entry, Point, Route
from events.choices import Status, StopState
from events.errors import NoHomeError
from events.models import CalledOff, Event, Stop, Tour, TourDay
from events.models.tours import MAX_TEAMS
from events.tours.crews import Crew, crews
from mapui.filters import Events
from mapui.outward.addresses import Absolute
from mapui.words import event_status, headline
from sites import clock
from sites.choices import Source

Revision = tuple[int, datetime.datetime]  # how often it was changed, and when last

MOST = 10_000  # events in a feed
PAST = datetime.timedelta(days=30)  # what a public feed still shows of what is over
SAID = {
    Status.PLANNED: "TENTATIVE",
    Status.CONFIRMED: "CONFIRMED",
    Status.HELD: "CONFIRMED",
    Status.CANCELLED: "CANCELLED",
}


def public(asked: Events, today: datetime.date, absolute: Absolute) -> list[Entry]:
    """What is on and what was in the last 30 days, cancelled ones among them; two queries."""
    found = asked.apply(Event.objects.with_places())
    if not (asked.first or asked.last):
        found = found.between(today - PAST, None)
    events = list(found.order_by("starts_at", "code")[:MOST])
    revised = revisions(event.code for event in events)
    return [entry(event, revised, absolute) for event in events]


def revisions(codes: Iterable[str]) -> dict[str, Revision]:
    """How often each event was changed after it was first recorded, and when last; one query."""
    history = Event._meta.get_field("history").related_model
    counted = (
        history.objects.filter(pgh_obj__in=list(codes))
        .values("pgh_obj")
        .annotate(changes=Count("pgh_id", filter=Q(pgh_label="update")), last=Max("pgh_created_at"))
    )
    return {row["pgh_obj"]: (row["changes"], row["last"]) for row in counted}


def entry(event: Event, revised: dict[str, Revision], absolute: Absolute) -> Entry:
    """An event as everybody may see it."""
    sequence, changed = revised.get(event.code, (0, event.starts_at))
    return Entry(
        uid=uid(event.code),
        sequence=sequence,
        changed=changed,
        starts=event.starts_at,
        ends=event.ends_at,
        summary=_summary(event),
        place=place(event),
        about="\n".join(_about(event)),
        url=absolute(reverse("event", args=[event.code])),
        status=SAID[Status(event.status)],
        categories=(str(event.programme.get_kind_display()),),
        at=_at(event.site or event.village),
    )


def uid(name: str) -> str:
    """What calendars know an entry by, the world over: its name with us and whose city we are.

    Neither the host nor the feed is in it: those who subscribe to two of ours have an event once.
    """
    return f"{name}@{settings.CITY:0<12}.fazhimap"


def _summary(event: Event) -> str:
    where = event.site.name if event.site else event.village.name
    return headline(event, f"{event.programme.name} · {where}")


def place(event: Event) -> str:
    """Where an event is, from the place up to the county."""
    village, site = event.village, event.site
    names = [site.name] if site else []
    if village:
        names += [village.name, village.township.name, village.township.parent.name]
    elif site:
        names += [site.address, site.county.name]
    return " · ".join(name for name in names if name)


def _about(event: Event) -> list[str]:
    programme = event.programme
    kind = [str(programme.get_kind_display()), programme.series]
    lines = [
        place(event),
        " · ".join(each for each in kind if each),
        programme.topics and _("法律主题:%(topics)s") % {"topics": programme.topics},
        event.troupe and _("演出队:%(name)s") % {"name": event.troupe.name},
        event.campaign and _("专项:%(name)s") % {"name": event.campaign},
        _("状态:%(status)s") % {"status": event_status(event)},
        event.moved_from and _("改期:原定 %(when)s") % {"when": _when(event.moved_from)},
        event.moved_place and _("改地点:原在 %(place)s") % {"place": event.moved_place},
    ]
    if event.source == Source.DEMONSTRATION:
        lines.append(_("这是演示数据,不是真实活动。"))
    return [line for line in lines if line]


def _when(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"


def _at(record: object) -> tuple[float, float] | None:
    location: GeoPoint | None = getattr(record, "location", None)
    return (location.x, location.y) if location else None


def stops_of(tour: Tour) -> list[Stop]:
    """A tour's stops in order of day, team and time, with all that is told of them; one query."""
    outlines = ("village__township__boundary", "village__township__parent__boundary")
    about = ("day", "village__township__parent", "site", "event", "village__contact")
    found = tour.stops.select_related(*about).defer(*outlines, "site__footprint")
    return list(found.order_by("day__date", "day__team", "order"))


def crews_of(tour: Tour) -> dict[int, Crew]:
    """A tour's teams by number; none where nobody knows where they start from."""
    try:
        return dict(enumerate(crews(tour), 1))
    except NoHomeError:
        return {}


def team_names(teams: Mapping[int, Crew]) -> dict[int, str]:
    """What each team is called; 1 队, 2 队 … those that are not on record."""
    plain = {n: _("%(n)d 队") % {"n": n} for n in range(1, MAX_TEAMS + 1)}
    return plain | {n: crew.name for n, crew in teams.items()}


def position(stop: Stop) -> tuple[float, float] | None:
    """Where a stop is: at its site, else at the village's own point."""
    return _at(stop.site or stop.village)


def starts(tour: Tour, stop: Stop) -> datetime.datetime:
    """When the programme begins: its event's word, else once everything is set up."""
    if stop.event:
        return stop.event.starts_at
    begins = stop.begin + datetime.timedelta(minutes=tour.programme.setup_minutes)
    return begins if begins < stop.leave else stop.begin


def ends(tour: Tour, stop: Stop) -> datetime.datetime:
    """When the programme is over: its event's word, else when the team leaves."""
    if stop.event:
        return stop.event.ends_at
    return max(stop.leave, starts(tour, stop) + datetime.timedelta(minutes=1))


def is_off(stop: Stop) -> bool:
    """Whether nobody goes there: the village declined, or its event is cancelled."""
    if stop.event and stop.event.status == Status.CANCELLED:
        return True
    return stop.state == StopState.DECLINED


def tour_entries(tour: Tour, absolute: Absolute) -> list[Entry]:
    """A tour's stops for its team's calendars: with how to get there, without whom to call.

    A draft's stop is known by its tour and village; once it has an event it is that event, as in
    every other calendar of ours, with the same sequence: what moves the stop moves its event.
    What a confirmed tour no longer visits stays, cancelled.
    """
    stops, names = stops_of(tour), team_names(crews_of(tour))
    about = ("event__programme", "event__site", "event__village", "village__township__parent")
    gone = list(tour.called_off.select_related(*about))
    revised = revisions(each.event_id for each in (*stops, *gone) if each.event_id)
    version = tour.versions.order_by("-made_at").values_list("made_at", flat=True).first()
    own = (tour.version, max(filter(None, (version, tour.confirmed_at, tour.made_at))))
    entries = [_stop_entry(tour, stop, names, _revision(stop, revised, own)) for stop in stops]
    entries += [_gone_entry(each, names, _revision(each, revised, own)) for each in gone]
    return [replace(entry, url=absolute(entry.url)) for entry in entries]


def _revision(each: Stop | CalledOff, revised: dict[str, Revision], own: Revision) -> Revision:
    """A draft's stop changes with its tour; else its event does, though the tour may tell more."""
    if not each.event_id:
        return own
    sequence, changed = revised.get(each.event_id, (0, own[1]))
    return sequence, max(changed, own[1])


def _uid(each: Stop | CalledOff) -> str:
    return uid(each.event_id or f"tour-{each.tour_id}-{each.village_id}")


def _stop_entry(tour: Tour, stop: Stop, names: dict[int, str], revision: Revision) -> Entry:
    event, village = stop.event, stop.village
    page = ("event", event.code) if event else ("village", stop.village_id)
    where = [stop.site.name] if stop.site else []
    where += [village.name, village.township.name, village.township.parent.name]
    return Entry(
        uid=_uid(stop),
        sequence=revision[0],
        changed=revision[1],
        starts=starts(tour, stop),
        ends=ends(tour, stop),
        summary=f"{names[stop.day.team]} · {village.name} · {tour.programme.name}",
        place=" · ".join(where),
        about="\n".join(way(tour, stop)),
        url=reverse(page[0], args=[page[1]]),
        status=_stop_status(stop),
        at=position(stop),
    )


def _gone_entry(gone: CalledOff, names: dict[int, str], revision: Revision) -> Entry:
    event, village = gone.event, gone.village
    title = f"{names[gone.team]} · {village.name} · {event.programme.name}"
    return Entry(
        uid=_uid(gone),
        sequence=revision[0],
        changed=revision[1],
        starts=event.starts_at,
        ends=event.ends_at,
        summary=_("已取消:%(title)s") % {"title": title},
        place=" · ".join([village.name, village.township.name, village.township.parent.name]),
        about=_("这次巡演不再去这里。"),
        url=reverse("event", args=[event.code]),
        status="CANCELLED",
        at=_at(event.site or village),
    )


def _stop_status(stop: Stop) -> str:
    if stop.event:
        return SAID[Status(stop.event.status)]
    return "CANCELLED" if stop.state == StopState.DECLINED else "TENTATIVE"


def hour(moment: datetime.datetime) -> str:
    """08:30, in Shanghai."""
    return f"{moment.astimezone(clock.SHANGHAI):%H:%M}"


def kilometres(metres: int) -> str:
    """12.3, and 0.4 for 400 metres."""
    return f"{metres / 1000:.1f}"


def way(tour: Tour, stop: Stop) -> list[str]:
    """How a stop is reached and what happens there, a line each."""
    words = (
        _("车程 %(minutes)d 分钟,%(km)s 公里")
        if tour.travel and not stop.drive_estimated
        else _("车程约 %(minutes)d 分钟,%(km)s 公里(估算)")
    )
    times = {
        "arrive": hour(stop.arrive),
        "begin": hour(stop.begin),
        "start": hour(starts(tour, stop)),
        "leave": hour(stop.leave),
    }
    return [
        words % {"minutes": stop.drive_min, "km": kilometres(stop.drive_m)},
        _("%(arrive)s 到达,%(begin)s 布置,%(start)s 开始,%(leave)s 离开") % times,
        _("村里:%(state)s") % {"state": stop.get_state_display()},
    ]


def routes(tour: Tour) -> list[Route]:
    """A route for each team and day: its stops, and the bed where it sleeps away from home."""
    stops, names = stops_of(tour), team_names(crews_of(tour))
    days = tour.team_days.select_related("sleeps_at").order_by("date", "team")
    found = []
    for day in days:
        points = [_stop_point(tour, stop) for stop in stops if stop.day_id == day.pk]
        here = tuple(point for point in [*points, bed(day)] if point)
        if here:
            about = _("%(leaves)s 出发,%(back)s 到住处")
            times = {"leaves": hour(day.leaves_at), "back": hour(day.back_at)}
            found.append(Route(f"{names[day.team]} {day.date}", about % times, here))
    return found


def _stop_point(tour: Tour, stop: Stop) -> Point | None:
    at = position(stop)
    if at is None or is_off(stop):
        return None
    about = "; ".join(way(tour, stop))
    return Point(*at, stop.village.name, "stop", stop.arrive, about)


def bed(day: TourDay) -> Point | None:
    """Where a team sleeps after a day; None at home."""
    lodging = day.sleeps_at
    if lodging is None:
        return None
    where = lodging.location
    return Point(where.x, where.y, lodging.name, "bed", day.back_at, _("住宿"))
