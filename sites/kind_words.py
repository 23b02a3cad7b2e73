"""What people call the kinds of places and of events, as they type it in a search. Pure data.

The first is what the kind is called in full; the others are said for it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sites.choices import EventKind, SiteKind

Words = Mapping[str, tuple[str, ...]]

PLACES: Words = MappingProxyType({
    SiteKind.SQUARE: ("法治广场", "广场", "法治文化广场", "law square"),
    SiteKind.PARK: ("法治公园", "公园", "法治文化公园", "法治主题公园", "law park"),
    SiteKind.CORRIDOR: ("法治长廊", "长廊", "法治文化长廊", "法治街", "law corridor"),
    SiteKind.BASE: (
        *("法治宣传教育基地", "基地", "法治教育基地", "普法基地", "青少年法治教育基地"),
        "law education base",
    ),
    SiteKind.HALL: ("法治场馆", "场馆", "法治馆", "法治文化馆", "法治展馆", "law museum"),
    SiteKind.FRONT: ("村级阵地", "阵地", "法治宣传阵地", "法治文化阵地", "村级法治阵地"),
    SiteKind.SERVICE: (
        *("公共法律服务", "公共法律服务中心", "公共法律服务站", "公共法律服务工作站"),
        *("公共法律服务点", "法律服务", "法律援助", "法律援助中心", "人民调解", "律师", "12348"),
        *("legal aid", "legal service", "lawyer"),
    ),
})  # fmt: skip

EVENTS: Words = MappingProxyType({
    EventKind.SHOW: (
        *("演出", "文艺演出", "法治文艺演出", "法治演出", "文艺汇演", "巡演", "法治文艺"),
        *("乌兰牧骑", "法治乌兰牧骑", "节目", "小品", "show", "performance"),
    ),
    EventKind.LECTURE: (
        *("讲座", "法治讲座", "普法讲座", "讲堂", "普法讲堂", "法治讲堂", "大讲堂", "普法大讲堂"),
        *("讲课", "法治课", "普法课", "普法课堂", "宣讲", "lecture", "talk"),
    ),
    EventKind.CASE_LECTURE: ("以案释法", "以案说法", "案例宣讲", "案例讲座", "case lecture"),
    EventKind.CAMPAIGN: ("主题宣传", "宣传活动", "普法活动", "法治宣传", "普法宣传", "campaign"),
    EventKind.CONSULTATION: (
        *("法律咨询", "咨询", "问律师", "律师", "legal advice", "consultation"),
    ),
    EventKind.QUIZ: ("知识竞答", "知识竞赛", "法治知识竞赛", "有奖竞答", "答题", "quiz"),
})  # fmt: skip
