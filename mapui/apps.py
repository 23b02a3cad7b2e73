from django.apps import AppConfig
from django.contrib.admin import apps
from django.utils.translation import gettext_lazy as _


class MapUIConfig(AppConfig):
    name = "mapui"
    verbose_name = _("地图与接口")
    default = True


class MaintenanceConfig(apps.AdminConfig):
    """Django's admin with our site in it."""

    default_site = "mapui.maintenance.Maintenance"
    default = False
