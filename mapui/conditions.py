"""The filters of a list of events in words: what a form does not ask for, and so must carry on."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from events.choices import Audience, Status


@dataclass(frozen=True)
class Condition:
    """A parameter as the address has it, and what it says."""

    name: str
    value: str
    told: str


def conditions(query: QueryDict) -> list[Condition]:
    """The conditions that an address sets beyond dates, kind and county; checked before."""
    names = {
        "status": _("状态"),
        "audience": _("对象"),
        "series": _("系列"),
        "campaign": _("专项"),
        "troupe": _("演出队"),
        "host": _("主办"),
        "site": _("场所"),
        "village": _("村(社区)"),
        "counted": _("有人数记录"),
        "overdue": _("逾期未登记"),
    }
    labels = {**dict(Status.choices), **dict(Audience.choices)}
    labels |= {"true": _("是"), "false": _("否")}
    found = []
    for name, label in names.items():
        value = ",".join(filter(None, query.getlist(name)))
        words = _("、").join(str(labels.get(word, word)) for word in value.split(","))
        if value:
            found.append(
                Condition(name, value, _("%(label)s:%(words)s") % {"label": label, "words": words})
            )
    return found
