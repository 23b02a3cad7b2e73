from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SitesConfig(AppConfig):
    name = "sites"
    verbose_name = _("场所与覆盖")

    def ready(self) -> None:
        """Have the settings checked at start."""
        from sites import checks  # noqa: F401, PLC0415  # models must be there first
