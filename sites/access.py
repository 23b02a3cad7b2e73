"""Who may edit what: roles by group, places by division. Views, API, admin and import all ask here.

A superuser edits everything. A planner edits standards, scenarios, organs, reports and the speeds
of travel, a troupe its programmes and events, everywhere; both plan tours, with the local calendar and the villages'
requests, a troupe with its teams, lodgings and contacts too. A steward edits villages with their
contacts, calendar and requests, sites and events, and what people say of both, in the divisions that `CountyRight` names, and
nothing elsewhere.
"""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q

User = AbstractBaseUser | AnonymousUser

ROLES = ("planner", "troupe", "steward")
EVERYWHERE = {
    "planner": {
        *("standard", "scenario", "organ", "report", "travel_speed"),
        *("tour", "occasion", "request"),
    },
    "troupe": {
        *("troupe", "team", "programme", "event", "tour"),
        *("lodging", "occasion", "contact", "request"),
    },
}
IN_DIVISIONS = {"steward": {"village", "site", "event", "occasion", "contact", "request", "remark"}}


def divisions(user: User, kind: str) -> tuple[str, ...]:
    """Code prefixes in which the user may edit records of a kind ("site", "event" …).

    ("",) is everywhere, () is nowhere.
    """
    if not user.is_active:
        return ()
    if user.is_superuser:
        return ("",)
    roles = {group.name for group in user.groups.all()}
    if any(kind in EVERYWHERE.get(role, ()) for role in roles):
        return ("",)
    if any(kind in IN_DIVISIONS.get(role, ()) for role in roles):
        return tuple(right.region_id for right in user.county_rights.all())
    return ()


def may_edit(user: User, kind: str, *codes: str) -> bool:
    """Whether the user may edit a record of a kind that lies in divisions with these codes.

    Every code must lie in one of the user's divisions; without a code, any division will do.
    """
    prefixes = divisions(user, kind)
    return bool(prefixes) and all(code.startswith(prefixes) for code in codes)


def has_role(user: User, *roles: str) -> bool:
    """Whether the user is an active member of one of the groups, or a superuser."""
    return user.is_active and (user.is_superuser or user.groups.filter(name__in=roles).exists())


def prefix_filter(prefixes: tuple[str, ...], *paths: str) -> Q:
    """A condition: a code at one of the field paths begins with one of the prefixes."""
    if not prefixes:
        return Q(pk__in=[])
    if "" in prefixes:
        return ~Q(pk__in=[])  # not Q(): that one vanishes when joined with |
    return Q(
        *[Q(**{f"{path}__startswith": prefix}) for path in paths for prefix in prefixes],
        _connector=Q.OR,
    )
