"""Data maintenance: troupes, programmes and events, and what tours must know beforehand."""

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.db.models import ManyToManyField
from django.forms import Field
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from events.choices import Status
from events.importing import EVENTS, LODGINGS, PROGRAMMES, TROUPES, event_prefix
from events.models import (
    Contact,
    Event,
    Lodging,
    Occasion,
    Programme,
    Team,
    Troupe,
    VisitRequest,
)
from events.occasion_files import OCCASIONS, PREFIX
from sites.importing.columns import Kind
from sites.rights_admin import NumberedForm, PrivateAdmin, RightsAdmin, RightsInline


class TeamInline(RightsInline):
    """One below the other: a row of so many boxes would not fit."""

    model = Team
    template = "admin/edit_inline/stacked.html"


@admin.register(Troupe)
class TroupeAdmin(RightsAdmin):
    kind = TROUPES
    list_display = ("code", "name", "base", "teams", "source")
    list_filter = ("source",)
    list_select_related = ("base",)
    search_fields = ("code", "name")
    autocomplete_fields = ("base",)
    inlines = (TeamInline,)


@admin.register(Programme)
class ProgrammeAdmin(RightsAdmin):
    kind = PROGRAMMES
    list_display = ("code", "name", "kind", "series", "minutes", "audience")
    list_filter = ("kind", "audience", "series", "source")
    search_fields = ("code", "name", "series", "topics")


class EventForm(NumberedForm):
    """An event that is recorded as held was held when it ended, unless the form says when."""

    def code_prefix(self, data: dict[str, object]) -> str:
        starts_at = data.get("starts_at")
        return event_prefix(starts_at) if starts_at else ""

    def clean(self) -> dict[str, object]:
        data = super().clean()
        if data.get("status") == Status.HELD and not data.get("held_at"):
            data["held_at"] = data.get("ends_at")
        return data


@admin.register(Event)
class EventAdmin(RightsAdmin):
    kind = EVENTS
    form = EventForm
    list_display = ("code", "programme", "site", "village", "starts_at", "status", "attendance")
    list_filter = ("status", "programme__kind", "campaign", "source")
    list_select_related = ("programme", "site", "village")
    search_fields = ("code", "programme__name", "site__name", "village__name", "campaign")
    autocomplete_fields = ("programme", "site", "village", "troupe", "hosts")
    date_hierarchy = "starts_at"

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: object
    ) -> Field | None:
        """The villages reached are one box, though a model of their own stands behind it."""
        if db_field.name != "reaches":
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        widget = AutocompleteSelectMultiple(db_field, self.admin_site)
        return db_field.formfield(widget=widget, required=False)

    def response_post_save_add(self, request: HttpRequest, obj: Event) -> HttpResponse:
        """Back to the request that the event was planned for, where it was one."""
        number = request.GET.get("request", "")
        if (
            number.isascii()
            and number.isdecimal()
            and VisitRequest.objects.filter(pk=number).exists()
        ):
            return redirect("queue_request", number)
        return super().response_post_save_add(request, obj)


# No kinds that files hold, for want of codes: their names in `access`, and where they lie.
CONTACTS = Kind(
    "contacts", "contact", Contact, (), places=lambda them: [(each.village_id,) for each in them]
)
REQUESTS = Kind(
    "requests",
    "request",
    VisitRequest,
    (),
    places=lambda them: [(each.village_id,) for each in them],
)


@admin.register(Lodging)
class LodgingAdmin(RightsAdmin):
    kind = LODGINGS
    list_display = ("code", "name", "region", "beds", "yuan", "source")
    list_filter = ("source",)
    list_select_related = ("region",)
    search_fields = ("code", "name", "region__name")
    autocomplete_fields = ("region",)


class OccasionForm(NumberedForm):
    """Hours have a beginning and an end, or neither."""

    def code_prefix(self, data: dict[str, object]) -> str:
        return PREFIX

    def clean(self) -> dict[str, object]:
        data = super().clean()
        if (data.get("opens") is None) is not (data.get("closes") is None):
            self.add_error("closes", _("时间要填就填起止两项,止晚于起。"))
        return data


@admin.register(Occasion)
class OccasionAdmin(RightsAdmin):
    kind = OCCASIONS
    form = OccasionForm
    list_display = ("name", "kind", "region", "village", "first", "last", "yearly")
    list_filter = ("kind", "yearly", "source")
    list_select_related = ("region", "village")
    search_fields = ("code", "name", "region__name", "village__name")
    autocomplete_fields = ("region", "village")


@admin.register(Contact)
class ContactAdmin(PrivateAdmin):
    kind = CONTACTS
    place = "village__code"
    fixed = ()
    list_display = ("village", "name", "role", "phone")
    list_select_related = ("village",)
    search_fields = ("village__code", "village__name", "name")
    autocomplete_fields = ("village",)


@admin.register(VisitRequest)
class VisitRequestAdmin(PrivateAdmin):
    """What people wish may tell who they are; how it was is theirs to say."""

    kind = REQUESTS
    place = "village__code"
    fixed = ("number", "rating", "rating_words", "rated_on")
    list_display = ("village", "kind", "language", "made_on", "origin", "status", "event")
    list_filter = ("status", "kind", "origin", "source")
    list_select_related = ("village", "event__programme", "event__site", "event__village")
    search_fields = ("village__code", "village__name", "wish")
    autocomplete_fields = ("village", "troupe", "organ", "event")
    date_hierarchy = "made_on"
