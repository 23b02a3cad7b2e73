"""Standards, the table of their coverage, and the gaps."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from mapui import filters, layers
from mapui.api import auth
from mapui.api.replies import READ, json_reply, reads, reply
from mapui.planner.planning import in_effect
from sites import board, clock, freshness, summaries
from sites.models import Standard
from sites.sentences import sentence

router = Router(tags=["standards"])

FIELDS = (
    "code",
    "name",
    "subject",
    "settings",
    "kinds",
    "tiers",
    "min_count",
    "max_distance_m",
    "max_minutes",
    "months",
    "min_events",
    "event_kinds",
    "min_attendance",
    "effective_from",
    "effective_to",
)


@router.api_operation(
    READ, "/standards", summary="Standards in effect today", **reads(filters.Nothing, "Standards")
)
def standards(request: HttpRequest) -> HttpResponse:
    """Every standard as data and as a sentence; `source` names the policy that it comes from."""
    filters.Nothing.read(request.GET)
    found = Standard.objects.effective_on(clock.today())
    return json_reply(request, [_described(standard) for standard in found])


@router.api_operation(
    READ,
    "/standards/{slug:code}/coverage",
    summary="Coverage by division",
    **reads(filters.Coverage, "CoverageTable", 401, 404),
)
def coverage(request: HttpRequest, code: str) -> HttpResponse:
    """A row for each county, township or city that has subjects of the standard.

    `as_of`: when the verdicts were computed, where that is being done anew; else null.
    """
    asked = filters.Coverage.read(request.GET)
    auth.require_coverage(request)
    today = clock.today()
    on = asked.day(today)
    standard = in_effect(code, on)
    is_fresh = on != today or freshness.ensure_fresh(today)
    rows = summaries.table(standard, asked.by, asked.region) if on == today else None
    if rows is None:
        facts = freshness.facts(standard, on, today, asked.region)
        rows = board.summary(facts, asked.by, asked.region)
    as_of = None if is_fresh else freshness.as_of(standard)
    told = {"standard": code, "on": on, "as_of": as_of and timezone.localtime(as_of)}
    return json_reply(request, {**told, "by": asked.by, "rows": [asdict(row) for row in rows]})


@router.api_operation(
    READ,
    "/standards/{slug:code}/gaps",
    summary="Who does not meet a standard",
    **reads(filters.Gaps, "FeatureCollection", 401, 404),
)
def gaps(request: HttpRequest, code: str) -> HttpResponse:
    """Subjects that do not meet the standard today, or on the day `on`, most needed first.

    Properties: name subject township county population state built reached certain nearest
    distance_m last_event_on reason.
    """
    asked = filters.Gaps.read(request.GET)
    auth.require_coverage(request)
    today = clock.today()
    on = asked.day(today)
    facts = freshness.facts(in_effect(code, on), on, today, asked.region)
    return reply(request, layers.gaps(facts, asked))


def _described(standard: Standard) -> dict[str, object]:
    return {
        **{name: getattr(standard, name) for name in FIELDS},
        "sentence": sentence(standard),
        "source": standard.policy_source,
        "provenance": standard.source,
    }
