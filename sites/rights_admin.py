"""The administration asks `access` who may edit what, as views, API and import do.

Whoever may sign in sees every record; what may be edited is told by the kind's name in `access`
and by the places of the record, before and after the change.
"""

from functools import partial

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import Field, Model, QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sites import access
from sites.choices import Level
from sites.form_fields import JSONOrBlankField, LonLatField, NumbersField, PolygonsField
from sites.importing.columns import Kind
from sites.importing.identity import new_codes
from sites.models import Provenance, Region

LON_LAT_HELP = gettext_lazy("经度, 纬度(WGS 84),如 109.843890, 40.651600")
POLYGONS_HELP = gettext_lazy("GeoJSON 的 Polygon 或 MultiPolygon 几何对象(WGS 84)")

PROVENANCE = {field.name for field in Provenance._meta.local_fields}


class RightsForm(forms.ModelForm):
    """Refuses a record that the user may not put where the form puts it."""

    may_save = staticmethod(lambda _record: True)

    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.errors and not self.may_save(self.instance):
            self.add_error(None, _("您没有在这个旗县区修改的权限。"))


class NumberedForm(RightsForm):
    """The code may be left blank."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            self.fields["code"].required = False
            self.fields["code"].help_text = _("留空则自动编号。")

    def code_prefix(self, data: dict[str, object]) -> str:
        """What a new code begins with; "" where the form does not tell yet."""
        raise NotImplementedError

    def clean(self) -> dict[str, object]:
        """A new record without a code is given the next one."""
        data = super().clean()
        if not data.get("code") and "code" in self.fields and "code" not in self.errors:
            prefix = self.code_prefix(data)
            data["code"] = next(new_codes(self._meta.model, [prefix])) if prefix else ""
        return data


class PlainFields(BaseModelAdmin):
    """Of a ModelAdmin or an inline: fields without a map or a script from elsewhere."""

    def formfield_for_dbfield(
        self, db_field: Field, request: HttpRequest, **kwargs: object
    ) -> forms.Field | None:
        common = {"label": capfirst(db_field.verbose_name), "required": not db_field.blank}
        if isinstance(db_field, models.PointField):
            return LonLatField(help_text=LON_LAT_HELP, **common)
        if isinstance(db_field, models.MultiPolygonField):
            return PolygonsField(help_text=POLYGONS_HELP, **common)
        if isinstance(db_field, ArrayField) and not db_field.base_field.choices:
            return NumbersField(help_text=db_field.help_text, **common)
        if isinstance(db_field, ArrayField):
            return forms.MultipleChoiceField(
                choices=db_field.base_field.choices,
                widget=forms.CheckboxSelectMultiple,
                help_text=db_field.help_text,
                **common,
            )
        if isinstance(db_field, models.JSONField):
            return JSONOrBlankField(help_text=db_field.help_text, **common)
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        return _without_links(super().formfield_for_dbfield(db_field, request, **kwargs))


class RightsAdmin(PlainFields, admin.ModelAdmin):
    """A kind of records, edited by those who have the right to."""

    kind: Kind
    form = RightsForm
    list_select_related = ()
    show_full_result_count = False
    fixed = ("code",)  # not to be changed once stored

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related(*self.list_select_related)

    def may_edit(self, request: HttpRequest, record: Model | None = None) -> bool:
        """Whether the user may edit the record where it is stored; without one, any of the kind."""
        known = request.__dict__.setdefault("known_places", {})
        key = record and (type(record), record.pk)
        if key not in known:
            known[key] = self._places(record) if record else []
        return self._is_allowed(request, known[key])

    def _may_save(self, request: HttpRequest, record: Model) -> bool:
        return self._is_allowed(request, self._places(record))

    def _places(self, record: Model) -> list[str]:
        return [code for codes in self.kind.places([record]) for code in codes if code]

    def _is_allowed(self, request: HttpRequest, places: list[str]) -> bool:
        if not request.user.is_superuser:
            prefetch_related_objects([request.user], "groups", "county_rights")
        return access.may_edit(request.user, self.kind.record, *places)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_edit(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_edit(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_edit(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(self.fixed if obj else ())]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """In the model's order, also what is fixed; where a record comes from at the end."""
        order = [field.name for field in (*self.opts.fields, *self.opts.many_to_many)]
        names = set(super().get_fields(request, obj))
        return sorted(names, key=lambda name: (name in PROVENANCE, order.index(name)))

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: object
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        form.may_save = partial(self._may_save, request)
        return form


def _without_links(field: forms.Field | None) -> forms.Field | None:
    """A choice of another record without buttons to add, change or delete that one beside it."""
    if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
        field.widget = field.widget.widget
    return field


class RightsInline(PlainFields, admin.TabularInline):
    """Rows that belong to a record: whoever may edit the record may edit them."""

    extra = 0

    def _may_edit(self, request: HttpRequest, record: Model | None = None) -> bool:
        parent = self.admin_site.get_model_admin(self.parent_model)
        return parent.has_change_permission(request, record)

    has_add_permission = has_change_permission = has_delete_permission = _may_edit

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True


class PrivateAdmin(RightsAdmin):
    """Records that nobody sees but those who may edit them: personal data.

    `place` is the field path to the code of the division or village that they belong to.
    """

    place: str

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        self.may_edit(request)  # reads the user's groups and divisions, at once
        prefixes = access.divisions(request.user, self.kind.record)
        return super().get_queryset(request).filter(access.prefix_filter(prefixes, self.place))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) and self.may_edit(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_module_permission(request) and self.may_edit(request, obj)


class RoleAdmin(admin.ModelAdmin):
    """Records of no place, edited by the roles that `access` names for `record`; staff sees them."""

    record: str

    def _may_edit(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return access.may_edit(request.user, self.record)

    has_add_permission = has_change_permission = has_delete_permission = _may_edit

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)


class SuperuserAdmin(admin.ModelAdmin):
    """Only a superuser sees these records at all."""

    def _is_superuser(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.is_active and request.user.is_superuser

    has_module_permission = has_view_permission = has_add_permission = _is_superuser
    has_change_permission = has_delete_permission = _is_superuser


class CountyFilter(admin.SimpleListFilter):
    """Records whose code begins with a county's."""

    title = gettext_lazy("旗县区")
    parameter_name = "county"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return list(Region.objects.filter(level=Level.COUNTY).values_list("code", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.within(self.value()) if self.value() else queryset
