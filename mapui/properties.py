"""What a feature says of a record: property names, and where the ORM finds each."""

from django.contrib.gis.db.models import GeometryField
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from events.models import Event, Reach
from events.querysets import former_start
from sites.choices import SiteKind
from sites.models import Site

GEOMETRY = GeometryField(srid=4326)

REGION = {
    "name": "name",
    "name_mn": "name_mn",
    "former_names": "former_names",
    "level": "level",
    "statutory": "statutory",
    "list_year": "list_year",
    "parent": "parent_id",
    "source": "source",
}
VILLAGE = {
    "name": "name",
    "former_names": "former_names",
    "kind": "kind",
    "township": "township_id",
    "township_name": "township__name",
    "county": "township__parent_id",
    "county_name": "township__parent__name",
    "setting": "setting",
    "population": "population",
    "position": "position",
    "position_error_m": "position_error_m",
    "source": "source",
}
SITE = {
    "name": "name",
    "former_names": "former_names",
    "kind": "kind",
    "tier": "tier",
    "designation": "designation",
    "region": "county_id",
    "region_name": "county__name",
    "village": "village_id",
    "village_name": "village__name",
    "address": "address",
    "opened_on": "opened_on",
    "closed_on": "closed_on",
    "position_error_m": "position_error_m",
    "source": "source",
}
# An event's point: its site's; of a village alone its front's that day, else its own.
_DAY = OuterRef("starts_at__date")
_FRONT = Site.objects.filter(
    Q(opened_on=None) | Q(opened_on__lte=_DAY),
    Q(closed_on=None) | Q(closed_on__gt=_DAY),
    village=OuterRef("village"),
    kind=SiteKind.FRONT,
).order_by("code")
EVENT_PLACE = Coalesce(
    "site__location",
    Subquery(_FRONT.values("location")[:1]),
    "village__location",
    output_field=GEOMETRY,
)
EVENT_ERROR_M = Coalesce(
    "site__position_error_m",
    Subquery(_FRONT.values("position_error_m")[:1]),
    "village__position_error_m",
)
EVENT_SPOT = {"at": EVENT_PLACE, "error_m": EVENT_ERROR_M}
REACHES = Reach.objects.filter(event=OuterRef("pk")).order_by("village_id").values("village_id")
EVENT = {
    "code": "code",
    "programme": "programme_id",
    "programme_name": "programme__name",
    "series": "programme__series",
    "kind": "programme__kind",
    "troupe": "troupe_id",
    "troupe_name": "troupe__name",
    "site": "site_id",
    "site_name": "site__name",
    "village": "village_id",
    "village_name": "village__name",
    "starts_at": "starts_at",
    "ends_at": "ends_at",
    "moved_from": former_start(Event),
    "status": "status",
    "attendance": "attendance",
    "campaign": "campaign",
    "audience": "audience",
    "reaches": ArraySubquery(REACHES),
    "source": "source",
}
PROVENANCE = {name: name for name in ("source_note", "source_url", "checked_on")}
VILLAGE_DETAIL = (
    VILLAGE
    | {"name_mn": "name_mn", "name_mn_source": "name_mn_source"}
    | {name: name for name in ("legal_adviser", "legal_literates", "model_village")}
    | {"model_households": "model_households"}
    | PROVENANCE
)
SITE_DETAIL = (
    SITE
    | {"name_mn": "name_mn", "name_mn_source": "name_mn_source"}
    | {name: name for name in ("opening", "area_m2", "indoor_seats", "facilities")}
    | {"topics": "topics", "languages": "languages"}
    | {"organ": "organ_id", "organ_name": "organ__name"}
    | PROVENANCE
)
EVENT_DETAIL = EVENT | PROVENANCE
FACT = {
    "built": "built",
    "reached": "reached",
    "met": "met",
    "certain": "certain",
    "nearest": "nearest_id",
    "distance_m": "distance_m",
    "last_event_on": "last_event_on",
}
