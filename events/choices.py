"""The lists of choices of events."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    PLANNED = "planned", _("计划")
    CONFIRMED = "confirmed", _("已确认")
    HELD = "held", _("已举办")
    CANCELLED = "cancelled", _("已取消")


class Language(models.TextChoices):
    CHINESE = "zh", _("汉语")
    MONGOLIAN = "mn", _("蒙古语")


class Need(models.TextChoices):
    POWER = "power", _("电源")
    STAGE = "stage", _("演出场地")
    INDOOR = "indoor", _("室内")
    SCREEN = "screen", _("显示屏")


class Audience(models.TextChoices):
    """The audiences of 法律七进, and everybody."""

    PUBLIC = "public", _("公众")
    ORGANS = "organs", _("进机关")
    VILLAGES = "villages", _("进乡村")
    COMMUNITIES = "communities", _("进社区")
    SCHOOLS = "schools", _("进学校")
    ENTERPRISES = "enterprises", _("进企业")
    BARRACKS = "barracks", _("进军营")
    NETWORK = "network", _("进网络")
