"""Queries on events that read as sentences. Moments and days are arguments, never read inside."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf

from events.choices import RequestStatus, Status
from sites import access, clock
from sites.models import Site, Village

ABOUT = ("programme", "troupe", "site__county", "site__village", "village__township__parent")
# Outlines are large, and no card shows them.
OUTLINES = (
    "site__footprint",
    "site__county__boundary",
    "village__township__boundary",
    "village__township__parent__boundary",
)


OPEN = (Status.PLANNED, Status.CONFIRMED)  # neither held nor cancelled
LASTS = F("ends_at") - F("starts_at")


def _history(event: type[models.Model]) -> models.Manager:
    """Every version of every event."""
    return event._meta.get_field("history").related_model.objects


def former_start(event: type[models.Model]) -> Case:
    """When an event was first to begin.

    None where it begins at that time, maybe again, and of what is held or cancelled.
    """
    first = _history(event).filter(pgh_obj=OuterRef("pk")).order_by("pgh_id")
    former = NullIf(Subquery(first.values("starts_at")[:1]), F("starts_at"))
    return Case(When(status__in=OPEN, then=former))


def _former_code(event: type[models.Model]) -> Case:
    """The code of the site, else of the village, where an event was first to be.

    None where that is still its site or its village, and of what is held or cancelled.
    """
    first = _history(event).filter(pgh_obj=OuterRef("pk")).order_by("pgh_id")
    code = Subquery(first.annotate(place=Coalesce("site", "village")).values("place")[:1])
    return Case(When(status__in=OPEN, then=NullIf(NullIf(code, F("site")), F("village"))))


class EventQuerySet(models.QuerySet):
    def upcoming(self, now: datetime.datetime) -> Self:
        """Not over yet and not cancelled, the soonest first."""
        return self.not_over(now).exclude(status=Status.CANCELLED).order_by("starts_at")

    def to_come(self, now: datetime.datetime) -> Self:
        """Not over yet, the soonest first; cancelled ones too, so that nobody goes in vain."""
        return self.not_over(now).order_by("starts_at", "code")

    def not_over(self, now: datetime.datetime) -> Self:
        """Ending now or later.

        None of them began longer ago than the longest of all events lasts. Said to the database,
        this lets it begin there to read them in their order, and not with the first of all times.
        """
        longest = self.model.objects.order_by(LASTS.desc()).values(lasts=LASTS)[:1]
        return self.filter(ends_at__gte=now, starts_at__gte=Value(now) - Subquery(longest))

    def held_before(self, now: datetime.datetime) -> Self:
        """Recorded as held, the latest first."""
        return self.filter(status=Status.HELD, starts_at__lte=now).order_by("-starts_at")

    def is_overdue(self, now: datetime.datetime) -> Q:
        """The condition: over, and recorded neither as held nor as cancelled."""
        return Q(status__in=OPEN, ends_at__lt=now)

    def overdue(self, now: datetime.datetime) -> Self:
        """Over, and recorded neither as held nor as cancelled."""
        return self.filter(self.is_overdue(now))

    def between(self, first: datetime.date | None, last: datetime.date | None) -> Self:
        """Starting on Shanghai days first … last, both included; None leaves a side open."""
        events = self
        if first:
            events = events.filter(starts_at__gte=clock.midnight(first))
        if last:
            events = events.filter(starts_at__lt=clock.midnight(last + datetime.timedelta(days=1)))
        return events

    def within(self, code: str) -> Self:
        """At a site or a village of the division with this code."""
        at_site = {"site__county__code__startswith": code[:6]}
        if len(code) > 6:
            at_site = {"site__village__code__startswith": code}
        return self.any_of(Q(**at_site), Q(village__code__startswith=code))

    def in_village(self, code: str) -> Self:
        """Held in the village: in itself, at one of its sites, or naming it as reached."""
        return self.any_of(Q(village=code), Q(site__village=code), Q(reach__village=code))

    def any_of(self, *conditions: Q) -> Self:
        """Those that meet one of the conditions, each looked for by its own index."""
        first, *others = (self.model.objects.filter(each).values("pk") for each in conditions)
        return self.filter(pk__in=first.order_by().union(*(each.order_by() for each in others)))

    def with_places(self) -> Self:
        """Everything that a card about an event shows, in one query."""
        moved = self.with_former_start().with_former_place()
        return moved.select_related(*ABOUT).defer(*OUTLINES)

    def with_former_start(self) -> Self:
        """`moved_from`, as `former_start` has it."""
        return self.annotate(moved_from=former_start(self.model))

    def with_former_place(self) -> Self:
        """`moved_place`: the name of the place where it was first to be, and is not now, else None."""
        names = [
            Subquery(model.objects.filter(pk=OuterRef("_former_code")).values("name"))
            for model in (Site, Village)
        ]
        return self.alias(_former_code=_former_code(self.model)).annotate(
            moved_place=Coalesce(*names)
        )

    def bound_for(self, here: Self, **place: str) -> Self:
        """Those `here`, and those once to be at this `site` or `village` (its code), wherever now."""
        once = _history(self.model).filter(**place).values("pgh_obj")
        return self.any_of(Q(pk__in=here.order_by().values("pk")), Q(pk__in=once, status__in=OPEN))

    def moved_away(self, first: datetime.date, last: datetime.date, now: datetime.datetime) -> Self:
        """Yet to come, and at first to begin on Shanghai days first … last."""
        end = clock.midnight(clock.day_after(last))
        begun = Q(moved_from__gte=clock.midnight(first), moved_from__lt=end)
        coming = self.not_over(now).filter(status__in=OPEN)
        return coming.with_former_start().filter(begun).order_by("moved_from", "code")

    def editable_by(self, user: access.User) -> Self:
        """Events that the user may edit: both their site and their village, where they have them."""
        prefixes = access.divisions(user, "event")
        return self.filter(
            Q(site=None) | access.prefix_filter(prefixes, "site__county__code"),
            Q(village=None) | access.prefix_filter(prefixes, "village__code"),
        )


class RequestQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Without a date: open, handed on, or arranged for an event that is cancelled or gone."""
        lost = Q(event=None) | Q(event__status=Status.CANCELLED)
        open_ones = Q(status__in=(RequestStatus.OPEN, RequestStatus.HANDED))
        return self.filter(open_ones | Q(lost, status=RequestStatus.ARRANGED))

    def counted(self) -> Self:
        """Without those in which the same sender asks for the same again."""
        return self.filter(repeats=None)

    def for_troupes(self) -> Self:
        """Those that no organ has taken on, which a tour may answer."""
        return self.filter(organ=None)

    def satisfied_by(self, kind: str, languages: list[str]) -> Self:
        """Those that a programme of this kind, in these languages, satisfies."""
        return self.filter(kind__in=["", kind], language__in=["", *languages])

    def editable_by(self, user: access.User) -> Self:
        """Requests that the user may read and answer."""
        return self.filter(access.prefix_filter(access.divisions(user, "request"), "village__code"))
