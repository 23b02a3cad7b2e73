"""The lists of choices of events."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sites.choices import Language

__all__ = [
    "Audience",
    "Language",
    "Need",
    "Nights",
    "OccasionKind",
    "RequestOrigin",
    "RequestStatus",
    "Status",
    "StopState",
    "TourStatus",
]


class Status(models.TextChoices):
    PLANNED = "planned", _("计划")
    CONFIRMED = "confirmed", _("已确认")
    HELD = "held", _("已举办")
    CANCELLED = "cancelled", _("已取消")


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


class OccasionKind(models.TextChoices):
    """What a line of the local calendar means for those who want to come."""

    CLOSED = "closed", _("不能去")
    HOURS = "hours", _("只在这些时间")
    MARKET = "market", _("集市日")
    FESTIVAL = "festival", _("那达慕、节庆")


class RequestStatus(models.TextChoices):
    OPEN = "open", _("待安排")
    HANDED = "handed", _("已派单")
    ARRANGED = "arranged", _("已安排")
    DONE = "done", _("已办")
    DECLINED = "declined", _("不能办")


class RequestOrigin(models.TextChoices):
    VILLAGE = "village", _("嘎查村(社区)")
    CITIZEN = "citizen", _("群众")


class Nights(models.TextChoices):
    HOME = "home", _("每晚回驻地")
    AWAY = "away", _("可以在外住宿")


class TourStatus(models.TextChoices):
    QUEUED = "queued", _("排队")
    PLANNING = "planning", _("计算中")
    DRAFT = "draft", _("草案")
    CONFIRMED = "confirmed", _("已确认")
    FAILED = "failed", _("没有成功")
    CANCELLED = "cancelled", _("已取消")


class StopState(models.TextChoices):
    """Whether the village has been asked."""

    TO_CALL = "to_call", _("待联系")
    AGREED = "agreed", _("已同意")
    DECLINED = "declined", _("不能接待")


class Approval(models.TextChoices):
    """What a tour may need a permission for before it leaves."""

    CONTENT = "content", _("节目内容审核")
    VEHICLE = "vehicle", _("用车")
    BORDER = "border", _("进入边境管理区")


class ApprovalState(models.TextChoices):
    TO_ASK = "to_ask", _("待报")
    ASKED = "asked", _("已报")
    GRANTED = "granted", _("已批")
    REFUSED = "refused", _("没有批")
    NOT_NEEDED = "not_needed", _("不需要")
