"""Places by a part of their name."""

import datetime
from dataclasses import dataclass

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.db.models.functions import PointOnSurface
from django.db.models import Case, FloatField, Func, Q, QuerySet, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Length
from django.http import HttpRequest, HttpResponse
from ninja import Router

from mapui import filters
from mapui.api.replies import READ, json_reply, reads
from sites import clock
from sites.choices import LISTED_KINDS, LISTED_TIERS, SiteKind
from sites.models import Region, Site, Village

router = Router(tags=["places"])

RANK = ("rank", "length", "code")


@dataclass(frozen=True)
class Source:
    """Where one type of result comes from; `lies_in` is the foreign key to its division."""

    type: str
    records: QuerySet
    lies_in: str = "county"
    point: Combinable | str = "location"

    def best(self, asked: filters.Search) -> list[tuple[tuple, dict[str, object]]]:
        """The best matches, each after what it is ranked by."""
        fields = {"code": "code", "name": "name", "lon": "lon", "lat": "lat"}
        fields |= {"region": f"{self.lies_in}_id", "region_name": f"{self.lies_in}__name"}
        found = (
            self.records.filter(name__contains=asked.q)
            .annotate(rank=_rank(asked.q), length=Length("name"))
            .annotate(lon=_ordinate(self.point, "ST_X"), lat=_ordinate(self.point, "ST_Y"))
            .order_by(*RANK)
            .values_list(*RANK, *fields.values())
        )
        return [
            (row[:3], {"type": self.type, **dict(zip(fields, row[3:], strict=True))})
            for row in found[: asked.limit]
        ]


@router.api_operation(
    READ, "/search", summary="Search by name", **reads(filters.Search, "SearchResults")
)
def search(request: HttpRequest) -> HttpResponse:
    """Divisions, villages and open sites whose name contains `q`; villages' own fronts come last.

    A name that is `q` comes before those that begin with it, and these before the others; the
    shorter name first. `type`: region, site (one of the published list), village, service, place
    (all other sites) or front. `region` is the code of what it lies in.
    """
    asked = filters.Search.read(request.GET)
    *sources, fronts = _sources(clock.today())
    found = [one for source in sources for one in source.best(asked)]
    found.sort(key=lambda one: one[0])
    results = [result for _rank, result in [*found, *fronts.best(asked)][: asked.limit]]
    return json_reply(request, {"results": results})


def _sources(today: datetime.date) -> list[Source]:
    sites = Site.objects.open_on(today)
    listed = Q(kind__in=LISTED_KINDS, tier__in=LISTED_TIERS)
    apart = (SiteKind.SERVICE, SiteKind.FRONT)
    seat = Coalesce("seat", PointOnSurface("boundary"), output_field=GeometryField(srid=4326))
    return [
        Source("region", Region.objects.all(), "parent", seat),
        Source("site", sites.filter(listed)),
        Source("village", Village.objects.all(), "township"),
        Source("service", sites.filter(kind=SiteKind.SERVICE)),
        Source("place", sites.exclude(listed).exclude(kind__in=apart)),
        Source("front", sites.filter(kind=SiteKind.FRONT)),
    ]


def _rank(q: str) -> Case:
    return Case(When(name=q, then=0), When(name__startswith=q, then=1), default=2)


def _ordinate(point: Combinable | str, function: str) -> Func:
    return Func(point, function=function, output_field=FloatField())
