"""Posters of places to print: one for everybody, those of a county for its stewards."""

from dataclasses import dataclass
from typing import Annotated

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from mapui import filters, posters, readers
from mapui.outward import addresses
from mapui.params import Filter, Param
from mapui.problems import Missing
from sites import access, clock
from sites.choices import SiteKind
from sites.models import Region, Site

PDF = "application/pdf"


@dataclass(frozen=True)
class Sheet(Filter):
    """How large a poster is."""

    size: Annotated[str, Param(readers.one_of(*posters.SIZES), "Paper: a4 or a3.")] = "a4"


@dataclass(frozen=True)
class Batch(Sheet):
    """A part of a region's posters."""

    region: filters.Region = ""
    fronts: Annotated[bool | None, Param(readers.YES_NO, "Villages' own fronts instead.")] = None
    part: Annotated[int, Param(readers.whole(1, 10_000), "Which part of the posters.")] = 1


def poster(request: HttpRequest, code: str) -> HttpResponse:
    """The poster of one place."""
    asked = Sheet.read(request.GET, strict=False)
    sites = Site.objects.select_related("county", "village").defer("county__boundary")
    site = get_object_or_404(sites, code=code)
    made = posters.posters([site], asked.size, addresses.absolute(request))
    return _file(made, f"poster-{code}-{asked.size}.pdf")


@login_required
def batch(request: HttpRequest) -> HttpResponse:
    """Many posters in one file: a part of a region's, so that nobody waits long."""
    asked = Batch.read(request.GET, strict=False)
    _require(request)
    pages = _pages(request, asked)
    if not pages.count or asked.part > pages.num_pages:
        raise Missing(_("这里没有要打印的海报:请回到海报页重新选。"))
    made = posters.posters(
        pages.page(asked.part).object_list, asked.size, addresses.absolute(request)
    )
    return _file(made, f"posters-{asked.region or 'all'}-{asked.part}-{asked.size}.pdf")


@login_required
def batches(request: HttpRequest) -> HttpResponse:
    """Which posters a steward may print: links to their parts."""
    asked = Batch.read(request.GET, strict=False)
    _require(request)
    allowed = access.prefix_filter(access.divisions(request.user, "site"), "code")
    pages = _pages(request, asked) if asked.region else None
    context = {
        "asked": asked,
        "counties": Region.objects.counties().filter(allowed).defer("boundary"),
        "parts": [pages.page(n) for n in pages.page_range] if pages and pages.count else [],
        "most": posters.MOST,
    }
    return render(request, "mapui/posters.html", context)


def _pages(request: HttpRequest, asked: Batch) -> Paginator:
    sites = posters.wanted(request.user, asked.region).open_on(clock.today())
    fronts = sites.filter(kind=SiteKind.FRONT)
    chosen = fronts if asked.fronts else sites.exclude(kind=SiteKind.FRONT)
    return Paginator(chosen, posters.MOST)


def _require(request: HttpRequest) -> None:
    if not access.divisions(request.user, "site"):
        raise PermissionDenied(_("成批打印海报要有数据员的权限;单张在每处场所的页面上。"))


def _file(data: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(False, name)}
    return HttpResponse(data, PDF, headers=headers)
