"""A report to take away: DOCX to edit in WPS or Word, XLSX with the events behind it."""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from django.contrib.postgres.aggregates import StringAgg
from django.utils.translation import gettext as _

from events.choices import Audience, Status
from events.querysets import EventQuerySet
from events.reports.report import Figure, Report
from mapui.exports import word
from mapui.planner.reporting import method
from mapui.templatetags.fazhimap import signed
from sites import clock
from sites.choices import EventKind, Source
from sites.importing.values import clean

if TYPE_CHECKING:
    from docx.document import Document

DAY_FORMAT, MOMENT_FORMAT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
WIDEST = 40
FIRST_MM = 56
COUNTY_MM = 38  # leaves room for figures of six digits in eight columns
ORGAN_MM = (44, 68)


def docx(told: Report, title: str, made: str) -> bytes:
    """The report as a Word document; `made`: the line that says when, and from what."""
    document = word.new_document(title)
    document.core_properties.created = clock.now().replace(tzinfo=None)
    document.add_paragraph(clean(made))
    for section in told.sections:
        document.add_heading(clean(section.title), 1)
        _table(document, _figure_head(), (_figure_cells(each) for each in section.figures))
    _typed(document, told)
    _counties(document, told)
    _map(document, told, title)
    _organs(document, told)
    document.add_heading(_("怎么算的"), 1)
    for sentence in method(told):
        document.add_paragraph(sentence, style="List Bullet")
    document.add_heading(_("数据来源"), 1)
    document.add_paragraph(sources(told))
    return word.saved(document)


def _map(document: "Document", told: Report, title: str) -> None:
    """Where the events were held; not where none was, or an older report does not say."""
    if not told.places:
        return
    from docx.shared import Mm  # noqa: PLC0415  # slow to load

    from mapui.exports import happened  # noqa: PLC0415

    picture = io.BytesIO(happened.png(told, title, sources(told)))
    document.add_heading(_("活动举办地"), 1)
    drawn = document.add_picture(picture, width=Mm(word.WIDTH_MM))
    drawn._inline.docPr.set("descr", _("%(title)s:活动举办地") % {"title": clean(title)})


def _typed(document: "Document", told: Report) -> None:
    if told.typed:
        document.add_heading(_("手工填报"), 1)
        head = [_("指标"), _("数值"), _("时段"), _("来源")]
        _table(document, head, _typed_cells(told))


def _counties(document: "Document", told: Report) -> None:
    if told.counties:
        document.add_heading(_("各旗县区"), 1)
        head = [_("旗县区"), *(figure.label for figure in told.counties[0].figures)]
        rows = ([row.name, *map(_value, row.figures)] for row in told.counties)
        _table(document, head, rows, (COUNTY_MM,))


def _organs(document: "Document", told: Report) -> None:
    if told.organs:
        document.add_heading(_("谁执法谁普法"), 1)
        head = [_("机关"), _("普法责任"), *(figure.label for figure in told.organs[0].figures)]
        rows = ([row.name, row.about, *map(_value, row.figures)] for row in told.organs)
        _table(document, head, rows, ORGAN_MM)


def _typed_cells(told: Report) -> Iterator[list[str]]:
    for each in told.typed:
        span = f"{each.period.first} – {each.period.last}"
        yield [each.name, f"{each.value} {each.unit}", span, each.source]


def sources(told: Report) -> str:
    """How many events come from where, in words."""
    if not told.sources:
        return _("这段时间没有活动记录。")
    counts = _("、").join(f"{name} {count}" for name, count in told.sources.items())
    return _("本期活动记录按来源:%(counts)s。") % {"counts": counts}


def _table(
    document: "Document",
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    first_mm: Sequence[float] = (FIRST_MM,),
) -> None:
    """A table whose first columns have widths of their own; the others share what is left."""
    others = len(head) - len(first_mm)
    rest = (word.WIDTH_MM - sum(first_mm)) / others
    word.add_table(document, [head, *rows], [*first_mm, *[rest] * others])


def _figure_head() -> list[str]:
    return [_("指标"), _("单位"), _("本期"), _("上期"), _("增减")]


def _figure_cells(figure: Figure) -> list[str]:
    change = "—" if figure.change is None else signed(figure.change)
    return [figure.label, figure.unit, _value(figure), _told(figure.earlier), change]


def _value(figure: Figure) -> str:
    return _told(figure.value)


def _told(value: int | None) -> str:
    return _("没有记录") if value is None else str(value)


def xlsx(told: Report, events: EventQuerySet) -> bytes:
    """The figures on one sheet, the events on another, a real date in each cell of a date."""
    from openpyxl import Workbook  # noqa: PLC0415  # slow to load

    book = Workbook(write_only=True)
    _sheet(book, _("数据"), [_sheet_head(), *_sheet_figures(told)])
    _sheet(book, _("活动台账"), [_event_head(), *_event_rows(events)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sheet(book: object, title: str, rows: Sequence[Sequence[object]]) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    last = get_column_letter(len(rows[0]))
    sheet.auto_filter.ref = f"A1:{last}{len(rows)}"
    for i, name in enumerate(rows[0]):
        widest = max(len(str(row[i])) for row in rows[:500])
        sheet.column_dimensions[get_column_letter(i + 1)].width = min(
            WIDEST, 4 + max(widest, 2 * len(name))
        )
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: object, value: object) -> object:
    """Texts stay texts whatever they begin with; moments are dates that can be sorted."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    from sites.importing.workbooks import text_cell  # noqa: PLC0415

    if isinstance(value, str):
        return text_cell(sheet, value)
    cell = WriteOnlyCell(sheet, value)
    if hasattr(value, "hour"):
        cell.number_format = MOMENT_FORMAT
    elif hasattr(value, "year"):
        cell.number_format = DAY_FORMAT
    return cell


def _sheet_head() -> list[str]:
    head = [_("分类"), _("指标"), _("单位"), _("旗县区"), _("从"), _("到"), _("本期"), _("上期")]
    return [*head, _("来源")]


def _sheet_figures(told: Report) -> Iterator[list[object]]:
    days = [told.period.first, told.period.last]
    for section in told.sections:
        for each in section.figures:
            county, values = told.county_name, [_number(each.value), _number(each.earlier)]
            yield [section.title, each.label, each.unit, county, *days, *values, _("记录")]
    for row in told.counties:
        for each in row.figures:
            values = [_number(each.value), _number(each.earlier)]
            yield [_("各旗县区"), each.label, each.unit, row.name, *days, *values, _("记录")]
    for row in told.organs:
        for each in row.figures:
            values = [_number(each.value), _number(each.earlier)]
            name = f"{row.name} · {each.label}"
            yield [_("谁执法谁普法"), name, each.unit, "", *days, *values, _("记录")]
    for each in told.typed:
        span, county = [each.period.first, each.period.last], told.county_name
        yield [
            _("手工填报"),
            each.name,
            each.unit,
            county,
            *span,
            float(each.value),
            None,
            each.source,
        ]


def _number(value: int | None) -> int | str:
    return _("没有记录") if value is None else value


def _event_head() -> list[str]:
    head = [_("编号"), _("节目"), _("系列"), _("类型"), _("开始时间"), _("结束时间"), _("状态")]
    head += [_("场所"), _("村(社区)"), _("旗县区"), _("演出队"), _("主办"), _("人数")]
    return [*head, _("专项"), _("对象"), _("来源")]


def _event_rows(events: EventQuerySet) -> Iterator[list[object]]:
    """Public facts only: no notes, no names of persons."""
    found = events.with_places().annotate(
        host_names=StringAgg("hosts__name", "、", order_by="hosts__code")
    )
    for each in found.order_by("starts_at", "code").iterator():
        programme, site, village = each.programme, each.site, each.village
        county = site.county if site else village.township.parent
        yield [
            each.code,
            programme.name,
            programme.series,
            str(EventKind(programme.kind).label),
            _moment(each.starts_at),
            _moment(each.ends_at),
            str(Status(each.status).label),
            site.name if site else "",
            village.name if village else "",
            county.name if county else "",
            each.troupe.name if each.troupe else "",
            each.host_names or "",
            each.attendance,
            each.campaign,
            str(Audience(each.audience).label),
            str(Source(each.source).label),
        ]


def _moment(value: object) -> object:
    """Shanghai's clock, as a spreadsheet has it: without a zone, in whole seconds."""
    return value.astimezone(clock.SHANGHAI).replace(tzinfo=None, microsecond=0)
