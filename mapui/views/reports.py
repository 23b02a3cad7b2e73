"""A period's report: its page, the records behind it, its files, typed figures, frozen reports."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from events.models import Event
from events.reports import freezing
from events.reports.cells import FACTS, VISITS, villages_with
from events.reports.kept import FrozenReport, ReportFigure
from events.reports.report import Report
from mapui import filters
from mapui.middleware import takes_forms
from mapui.planner import report_files
from mapui.planner.report_forms import FigureForm
from mapui.planner.reporting import (
    AskedReport,
    ReportedSites,
    ReportedVillages,
    choices,
    county_or_none,
    method,
    title,
)
from mapui.whats_on.conditions import without
from sites import access, clock
from sites.choices import SiteKind, Tier
from sites.models import Site

PAGE = 100
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def report(request: HttpRequest) -> HttpResponse:
    """The report of a period, by default this year, beside an earlier one."""
    asked = AskedReport.read(request.GET, strict=False)
    told = asked.told()
    may_edit = access.may_edit(request.user, "report")
    context = _told(told) | {
        "asked": asked,
        "query": _query(told),
        "choices": choices(clock.today()),
        "may_edit": may_edit,
        "form": FigureForm(told) if may_edit else None,
        "live": True,
    }
    return render(request, "mapui/report.html", context)


def _told(told: Report) -> dict[str, object]:
    return {
        "report": told,
        "title": title(told),
        "method": method(told),
        "sources": report_files.sources(told),
    }


def _query(told: Report) -> str:
    """The query string that asks for the same report."""
    asked = {"from": told.period.first, "to": told.period.last, "against": told.against.first}
    return urlencode(asked | ({"region": told.county} if told.county else {}))


def sites(request: HttpRequest) -> HttpResponse:
    """Sites that were open on a day: the records behind a stock."""
    asked = ReportedSites.read(request.GET, strict=False)
    found = Site.objects.open_on(asked.on).within(asked.region)
    if asked.kind:
        found = found.filter(kind__in=asked.kind)
    if asked.tier:
        found = found.filter(tier__in=asked.tier)
    labels = [*map(SiteKind, asked.kind), *map(Tier, asked.tier)]
    context = {
        "asked": asked,
        "title": _("%(day)s 开放的场所") % {"day": asked.on},
        "told": _("、").join(str(each.label) for each in labels),
        "region": county_or_none(asked.region),
    }
    found = found.select_related("county", "village").defer("footprint", "county__boundary")
    return _listed(request, found, context)


def villages(request: HttpRequest) -> HttpResponse:
    """Villages of which something is true: the records behind a figure."""
    asked = ReportedVillages.read(request.GET, strict=False)
    fact = FACTS.get(asked.fact)
    period, _earlier = AskedReport(asked.first, asked.last).periods(clock.today())
    found = villages_with(asked.fact, period).within(asked.region)
    adds = fact.adds if fact else ""
    context = {
        "asked": asked,
        "title": str(fact.label if fact else VISITS[asked.fact]),
        "told": "" if fact else f"{period.first} – {period.last}",
        "region": county_or_none(asked.region),
        "sum": found.aggregate(sum=Sum(adds))["sum"] if adds else None,
    }
    found = found.select_related("township__parent")
    return _listed(
        request, found.defer("township__boundary", "township__parent__boundary"), context
    )


def _listed(request: HttpRequest, found: QuerySet, context: dict[str, object]) -> HttpResponse:
    page = Paginator(found.order_by("code"), PAGE).get_page(request.GET.get("page"))
    context |= {"page": page, "query": without(request.GET, "page")}
    return render(request, "mapui/report_records.html", context)


def docx(request: HttpRequest) -> HttpResponse:
    """The report as a Word document."""
    told = AskedReport.read(request.GET, strict=False).told(with_places=True)
    return _word(told, _("生成日期:%(day)s。") % {"day": clock.today()})


def _word(told: Report, made: str) -> HttpResponse:
    name = f"report-{told.period.first}-{told.period.last}.docx"
    return _file(report_files.docx(told, title(told), made), DOCX, name)


def xlsx(request: HttpRequest) -> HttpResponse:
    """The figures, and every event of the period, as a workbook."""
    told = AskedReport.read(request.GET, strict=False).told()
    asked = filters.Events(first=told.period.first, last=told.period.last, region=told.county)
    name = f"records-{told.period.first}-{told.period.last}.xlsx"
    return _file(report_files.xlsx(told, asked.apply(Event.objects.all())), XLSX, name)


def _file(data: bytes, media_type: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(data, media_type, headers={"Content-Disposition": disposition})


@takes_forms
@require_POST
@login_required
def add_figure(request: HttpRequest) -> HttpResponse:
    """Type in a figure that no record gives, with its source."""
    _require_planner(request)
    told = AskedReport.read(request.GET, strict=False).told()
    form = FigureForm(told, request.POST)
    if not form.is_valid():
        context = {"form": form, "title": title(told), "query": _query(told)}
        return render(request, "mapui/report_figure.html", context, status=422)
    form.instance.entered_by, form.instance.entered_at = request.user, clock.now()
    form.save()
    return _back(told)


@takes_forms
@require_POST
@login_required
def remove_figure(request: HttpRequest, number: int) -> HttpResponse:
    """Take a typed figure away; the history keeps it."""
    _require_planner(request)
    told = AskedReport.read(request.GET, strict=False).told()
    get_object_or_404(ReportFigure, pk=number).delete()
    return _back(told)


def _back(told: Report) -> HttpResponse:
    response = redirect("report")
    response["Location"] += f"?{_query(told)}#typed"
    return response


@takes_forms
@require_POST
@login_required
def freeze(request: HttpRequest) -> HttpResponse:
    """Keep the report as it is now, in Chinese, whoever looks at it later in what language."""
    _require_planner(request)
    with translation.override("zh-hans"):
        told = AskedReport.read(request.GET, strict=False).told(with_places=True)
        kept = freezing.freeze(told, request.user, clock.now())
    return redirect("frozen_report", kept.pk)


def _require_planner(request: HttpRequest) -> None:
    if not access.may_edit(request.user, "report"):
        raise PermissionDenied(_("只有规划人员能填报和定稿。"))


def frozen_reports(request: HttpRequest) -> HttpResponse:
    """Every report that was frozen, the latest first."""
    rows = [(each, _period_of(each)) for each in FrozenReport.objects.all()]
    return render(request, "mapui/frozen_reports.html", {"rows": rows})


def _period_of(kept: FrozenReport) -> dict[str, str]:
    """For the list; a broken document has none."""
    told = kept.document.get("report", {}) if isinstance(kept.document, dict) else {}
    period = told.get("period", {})
    return {**period, "county": told.get("county_names", {}).get(told.get("county"), "")}


def frozen(request: HttpRequest, number: int) -> HttpResponse:
    """A frozen report as it was, and whether it still is; ?format=docx is its document.

    One that was changed is not shown: nobody knows what of it is true.
    """
    kept = get_object_or_404(FrozenReport, pk=number)
    unchanged = freezing.is_unchanged(kept)
    context: dict[str, object] = {"kept": kept, "unchanged": unchanged}
    if unchanged:
        told = freezing.thawed(kept.document)
        if request.GET.get("format") == "docx":
            return _word(told, _seal(kept))
        shows_author = request.user.is_authenticated
        context |= _told(told) | {"author": kept.document["author"] if shows_author else ""}
    return render(request, "mapui/frozen_report.html", context, status=200 if unchanged else 409)


def _seal(kept: FrozenReport) -> str:
    at = kept.frozen_at.astimezone(clock.SHANGHAI)
    words = {"at": f"{at:%Y-%m-%d %H:%M}", "sum": kept.checksum}
    return _("定稿时间:%(at)s;校验码(SHA-256):%(sum)s。") % words
