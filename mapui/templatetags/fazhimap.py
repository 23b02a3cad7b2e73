"""Template filters: a kind's one-character badge, distances, shares, a standard's sentence."""

import datetime

import numpy as np
from django import template
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from events.models import Event
from mapui.outward import short_links
from mapui.words import GLYPHS, event_status
from sites import clock, roads, sentences, travel
from sites.choices import Facility, SiteKind
from sites.models import Coverage, Site, Standard, Village

register = template.Library()
COARSE_M = 10  # what the fourth decimal of a degree tells apart


@register.filter
def glyph(kind: str) -> str:
    """The character that stands for a kind of site."""
    return GLYPHS[SiteKind(kind)]


@register.filter
def status(event: Event) -> str:
    """How an event stands, as everybody is told."""
    return event_status(event)


@register.filter
def short_link(code: str, kind: str) -> str:
    """The path of the short address of a site, an event or a village."""
    return short_links.short(kind, code)


@register.filter
def day(moment: datetime.datetime) -> str:
    """The Shanghai date as 11月25日, with the year where it is not this year's."""
    local = timezone.localtime(moment)
    pattern = _("n月j日") if local.year == clock.today().year else _("Y年n月j日")
    return date_format(local, pattern)


@register.filter
def weekday(moment: datetime.datetime | datetime.date) -> str:
    """The short name of the day of the week, of a moment in Shanghai: 周三."""
    names = [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]
    timed = isinstance(moment, datetime.datetime)
    return names[(timezone.localtime(moment) if timed else moment).weekday()]


@register.filter
def day_word(moment: datetime.datetime) -> str:
    """A day of the coming week as people say it: 今天, 明天, 周六; else as the date."""
    local = timezone.localtime(moment)
    ahead = (local.date() - clock.today()).days
    if ahead in (0, 1):
        return [_("今天"), _("明天")][ahead]
    return weekday(moment) if 1 < ahead < 7 else day(moment)


@register.filter
def metres(distance: float | None, error: float = 0) -> str:
    """A distance as people say it: 850 米, 约 12.3 公里; a dash where there is none.

    `error`, in metres, is that of the positions that it lies between.
    """
    return "—" if distance is None else sentences.distance(distance, error)


@register.filter
def distance_from(fact: Coverage, village: Village) -> str:
    """How far the place that decides is from the village, with the errors of both.

    Only that it is in the village where the errors are as large as the distance.
    """
    if not fact.nearest or fact.distance_m is None:
        return metres(fact.distance_m)
    error = village.position_error_m + fact.nearest.position_error_m
    if fact.nearest.village_id == village.code and fact.distance_m <= error:
        return _("在村内")
    return metres(fact.distance_m, error)


@register.filter
def journey_from(fact: Coverage, village: Village) -> str:
    """How long the way from the village to the place that decides takes; "" where none is asked."""
    if fact.standard.max_minutes is None or not fact.nearest or fact.distance_m is None:
        return ""
    pace = travel.speed(roads.speeds(), village.setting, clock.today().month)
    told = roads.told(
        np.array([village.location.coords]),
        [fact.nearest_id],
        np.array([fact.distance_m]),
        [pace],
    )
    return sentences.journey(float(told.values[0]), bool(told.by_road[0]), pace)


@register.filter
def speed_source(pace: travel.Speed) -> str:
    """Where a speed comes from."""
    return sentences.speed_source(pace)


@register.filter
def deciding(standard: Standard) -> str:
    """Which qualifying place decides: the nearest, or the k-th where a standard asks for k."""
    if standard.min_count > 1:
        return _("第 {k} 近的合格场所").format(k=standard.min_count)
    return _("最近的合格场所")


@register.filter
def coordinates(record: Site | Village) -> str:
    """Latitude and longitude in degrees, as finely as the position is known."""
    digits = 5 if record.position_error_m < COARSE_M else 4
    return f"{record.location.y:.{digits}f}, {record.location.x:.{digits}f}"


@register.filter
def facilities(values: list[str]) -> str:
    """Facilities by name: 电源、座椅."""
    return _("、").join(str(Facility(value).label) for value in values)


@register.filter
def percent(share: float | None) -> str:
    """A share from 0 to 1 as per cent without a fraction; 100 only where nothing is missing."""
    if share is None:
        return "—"
    return f"{int(share * 100 + 1e-9)}%"


@register.filter
def signed(number: int) -> str:
    """A change: +3, −2, 0."""
    return f"{number:+d}".replace("-", "−") if number else "0"


@register.filter
def sentence(standard: Standard) -> str:
    """The standard in words."""
    return sentences.sentence(standard)


@register.filter
def as_of(moment: datetime.datetime) -> str:
    """The Shanghai time as 15:04, with the day where it is not today's."""
    local = timezone.localtime(moment)
    time = date_format(local, "H:i")
    return time if local.date() == clock.today() else f"{day(moment)} {time}"
