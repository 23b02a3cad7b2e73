"""The site of data maintenance, which the admin classes of all packages register with."""

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _


class NamesWithCodes(AutocompleteJsonView):
    """Names repeat: what is found while typing shows its code too."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        found = super().serialize_result(obj, to_field_name)
        return {**found, "text": f"{obj} {found['id']}"}


class Maintenance(AdminSite):
    site_header = site_title = _("法治地图 · 数据维护")
    index_title = _("数据维护")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return NamesWithCodes.as_view(admin_site=self)(request)
