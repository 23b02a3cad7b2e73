"""Template tags for being found: Open Graph, the canonical address, JSON-LD."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from events.models import Event
from mapui.exports.cards import WIDE
from mapui.outward import addresses, linked_data
from mapui.words import headline
from sites.models import Site, Village

register = template.Library()

# What could end the script, or begin another.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
LOCALES = {"zh-hans": "zh_CN", "en": "en_US"}


@register.filter
def described(record: Site | Village | Event) -> str:
    """A sentence for those who find the page elsewhere."""
    return linked_data.described(record)


@register.filter
def headed(event: Event) -> str:
    """The name of an event, after that it is moved or cancelled where it is."""
    return headline(event, event.programme.name)


@register.simple_block_tag
def words(content: str) -> str:
    """What stands inside, to be kept under a name and said in several places."""
    return content


@register.filter
def state_of(event: Event) -> str:
    """What changes when an event is moved or called off."""
    told = f"{event.status} {event.starts_at} {event.ends_at} {event.site_id} {event.village_id}"
    return hashlib.blake2b(told.encode(), digest_size=4).hexdigest()


@register.inclusion_tag("mapui/social.html", takes_context=True)
def social(
    context: Context, title: str = "", about: str = "", picture: str = "", state: str = ""
) -> dict[str, Any]:
    """The canonical address of a page and what messengers show of it; `picture` is a path.

    Messengers keep a picture by its address for long: with another `state` it has another one.

    The address goes without a query: filters and pages of a list are no pages of their own. There
    is no hreflang: both languages are at one address, by the reader's choice.
    """
    request = context.get("request")
    if request is None:
        return {}
    absolute, name = addresses.absolute(request), str(context.get("site_name", ""))
    return {
        "title": _without_suffix(title, name),
        "about": about,
        "picture": absolute(picture or reverse("city_card")) + (state and f"?v={state}"),
        "alt": _("“%(name)s”周围的地图") % {"name": title if picture else name},
        "width": WIDE[0],
        "height": WIDE[1],
        "canonical": absolute(
            reverse("home") if request.path == reverse("embed") else request.path
        ),
        "site_name": context.get("site_name"),
        "locale": LOCALES.get(get_language() or "", "zh_CN"),
    }


def _without_suffix(title: str, name: str) -> str:
    """A page's title without the site's name, which messengers are told beside it."""
    if not isinstance(title, SafeString):
        return title
    return mark_safe(title.removesuffix(escape(f" · {name}")))  # noqa: S308 — a part of what is safe


@register.simple_tag(takes_context=True)
def linked(context: Context, record: Site | Village | Event) -> SafeString:
    """The record and the way to it as JSON-LD: data, which no policy needs to allow as a script."""
    request: HttpRequest = context["request"]
    absolute = addresses.absolute(request)
    way = linked_data.crumbs(_way(record), absolute)
    return mark_safe(_script(linked_data.linked(record, absolute)) + _script(way))  # noqa: S308 — escaped


@register.simple_tag(takes_context=True)
def linked_website(context: Context) -> SafeString:
    """This website, and how it is searched, as JSON-LD."""
    absolute = addresses.absolute(context["request"])
    return mark_safe(_script(linked_data.website(str(context["site_name"]), absolute)))  # noqa: S308 — escaped


@register.simple_tag(takes_context=True)
def linked_list(context: Context, events: Iterable[Event]) -> SafeString:
    """A list of events as JSON-LD; nothing of an empty one."""
    data = linked_data.listed(events, addresses.absolute(context["request"]))
    return mark_safe(_script(data) if data["itemListElement"] else "")  # noqa: S308 — escaped


def _script(data: linked_data.Linked) -> str:
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return f'<script type="application/ld+json">{text}</script>'


def _way(record: Site | Village | Event) -> list[tuple[str, str]]:
    home = (_("地图"), reverse("home"))
    if isinstance(record, Event):
        events = (pgettext("plural", "活动"), reverse("events"))
        return [home, events, (record.programme.name, reverse("event", args=[record.pk]))]
    page = "site" if isinstance(record, Site) else "village"
    return [home, (record.name, reverse(page, args=[record.pk]))]
