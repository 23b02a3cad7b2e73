"""The board as documents: a print-ready PDF, a picture of the map, and an editable DOCX."""

import io

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from mapui.exports import pictures, word, words
from mapui.exports.gathering import Gathered
from mapui.templatetags.fazhimap import deciding, metres, percent

PICTURE_SCALE = 2.0  # pixels for every 1/72 inch: about 1,600 across


def context(gathered: Gathered) -> dict[str, object]:
    """What the templates of the exports show."""
    return {
        "board": gathered,
        "dated": words.dated(gathered),
        "figures": words.figures(gathered),
        "method": words.method(gathered),
        "sources": words.sources(gathered),
        "drawing": mark_safe(pictures.drawing(gathered)),  # noqa: S308 — escaped where it is drawn
    }


def pdf(gathered: Gathered) -> bytes:
    """A4 with figures, table, map, gaps, method and sources."""
    return pictures.pdf(render_to_string("mapui/exports/document.html", context(gathered)))


def png(gathered: Gathered) -> bytes:
    """The map with its title, its sentence and its sources."""
    page = render_to_string("mapui/exports/picture.html", context(gathered))
    return pictures.png(pictures.pdf(page), PICTURE_SCALE)


def docx(gathered: Gathered) -> bytes:
    """A document of real headings and tables, with the map as a picture."""
    from docx.shared import Mm  # noqa: PLC0415  # slow to load

    document = word.new_document(gathered.title)
    for text in (gathered.sentence, words.dated(gathered), *words.figures(gathered)):
        document.add_paragraph(text)
    document.add_heading(_("各地情况"), level=1)
    word.add_table(document, _division_rows(gathered))
    document.add_heading(_("地图"), level=1)
    document.add_picture(io.BytesIO(png(gathered)), width=Mm(160))
    document.add_heading(_("还没达到的"), level=1)
    document.add_paragraph(_("共 %(n)d 个,最需要的在前") % {"n": len(gathered.gaps)})
    if gathered.gaps:
        word.add_table(document, _gap_rows(gathered), (10, 34, 34, 60, 27))
    for title, texts in (
        (_("方法"), words.method(gathered)),
        (_("来源"), words.sources(gathered)),
    ):
        document.add_heading(title, level=1)
        for text in texts:
            document.add_paragraph(text, style="List Bullet")
    return word.saved(document)


def _division_rows(gathered: Gathered) -> list[list[str]]:
    states = list(gathered.total.states) if gathered.total else []
    head = [_("乡镇(街道)") if gathered.is_by_township else _("旗县区"), _("总数")]
    head += [str(state.label) for state in states]
    head += [_("达标率"), _("待核实"), _("中位距离")]
    rows = [
        [
            *(line.row.name, str(line.row.subjects), *map(str, line.states.values())),
            *(percent(line.row.share), str(line.row.doubtful), metres(line.row.median_m)),
        ]
        for line in gathered.lines
    ]
    return [head, *rows]


def _gap_rows(gathered: Gathered) -> list[list[str]]:
    head = ["", _("名称"), _("所在地"), _("为什么"), deciding(gathered.standard)]
    rows = [
        [str(number), gap.name, gap.place, _told(gap.reason, gap.certain), gap.distance]
        for number, gap in enumerate(gathered.gaps, start=1)
    ]
    return [head, *rows]


def _told(reason: str, certain: bool) -> str:
    return reason if certain else _("%(reason)s(待核实)") % {"reason": reason}
