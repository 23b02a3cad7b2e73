from django.apps import AppConfig
from django.contrib.admin import apps
from django.utils.translation import gettext_lazy as _


class MapUIConfig(AppConfig):
    name = "mapui"
    verbose_name = _("地图与接口")
    default = True

    def ready(self) -> None:
        """Have the settings checked at start."""
        from mapui import checks  # noqa: F401, PLC0415  # Django must be set up first


class MaintenanceConfig(apps.AdminConfig):
    """Django's admin with our site in it."""

    default_site = "mapui.maintenance.Maintenance"
    default = False
