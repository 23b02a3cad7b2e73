"""Template filters: a kind's one-character badge, distances, shares, a standard's sentence."""

import datetime

from django import template
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from mapui.words import GLYPHS
from sites import clock, sentences
from sites.choices import SiteKind
from sites.models import Standard

register = template.Library()


@register.filter
def glyph(kind: str) -> str:
    """The character that stands for a kind of site."""
    return GLYPHS[SiteKind(kind)]


@register.filter
def day(moment: datetime.datetime) -> str:
    """The Shanghai date as 11月25日, with the year where it is not this year's."""
    local = timezone.localtime(moment)
    pattern = _("n月j日") if local.year == clock.today().year else _("Y年n月j日")
    return date_format(local, pattern)


@register.filter
def weekday(moment: datetime.datetime) -> str:
    """The short name of the day of the week in Shanghai: 周三."""
    names = [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]
    return names[timezone.localtime(moment).weekday()]


@register.filter
def metres(distance: float | None) -> str:
    """A distance as people say it: 850 米, 12.3 公里; a dash where there is none."""
    if distance is None:
        return "—"
    if distance < 1000:
        return _("%(m)d 米") % {"m": round(distance)}
    return _("%(km).1f 公里") % {"km": distance / 1000}


@register.filter
def percent(share: float | None) -> str:
    """A share from 0 to 1 as per cent without a fraction; 100 only where nothing is missing."""
    if share is None:
        return "—"
    return f"{int(share * 100 + 1e-9)}%"


@register.filter
def sentence(standard: Standard) -> str:
    """The standard in words."""
    return sentences.sentence(standard)
