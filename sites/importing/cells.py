"""What all table formats share: limits, formulas, and text that must not become one."""

from dataclasses import dataclass

MAX_BYTES = 200 * 2**20  # of a file, and of what an XLSX unpacks to
MAX_ROWS = 200_000  # with anything in them
MAX_COLUMNS = 200

# Where a cell begins with one of these, a spreadsheet program may run it.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True)
class Formula:
    """A formula, or its error, where a value should be."""

    text: str


# The rows of a sheet that have anything in them, by the number that a spreadsheet shows.
Grid = dict[int, list[object]]


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
