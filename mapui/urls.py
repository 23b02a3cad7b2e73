"""Addresses of pages and of the API."""

from django.urls import path
from django.views.i18n import set_language

from mapui.api import api
from mapui.views import (
    citizen,
    exports,
    gaps,
    health,
    planner,
    reports,
    standards,
    steward,
    subjects,
    whatif,
)

urlpatterns = [
    path("api/v1/", api.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("language/", set_language, name="set_language"),
    path("", citizen.home, name="home"),
    path("sites/<slug:code>/", citizen.site, name="site"),
    path("villages/<slug:code>/", citizen.village, name="village"),
    path("events/", citizen.events, name="events"),
    path("events/<slug:code>/", citizen.event, name="event"),
    path("coverage/", planner.coverage, name="coverage"),
    path("coverage/subjects/", subjects.subjects, name="subjects"),
    path("coverage/gaps/<slug:code>/", gaps.gap, name="gap"),
    path("coverage/export/<str:name>", exports.export, name="export"),
    path("coverage/what-if/", whatif.what_if, name="what_if"),
    path("coverage/scenarios/", whatif.scenarios, name="scenarios"),
    path("coverage/standards/", standards.standards, name="standards"),
    path("coverage/standards/new/", standards.new, name="new_standard"),
    path("coverage/standards/preview/", standards.preview, name="preview_standard"),
    path("coverage/standards/<int:number>/", standards.change, name="change_standard"),
    path("coverage/standards/<int:number>/retire/", standards.retire, name="retire_standard"),
    path("reports/", reports.report, name="report"),
    path("reports/report.docx", reports.docx, name="report_docx"),
    path("reports/records.xlsx", reports.xlsx, name="report_xlsx"),
    path("reports/sites/", reports.sites, name="report_sites"),
    path("reports/villages/", reports.villages, name="report_villages"),
    path("reports/figures/", reports.add_figure, name="report_figure"),
    path("reports/figures/<int:number>/remove/", reports.remove_figure, name="remove_figure"),
    path("reports/freeze/", reports.freeze, name="freeze_report"),
    path("reports/frozen/", reports.frozen_reports, name="frozen_reports"),
    path("reports/frozen/<int:number>/", reports.frozen, name="frozen_report"),
    path("data/", steward.data, name="data"),
]
