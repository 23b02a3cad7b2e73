"""All addresses: the administration, and what mapui serves."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("mapui.urls")),
]

handler400 = "mapui.problems.bad_request"
handler404 = "mapui.problems.not_found"
handler500 = "mapui.problems.server_error"
