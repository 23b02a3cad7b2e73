"""The coverage board to take away, in five formats."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from mapui import filters
from mapui.exports import document
from mapui.exports.gathering import Gathered, gather
from mapui.exports.portable import portable
from mapui.problems import Missing
from mapui.visibility import shows_coverage
from sites import clock

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _workbook(gathered: Gathered) -> bytes:
    from mapui.exports.workbook import workbook  # noqa: PLC0415  # openpyxl is slow to load

    return workbook(gathered)


FORMATS: dict[str, tuple[str, Callable[[Gathered], bytes | str]]] = {
    "board.xlsx": (XLSX, _workbook),
    "board.pdf": ("application/pdf", document.pdf),
    "board.docx": (DOCX, document.docx),
    "map.png": ("image/png", document.png),
    "map.html": ("text/html; charset=utf-8", portable),
}


@shows_coverage
def export(request: HttpRequest, name: str) -> HttpResponse:
    """The board of a standard, in a region, on a day, as the file that `name` says."""
    if name not in FORMATS:
        known = {"name": name, "known": _("、").join(FORMATS)}
        raise Missing(_("没有“%(name)s”这种导出,可用的有:%(known)s。") % known)
    asked = filters.Export.read(request.GET, strict=False)
    gathered = gather(asked.standard, asked.region, asked.day(clock.today()))
    media_type, made = FORMATS[name]
    file_name = f"{gathered.file_name}.{name.rpartition('.')[2]}"
    headers = {"Content-Disposition": content_disposition_header(True, file_name)}
    return HttpResponse(made(gathered), media_type, headers=headers)
