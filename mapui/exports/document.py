"""The board as documents: a print-ready PDF, a picture of the map, and an editable DOCX."""

import io

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from mapui.exports import pictures, words
from mapui.exports.gathering import Gathered
from mapui.templatetags.fazhimap import deciding, metres, percent

PICTURE_SCALE = 2.0  # pixels for every 1/72 inch: about 1,600 across
EAST_ASIAN = "宋体"  # what WPS and Word have everywhere


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
    from docx import Document  # noqa: PLC0415  # slow to load
    from docx.shared import Mm  # noqa: PLC0415

    document = Document()
    _prepare(document)
    document.add_heading(gathered.title, level=0)
    for text in (gathered.sentence, words.dated(gathered), *words.figures(gathered)):
        document.add_paragraph(text)
    document.add_heading(_("各地情况"), level=1)
    _add_table(document, _division_rows(gathered), ())
    document.add_heading(_("地图"), level=1)
    document.add_picture(io.BytesIO(png(gathered)), width=Mm(160))
    document.add_heading(_("还没达到的"), level=1)
    document.add_paragraph(_("共 %(n)d 个,最需要的在前") % {"n": len(gathered.gaps)})
    if gathered.gaps:
        _add_table(document, _gap_rows(gathered), (10, 34, 34, 60, 27))
    for title, texts in (
        (_("方法"), words.method(gathered)),
        (_("来源"), words.sources(gathered)),
    ):
        document.add_heading(title, level=1)
        for text in texts:
            document.add_paragraph(text, style="List Bullet")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _prepare(document: object) -> None:
    """A4, and a Chinese font for every style that names one."""
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Mm  # noqa: PLC0415

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    for style in document.styles:
        fonts = style.element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        if fonts is None:
            continue
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), EAST_ASIAN)
        fonts.set(qn("w:ascii"), "Times New Roman")
        fonts.set(qn("w:hAnsi"), "Times New Roman")


def _add_table(document: object, rows: list[list[str]], widths_mm: tuple[int, ...]) -> None:
    """A table whose first row repeats on every page; cells by number are quick, by row are not."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.shared import Mm, Pt  # noqa: PLC0415

    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    cells = table._cells  # the public .cells of a row builds this list anew each time
    for number, text in enumerate(text for row in rows for text in row):
        run = cells[number].paragraphs[0].add_run(text)
        run.font.size = Pt(9)
        run.bold = number < len(rows[0])
    for number, width in enumerate(widths_mm):
        table.columns[number].width = Mm(width)
        for cell in cells[number :: len(rows[0])]:
            cell.width = Mm(width)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _division_rows(gathered: Gathered) -> list[list[str]]:
    states = list(gathered.total.states) if gathered.total else []
    head = [_("乡镇(街道)") if gathered.region else _("旗县区"), _("总数")]
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
