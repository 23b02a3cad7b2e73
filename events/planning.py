"""From a tour's wish to its plan: brief, solve, store. Run by the worker, never in a request."""

import datetime
from collections import Counter
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import touring
from events.choices import TourStatus
from events.errors import ClashError, NoHomeError, NoStandardError, RulesError
from events.models import Tour
from events.touring import Day, Plan
from events.tours import briefing, busy, legs
from events.tours.briefing import Briefing, From, Survey
from events.tours.reasoning import left_out
from events.tours.settling import settled
from events.tours.storing import plan_as_stored, store
from sites import clock

CANNOT_PLAN = (RulesError, NoHomeError, NoStandardError)
SETTLING = 0.001  # seconds kept for each village: so long takes making good, and its reason
NOBODY = {
    "closed": gettext_lazy("这几天不能去"),
    "out_of_reach": gettext_lazy("太远"),
    "no_time": gettext_lazy("时间不够"),
    "no_gain": gettext_lazy("去了不增加什么"),
    "not_allowed": gettext_lazy("没有合适的队"),
    "other_nights": gettext_lazy("住处太远"),
    "lacks": gettext_lazy("缺场地条件"),
    "declined": gettext_lazy("不能接待"),
    "excluded": gettext_lazy("您说过不去"),
    "no_position": gettext_lazy("没有位置"),
    "not_here": gettext_lazy("不在范围里"),
}


def plan(
    tour: Tour,
    tell: Callable[[dict], bool],
    *,
    since: From | None = None,
    iterations: int | None = None,
) -> None:
    """Plan a tour, from what is stored of it, and store the result as a draft.

    `tell` is given the progress as JSON for the page about three times a second, and stops the
    search by returning False; the best so far is kept. What cannot be planned at all becomes `failed`, with
    a sentence. A confirmed tour that is planned again stays confirmed.
    """
    survey = _surveyed(tour, since)
    if survey is None:
        return
    brief = survey.brief(survey.for_search(), seconds=legs.PATIENCE)
    begun = clock.now()

    def better(found: Plan) -> bool:
        return tell(progress(brief, found, begun))

    result = touring.plan(
        brief.problem,
        seconds=tour.seconds - min(SETTLING * len(survey.calls), tour.seconds / 2),
        iterations=iterations,
        seed=brief.rules.seed,
        start=plan_as_stored(brief),
        progress=better,
    )
    brief, result, left = settled(survey, brief, result)
    try:
        store(brief, result, _("自动排期"), left=left)
    except ClashError as wrong:  # of a confirmed tour, whose events would follow
        fail(tour, str(wrong))
        return
    if not result.visited and not tour.stops.exists():
        Tour.objects.filter(pk=tour.pk).update(failure=nobody(tour))


def _surveyed(tour: Tour, since: From | None) -> Survey | None:
    """What the tour is planned from; None where it cannot be planned, which the tour then says."""
    try:
        survey = briefing.survey(tour, since)
    except CANNOT_PLAN as wrong:
        fail(tour, str(wrong))
        return None
    if not any(team.days for team in survey.teams):
        fail(tour, no_day(survey), survey.brief([]))
        return None
    if not survey.calls:
        fail(
            tour,
            _("这个范围里没有可以去的村(社区):请换一个范围,或看“没有安排的村”里的原因。"),
            survey.brief(),
        )
        return None
    return survey


def no_day(survey: Survey) -> str:
    """Why no team can leave on any of the days: it is too late by now, or what takes the days."""
    tour, now = survey.tour, clock.now()
    since = max(survey.since.moment, now) if survey.since else now
    said = []
    if survey.late:
        words = _(
            "太晚了:%(when)s 以后,各队的出车时间都已结束。"
            "请放宽那天的出车时间,或复制一份,改到以后的日子。"
        )
        said.append(words % {"when": f"{since.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"})
    if not survey.late or clock.day_of(since) < tour.last:
        said.append(_("没有一天可以出发:备用日、休息日和演出队的其他活动占满了这几天,请放出一天。"))
    return " ".join([*said, *busy.sentences(tour)])


def nobody(tour: Tour) -> str:
    """Why nothing at all could be planned: the reasons of the villages left out, counted."""
    tour.refresh_from_db(fields=["left_out"])
    counts = Counter(each["code"] for each in tour.left_out)
    said = [
        _("%(n)d 个%(why)s") % {"n": n, "why": NOBODY[code]}
        for code, n in counts.most_common()
        if code in NOBODY
    ]
    words = _("一个村也排不进去:%(reasons)s。请放宽要求、换日子或换范围,再排一次。")
    told = words % {"reasons": _(",").join(said) or _("没有够长的时段")}
    return " ".join([told, *busy.sentences(tour)])


def progress(brief: Briefing, found: Plan, begun: datetime.datetime) -> dict:
    """What the page shows of the best plan so far: its value, and the lines to draw."""
    return {
        "value": round(found.value),
        "stops": len(found.visited),
        "seconds": round((clock.now() - begun).total_seconds(), 1),
        "lines": [
            {"team": day.team + 1, "points": _line(brief, day)} for day in found.days if day.visits
        ],
    }


def _line(brief: Briefing, day: Day) -> list[tuple[float, float]]:
    """Where a day leads: the stops' lon, lat to 5 decimals."""
    venues = [brief.venues[brief.villages[visit.call]] for visit in day.visits]
    return [(round(venue.lon, 5), round(venue.lat, 5)) for venue in venues]


@transaction.atomic
def fail(tour: Tour, sentence: str, brief: Briefing | None = None) -> None:
    """Say why there is no plan; a tour that has stops already keeps them."""
    tour.failure = sentence
    if brief:
        tour.left_out = left_out(brief, Plan((), {}, 0))
    if tour.confirmed_at:
        tour.status = TourStatus.CONFIRMED
    else:
        tour.status = TourStatus.DRAFT if tour.stops.exists() else TourStatus.FAILED
    tour.save(update_fields=["failure", "left_out", "status"])
