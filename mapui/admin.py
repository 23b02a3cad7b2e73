"""Data maintenance: users with their divisions, and tokens of the API."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mapui.models import ApiToken
from sites.models import CountyRight
from sites.rights_admin import RightsInline, SuperuserAdmin

admin.site.unregister(Group)
admin.site.unregister(User)


class CountyRightInline(RightsInline):
    model = CountyRight
    autocomplete_fields = ("region",)


@admin.register(User)
class PersonAdmin(SuperuserAdmin, UserAdmin):
    list_display = ("username", "last_name", "is_active", "is_staff", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser", "groups")
    filter_horizontal = ()
    inlines = (CountyRightInline,)
    fieldsets = (
        (None, {"fields": ("username", "password", "last_name", "email")}),
        (
            _("权限"),
            {
                "fields": ("is_active", "is_staff", "is_superuser", "groups"),
                "description": _(
                    "planner:覆盖标准、机关、巡演、当地日历和点单;"
                    "troupe:演出队、节目、活动、巡演、住宿点、当地日历、联系人和点单;"
                    "steward:下列区划内的村、场所、活动、当地日历、联系人和点单。"
                    "登录数据维护需要“工作人员状态”。"
                ),
            },
        ),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2", "is_staff")}),
    )

    def formfield_for_manytomany(
        self, db_field: object, request: HttpRequest, **kwargs: object
    ) -> forms.Field:
        """Three groups are three boxes to tick."""
        return super().formfield_for_manytomany(
            db_field, request, widget=forms.CheckboxSelectMultiple, **kwargs
        )


@admin.register(ApiToken)
class ApiTokenAdmin(SuperuserAdmin):
    """Tokens are made by the command api_token, which shows their text once."""

    list_display = ("user", "created_at")
    list_select_related = ("user",)
    search_fields = ("user__username",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False
