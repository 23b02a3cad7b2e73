"""Queries on places that read as sentences. Days and moments are arguments, never read inside."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from sites import access
from sites.choices import LISTED_KINDS, LISTED_TIERS, Level, RemarkStatus


class RegionQuerySet(models.QuerySet):
    def counties(self) -> Self:
        return self.filter(level=Level.COUNTY)

    def within(self, code: str) -> Self:
        """The division with this code and all below it; a blank code is everywhere."""
        return self.filter(code__startswith=code) if code else self


class VillageQuerySet(models.QuerySet):
    def called(self, text: str) -> Self:
        """Whose name, or that of whose township or county, holds each word of the text; or code."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(name__icontains=word)
                | Q(code=word)
                | Q(township__name__icontains=word)
                | Q(township__parent__name__icontains=word)
            )
        return found

    def within(self, code: str) -> Self:
        """Villages of the division with this code (a prefix of theirs); blank: everywhere."""
        return self.filter(code__startswith=code) if code else self

    def editable_by(self, user: access.User) -> Self:
        """Villages that the user may edit."""
        return self.filter(access.prefix_filter(access.divisions(user, "village"), "code"))


class SiteQuerySet(models.QuerySet):
    def open_on(self, day: datetime.date) -> Self:
        """Open on a day: `opened_on ≤ day < closed_on`, a missing date being unbounded."""
        return self.filter(
            Q(opened_on=None) | Q(opened_on__lte=day), Q(closed_on=None) | Q(closed_on__gt=day)
        )

    def listed(self) -> Self:
        """What the published count of sites counts: squares, parks, corridors, bases of city and county."""
        return self.filter(kind__in=LISTED_KINDS, tier__in=LISTED_TIERS)

    def within(self, code: str) -> Self:
        """Sites of the division with this code: by their county, or below it by their village.

        A blank code is everywhere.
        """
        if not code:
            return self
        if len(code) <= 6:
            return self.filter(county__code__startswith=code)
        return self.filter(village__code__startswith=code)

    def editable_by(self, user: access.User) -> Self:
        """Sites that the user may edit."""
        return self.filter(access.prefix_filter(access.divisions(user, "site"), "county__code"))


class RemarkQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Nobody has answered them yet."""
        return self.filter(status=RemarkStatus.OPEN)

    def editable_by(self, user: access.User) -> Self:
        """Remarks that the user may read and answer."""
        return self.filter(access.prefix_filter(access.divisions(user, "remark"), "county__code"))


class StandardQuerySet(models.QuerySet):
    def effective_on(self, day: datetime.date) -> Self:
        """The version of every standard that is in effect on a day: the latest begun, not ended."""
        begun = self.filter(effective_from__lte=day).order_by("code", "-effective_from")
        latest = begun.distinct("code").values("pk")
        return self.filter(pk__in=latest).exclude(effective_to__lte=day)
