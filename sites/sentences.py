"""A standard as the sentence that it is."""

import math

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from sites.choices import EventKind, Setting, SiteKind, Subject, Tier
from sites.models import Standard
from sites.travel import Speed

ROUGH_M = 100  # from this error on a distance is only about right


def distance(metres: float, error: float = 0) -> str:
    """A distance as people say it: 850 米, 约 12.3 公里. numbers.js has the same rule.

    `error`, in metres, is that of the positions that it lies between.
    """
    tens = math.floor(metres / 10 + 0.5) * 10
    if tens < 1000:
        text = _("{n} 米").format(n=tens)
    else:
        text = _("{n} 公里").format(n=f"{metres / 1000:.1f}")
    return _("约 {distance}").format(distance=text) if error > ROUGH_M else text


def journey(minutes: float, by_road: bool, pace: Speed) -> str:
    """How long a way takes, and how that is known: 约 23 分钟路程(估计:直线×1.3,40 公里/时).

    Begun minutes count; inf is where no road leads.
    """
    if math.isinf(minutes):
        return _("没有道路可到")
    whole = math.ceil(minutes - 1e-9)
    if by_road:
        return _("%(minutes)d 分钟路程(按道路)") % {"minutes": whole}
    return _("约 %(minutes)d 分钟路程(估计:直线×%(detour)g,%(kmh)g 公里/时)") % {
        "minutes": whole,
        "detour": pace.detour,
        "kmh": pace.kmh,
    }


def speed_source(pace: Speed) -> str:
    """Where a speed comes from."""
    return pace.source or _("默认的经验值,可在后台“路程速度”里改")


def sentence(standard: Standard) -> str:
    """The standard in words, for pages, reports and the API."""
    clauses = []
    if standard.kinds:
        clauses.append(_place_clause(standard))
    if standard.months:
        clauses.append(_reach_clause(standard))
    words = _("每个%(subject)s%(clauses)s。") % {
        "subject": _subject(standard),
        "clauses": _(",且").join(clauses),
    }
    return " ".join(words.split())  # what is left out leaves two spaces in English


def _subject(standard: Standard) -> str:
    return _("%(settings)s%(subject)s") % {
        "settings": _names(Setting, standard.settings),
        "subject": Subject(standard.subject).label.lower(),
    }


def _place_clause(standard: Standard) -> str:
    return _("%(where)s至少有 %(count)d 处开放的%(tiers)s%(kinds)s") % {
        "where": _where(standard),
        "count": standard.min_count,
        "tiers": _names(Tier, standard.tiers),
        "kinds": _names(SiteKind, standard.kinds, last=_("或")),
    }


def _reach_clause(standard: Standard) -> str:
    people = ""
    if standard.min_attendance:
        people = _("、每场 %(people)d 人以上的") % {"people": standard.min_attendance}
    return _("近 %(months)d 个月内至少办过 %(count)d 场%(people)s%(kinds)s") % {
        "months": standard.months,
        "count": standard.min_events,
        "people": people,
        "kinds": _events(standard.event_kinds),
    }


def _where(standard: Standard) -> str:
    if standard.max_minutes is not None:
        return _("在 %(minutes)d 分钟路程内") % {"minutes": standard.max_minutes}
    limit = standard.max_distance_m
    if limit is None:
        return _("内")
    if isinstance(limit, dict):
        each = [
            f"{Setting(name).label.lower()} {_kilometres(metres)}" for name, metres in limit.items()
        ]
        return _("在一定距离(%(each)s)内") % {"each": _("、").join(each)}
    return _("在 %(distance)s内") % {"distance": _kilometres(limit)}


def _kilometres(metres: float) -> str:
    if metres < 1000:
        return _("%(m)g 米") % {"m": metres}
    return _("%(km)g 公里") % {"km": metres / 1000}


def _events(kinds: list[str]) -> str:
    if not kinds or set(kinds) == set(EventKind.values):
        return pgettext("of any kind", "活动")
    return _names(EventKind, kinds, last=_("或"))


def _names(choices: type, chosen: list[str], last: str = "") -> str:
    """Labels in the order of the list of choices: "市级、县级"; `last` comes before the last.

    Without capitals: they are in the middle of a sentence.
    """
    names = [choice.label.lower() for choice in choices if choice.value in chosen]
    if len(names) > 1:
        last = last or pgettext("before the last", "、")
        return _("、").join(names[:-1]) + last + names[-1]
    return "".join(names)
