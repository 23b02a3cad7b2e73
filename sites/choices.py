"""The lists of choices that the models, the importer and the API share."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """Where a record comes from."""

    OFFICIAL = "official", _("官方登记")
    PUBLISHED = "published", _("公开发布")
    DERIVED = "derived", _("推算")
    DEMONSTRATION = "demonstration", _("演示")


class Level(models.TextChoices):
    PROVINCE = "province", _("省级")
    CITY = "city", _("地级")
    COUNTY = "county", _("县级")
    TOWNSHIP = "township", _("乡级")


class VillageKind(models.TextChoices):
    GACHA = "gacha", _("嘎查")
    VILLAGE = "village", _("村")
    COMMUNITY = "community", _("社区")


class Setting(models.TextChoices):
    URBAN = "urban", _("城镇")
    FARMING = "farming", _("农区")
    HERDING = "herding", _("牧区")


class Position(models.TextChoices):
    SURVEYED = "surveyed", _("实测")
    APPROXIMATE = "approximate", _("近似")


class ModelVillage(models.TextChoices):
    NONE = "", _("否")
    NATIONAL = "national", _("全国民主法治示范村")
    REGIONAL = "regional", _("自治区民主法治示范村")


class SiteKind(models.TextChoices):
    SQUARE = "square", _("广场")
    PARK = "park", _("公园")
    CORRIDOR = "corridor", _("长廊")
    BASE = "base", _("基地")
    HALL = "hall", _("场馆")
    FRONT = "front", _("村级阵地")
    SERVICE = "service", _("服务点")


class Tier(models.TextChoices):
    CITY = "city", _("市级")
    COUNTY = "county", _("县级")
    TOWNSHIP = "township", _("乡级")
    VILLAGE = "village", _("村级")


class Facility(models.TextChoices):
    POWER = "power", _("电源")
    STAGE = "stage", _("演出场地")
    TOILETS = "toilets", _("卫生间")
    STEP_FREE = "step-free", _("无障碍通道")
    PARKING = "parking", _("停车")
    SEATS = "seats", _("座椅")
    SCREEN = "screen", _("显示屏")


class Language(models.TextChoices):
    CHINESE = "zh", _("汉语")
    MONGOLIAN = "mn", _("蒙古语")


class RemarkKind(models.TextChoices):
    """What people say of a place."""

    CLOSED = "closed", _("这里关了,或者没有了")
    POSITION = "position", _("地图上的位置不对")
    FACTS = "facts", _("介绍有误,如开放时间")
    OTHER = "other", _("别的事")


class RemarkStatus(models.TextChoices):
    OPEN = "open", _("待处理")
    FIXED = "fixed", _("已改正")
    ANSWERED = "answered", _("已答复")
    REJECTED = "rejected", _("未采纳")


class EventKind(models.TextChoices):
    """What can be given at a place; a standard may ask for some of them."""

    SHOW = "show", _("演出")
    LECTURE = "lecture", _("讲座")
    CASE_LECTURE = "case-lecture", _("以案释法")
    CAMPAIGN = "campaign", _("主题宣传")
    CONSULTATION = "consultation", _("法律咨询")
    QUIZ = "quiz", _("知识竞答")


class Subject(models.TextChoices):
    VILLAGE = "village", _("嘎查村(社区)")
    TOWNSHIP = "township", _("乡镇(街道)")
    COUNTY = "county", _("旗县区")


# What the published "560" counts: squares, parks, corridors and bases kept by city or county.
LISTED_KINDS = (SiteKind.SQUARE, SiteKind.PARK, SiteKind.CORRIDOR, SiteKind.BASE)
LISTED_TIERS = (Tier.CITY, Tier.COUNTY)

# The length of a division's code at each level; a village's has 12 digits.
CODE_LENGTH = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9}

# What a position may be wrong by where its record does not say.
POSITION_ERROR_M = {Position.SURVEYED: 20, Position.APPROXIMATE: 2000}
