"""Addresses of pages and of the API."""

from django.urls import path
from django.views.i18n import set_language

from mapui.api import api
from mapui.views import citizen, gaps, health, planner, standards, steward, subjects, whatif

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
    path("coverage/what-if/", whatif.what_if, name="what_if"),
    path("coverage/scenarios/", whatif.scenarios, name="scenarios"),
    path("coverage/standards/", standards.standards, name="standards"),
    path("coverage/standards/new/", standards.new, name="new_standard"),
    path("coverage/standards/preview/", standards.preview, name="preview_standard"),
    path("coverage/standards/<int:number>/", standards.change, name="change_standard"),
    path("coverage/standards/<int:number>/retire/", standards.retire, name="retire_standard"),
    path("data/", steward.data, name="data"),
]
