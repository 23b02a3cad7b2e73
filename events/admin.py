"""Data maintenance: troupes, programmes and events."""

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.db.models import ManyToManyField
from django.forms import Field
from django.http import HttpRequest

from events.choices import Status
from events.importing import EVENTS, PROGRAMMES, TROUPES, event_prefix
from events.models import Event, Programme, Troupe
from sites.rights_admin import NumberedForm, RightsAdmin


@admin.register(Troupe)
class TroupeAdmin(RightsAdmin):
    kind = TROUPES
    list_display = ("code", "name", "base", "teams", "source")
    list_filter = ("source",)
    list_select_related = ("base",)
    search_fields = ("code", "name")
    autocomplete_fields = ("base",)


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
