"""Data maintenance: divisions, organs, villages, sites and standards."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from sites import clock, photos
from sites.importing.columns import Kind
from sites.importing.identity import site_prefix
from sites.importing.kinds import ORGANS, REGIONS, SITES, STANDARDS, VILLAGES
from sites.models import (
    RULE_FIELDS,
    Organ,
    Photo,
    Region,
    Remark,
    Site,
    Standard,
    TravelSpeed,
    Village,
)
from sites.rights_admin import CountyFilter, NumberedForm, PrivateAdmin, RightsAdmin, RoleAdmin


@admin.register(Region)
class RegionAdmin(RightsAdmin):
    kind = REGIONS
    list_display = ("code", "name", "level", "statutory", "parent", "source")
    list_filter = ("level", "statutory", "source")
    list_select_related = ("parent",)
    search_fields = ("code", "name", "former_names")
    autocomplete_fields = ("parent",)


@admin.register(Organ)
class OrganAdmin(RightsAdmin):
    kind = ORGANS
    list_display = ("code", "name", "region", "source")
    list_filter = ("source",)
    list_select_related = ("region",)
    search_fields = ("code", "name")
    autocomplete_fields = ("region",)


@admin.register(Village)
class VillageAdmin(RightsAdmin):
    kind = VILLAGES
    list_display = ("code", "name", "kind", "township", "setting", "position", "population")
    list_filter = (CountyFilter, "kind", "setting", "position", "model_village", "source")
    list_select_related = ("township",)
    search_fields = ("code", "name", "former_names")
    autocomplete_fields = ("township",)


class SiteForm(NumberedForm):
    """A new site is numbered within its county."""

    def code_prefix(self, data: dict[str, object]) -> str:
        county = data.get("county")
        return site_prefix(county.code) if county else ""


@admin.register(Site)
class SiteAdmin(RightsAdmin):
    kind = SITES
    form = SiteForm
    list_display = ("code", "name", "kind", "tier", "county", "village", "opened_on", "closed_on")
    list_filter = ("county", "kind", "tier", "source")
    list_select_related = ("county", "village")
    search_fields = ("code", "name", "former_names", "address")
    autocomplete_fields = ("county", "village", "organ")
    date_hierarchy = "opened_on"

    def delete_model(self, request: HttpRequest, obj: Site) -> None:
        with photos.removed_with(obj.photos.all()):
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        with photos.removed_with(Photo.objects.filter(site__in=queryset)):
            super().delete_queryset(request, queryset)


@admin.register(Standard)
class StandardAdmin(RightsAdmin):
    """The rule of a standard in effect is frozen: it can be ended, and a new version added."""

    kind = STANDARDS
    list_display = ("code", "name", "subject", "effective_from", "effective_to", "policy_source")
    list_filter = ("subject", "source")
    search_fields = ("code", "name", "policy_source")

    def get_readonly_fields(self, request: HttpRequest, obj: Standard | None = None) -> list[str]:
        fixed = super().get_readonly_fields(request, obj)
        return [*fixed, *RULE_FIELDS] if obj and clock.has_begun(obj.effective_from) else fixed

    def has_delete_permission(self, request: HttpRequest, obj: Standard | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (
            obj and clock.has_begun(obj.effective_from)
        )


@admin.register(TravelSpeed)
class TravelSpeedAdmin(RoleAdmin):
    """Kept by planners: every estimate of minutes follows from it."""

    record = "travel_speed"
    list_display = ("setting", "first_month", "last_month", "speed_kmh", "detour", "source")
    list_filter = ("setting",)


# No kind that files hold: its name in `access`, and where it lies.
REMARKS = Kind(
    "remarks", "remark", Remark, (), places=lambda them: [(each.county_id,) for each in them]
)


@admin.register(Remark)
class RemarkAdmin(PrivateAdmin):
    """What people said stays as they said it; the answer may be put better."""

    kind = REMARKS
    place = "county__code"
    fixed = (
        *("number", "kind", "site", "village", "county", "words", "point", "sent_at"),
        *("answered_by", "source"),
    )
    list_display = ("kind", "site", "village", "county", "sent_at", "status")
    list_filter = ("status", "kind", "source")
    list_select_related = ("site", "village", "county")
    search_fields = ("number", "words", "site__name", "village__name")
    date_hierarchy = "sent_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
