"""What all table formats share: tables and rows, limits, and text that must not become a formula."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

MAX_BYTES = 200 * 2**20  # of a file, and of what an XLSX unpacks to
MAX_ROWS = 200_000  # with anything in them
MAX_COLUMNS = 200

# Where a cell begins with one of these, a spreadsheet program may run it.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True)
class Formula:
    """A formula, or its error, where a value should be."""

    text: str


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row as it stands, in a column or (blank) as a whole; what was there."""

    column: str
    message: str
    value: object = ""


@dataclass(frozen=True)
class Row:
    """Raw cells by column name, and the faults found before any cell was read."""

    number: int
    cells: Mapping[str, object]
    faults: Sequence[Fault] = ()


@dataclass(frozen=True)
class Table:
    """One sheet, the features of a GeoJSON file, or rows from elsewhere.

    `titles` are the known columns' names and how the file calls them; a sheet without any is
    not a table. `fixed`: every row has every column; the properties of `features` may differ.
    """

    file: str
    sheet: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    unknown: Sequence[str] = ()
    repeated: Sequence[str] = ()
    rows: Sequence[Row] = ()
    fixed: bool = True
    features: bool = False


# The column that a title stands for, or None.
NameOf = Callable[[object], str | None]

# The rows of a sheet that have anything in them, by the number that a spreadsheet shows.
Grid = dict[int, list[object]]


def sort_titles(
    names: Sequence[str | None], titles: Sequence[str]
) -> tuple[dict[str, str], list[str], list[str]]:
    """Titles by column name; those that no column has; those of a column that has one already."""
    known: dict[str, str] = {}
    unknown, repeated = [], []
    for name, title in zip(names, titles, strict=True):
        if name is None:
            unknown += [title] if title else []
        elif name in known:
            repeated.append(title)
        else:
            known[name] = title
    return known, unknown, repeated


def guard(text: str) -> str:
    """Text for CSV that no spreadsheet program takes for a formula; `unguard` undoes it."""
    return f"'{text}" if text.startswith((*FORMULA_SIGNS, "'")) else text


def unguard(text: str) -> str | Formula:
    """A cell of CSV: a formula, or its text without the apostrophe that guards one."""
    if text.startswith(("=", "@")) and len(text) > 1:
        return Formula(text)
    if text.startswith("'") and text[1:].startswith((*FORMULA_SIGNS, "'")):
        return text[1:]
    return text
