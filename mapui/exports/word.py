"""Documents for Word and WPS: A4, Chinese fonts, tables whose first row repeats on every page."""

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sites.importing.values import clean

if TYPE_CHECKING:
    from docx.document import Document

LATIN, EAST_ASIAN, MARGIN_MM = "Times New Roman", "宋体", 22
WIDTH_MM = 210 - 2 * MARGIN_MM
FIGURE = re.compile(r"[+−]?\d+|—")


def new_document(title: str) -> "Document":
    """An empty A4 document under a title, its Chinese letters in a Chinese font."""
    from docx import Document  # noqa: PLC0415  # slow to load
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Mm  # noqa: PLC0415

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    document.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts()
    for style in document.styles:
        fonts = style.element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        if fonts is None:
            continue
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script, font in (("eastAsia", EAST_ASIAN), ("ascii", LATIN), ("hAnsi", LATIN)):
            fonts.set(qn(f"w:{script}"), font)
    document.core_properties.title, document.core_properties.author = clean(title), ""
    document.add_heading(clean(title), level=0)
    return document


def add_table(
    document: "Document", rows: Sequence[Sequence[str]], widths_mm: Sequence[float] = ()
) -> None:
    """A table, its first row bold and repeated on every page; whole numbers stand to the right."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.shared import Mm, Pt  # noqa: PLC0415

    across = len(rows[0])
    table = document.add_table(len(rows), across, style="Table Grid")
    cells = table._cells  # the public .cells of a row builds this list anew each time
    for number, text in enumerate(text for row in rows for text in row):
        paragraph = cells[number].paragraphs[0]
        run = paragraph.add_run(clean(text))
        run.font.size, run.bold = Pt(9), number < across
        if FIGURE.fullmatch(text):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for number, width in enumerate(widths_mm):
        table.columns[number].width = Mm(width)
        for cell in cells[number::across]:
            cell.width = Mm(width)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def saved(document: "Document") -> bytes:
    """The document's file."""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
