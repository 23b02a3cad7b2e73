"""A query's columns read in bulk, texts as lists and numbers as arrays; rows written by COPY.

A row of Python objects for each of a nation's villages would take three times as long, and all
of them at once three times the memory.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
from django.db import connection

from sites.verdicts import Floats

PAGE = 50_000
LINES_AT_ONCE = 1000
NULL = r"\N"  # what COPY reads as NULL
SEPARATOR = "\x1f"  # a character that no text has


def read_columns(
    sql: str, texts: Sequence[str], numbers: Sequence[str], **parameters: object
) -> tuple[list[list[str]], list[Floats]]:
    """The named columns of a query: each text as a list, each number as an array.

    `sql` must select `code`, only rows of a `code` above `%(after)s`, and end with
    `ORDER BY code LIMIT %(page)s`; the first of the texts must be `code`. NULL reads as "" among
    texts, NaN among numbers; truths read as 1 and 0. Equal texts of a page are one object.
    """
    packed = _packed(sql, texts, numbers)
    lists: list[list[str]] = [[] for _ in texts]
    arrays: list[list[Floats]] = [[np.empty(0)] for _ in numbers]
    after, count = "", PAGE
    while count == PAGE:
        with connection.cursor() as cursor:
            cursor.execute(packed, {**parameters, "after": after, "page": PAGE})
            count, *row = cursor.fetchone()
        if not count:
            break
        for column, text in zip(lists, row[: len(texts)], strict=True):
            column.extend(_split(text))
        for array, data in zip(arrays, row[len(texts) :], strict=True):
            array.append(np.frombuffer(data, ">f8").astype(float))
        after = lists[0][-1]
    return lists, [np.concatenate(parts) for parts in arrays]


def _packed(sql: str, texts: Sequence[str], numbers: Sequence[str]) -> str:
    """One row of a page: how many rows it has, its texts joined, its numbers' bytes joined."""
    columns = [f"string_agg(COALESCE({name}, ''), E'\\x1f')" for name in texts]
    columns += [
        f"string_agg(float8send(COALESCE({name}::float8, 'NaN')), ''::bytea)" for name in numbers
    ]
    return f"SELECT count(*), {', '.join(columns)} FROM ({sql}) AS page"  # noqa: S608


def _split(text: str) -> list[str]:
    """The texts, equal ones as one object: a few settings and townships for many villages."""
    known: dict[str, str] = {}
    return [known.setdefault(each, each) for each in text.split(SEPARATOR)]


def copy_in(table: str, columns: Sequence[str], rows: Iterator[tuple[str, ...]]) -> None:
    """COPY rows of texts (no tab, no backslash but in NULL) into a table."""
    sql = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor:
        cursor.copy_expert(sql, _Lines(rows))


class _Lines:
    """Rows as a file to COPY from: some are made while the server stores those before."""

    def __init__(self, rows: Iterator[tuple[str, ...]]) -> None:
        self._rows = rows

    def read(self, _size: int) -> str:
        """The next lines, whatever their size; "" after the last."""
        some = "\n".join(map("\t".join, islice(self._rows, LINES_AT_ONCE)))
        return f"{some}\n" if some else ""
