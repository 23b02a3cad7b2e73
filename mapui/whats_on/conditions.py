"""The filters of a list of events in words, each with the address that goes without it."""

from dataclasses import dataclass

from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext as _

from events.choices import Audience, Language, Status
from events.models import Programme, Troupe
from mapui.filters import Agenda
from mapui.whats_on import nearby
from mapui.whats_on.nearby import WITHIN_M
from sites.choices import EventKind
from sites.models import Organ, Region, Site, Village

# What says which days are shown and how, not which events.
LAYOUT = ("from", "to", "view", "page", "place")
_LABELS = {
    **dict(EventKind.choices),
    **dict(Status.choices),
    **dict(Audience.choices),
    **dict(Language.choices),
}


@dataclass(frozen=True)
class Condition:
    """A parameter as the address has it, what it says, and the query string without it."""

    name: str
    value: str
    told: str
    without: str


def conditions(query: QueryDict, asked: Agenda) -> list[Condition]:
    """The conditions that an address sets on events, beyond days; checked before."""
    told = _told(asked)
    found = []
    for name, words in told.items():
        value = ",".join(filter(None, query.getlist(name)))
        if value and words:
            gone = ("near", "within") if name == "near" else (name,)
            found.append(Condition(name, value, words, without(query, "page", *gone)))
    return found


def without(query: QueryDict, *names: str) -> str:
    """The query string of an address but for some parameters."""
    kept = query.copy()
    for name in names:
        kept.pop(name, None)
    return kept.urlencode()


def _told(asked: Agenda) -> dict[str, str]:
    """What each parameter says in words; those that say nothing are blank."""
    return {
        "kind": _choices(asked.kind),
        "language": _choices(asked.language),
        "audience": _choices(asked.audience),
        "status": _choices(asked.status),
        "region": _named(Region, asked.region),
        "campaign": asked.campaign,
        "series": asked.series,
        "site": _named(Site, asked.site),
        "village": _named(Village, asked.village),
        "troupe": _named(Troupe, asked.troupe),
        "programme": _named(Programme, asked.programme),
        "host": _pair(_("主办"), _named(Organ, asked.host)),
        "near": _near(asked),
        "counted": _yes_no(_("有人数记录"), asked.counted),
        "overdue": _yes_no(_("逾期未登记"), asked.overdue),
    }


def _choices(values: tuple[str, ...]) -> str:
    return _("、").join(str(_LABELS[value]) for value in values)


def _named(model: type[Model], code: str) -> str:
    """What a record is called; its code where it is not there; "" for none."""
    if not code:
        return ""
    found = model._default_manager.filter(pk=code)
    return found.values_list("name", flat=True).first() or code


def _near(asked: Agenda) -> str:
    if not asked.near:
        return ""
    model = Village if nearby.is_village(asked.near) else Site
    words = {"place": _named(model, asked.near), "km": f"{(asked.within or WITHIN_M) / 1000:g}"}
    return _("离%(place)s %(km)s 公里以内") % words


def _pair(label: str, words: str) -> str:
    return _("%(label)s:%(words)s") % {"label": label, "words": words} if words else ""


def _yes_no(label: str, value: bool | None) -> str:
    return "" if value is None else _pair(label, _("是") if value else _("否"))
