"""The names of programmes and troupes, and the kinds of events, for an index of names."""

from sites import kind_words
from sites.finding import Entries
from sites.names import kind_entries, read_entries

_NAMES = """
SELECT code, name, '' AS former, '{type}' AS type, '' AS region,
       NULL AS opened, NULL AS closed, 0 AS behind
FROM {table} WHERE code > %(after)s ORDER BY code LIMIT %(page)s"""


def entries() -> Entries:
    """All programmes and troupes by their names, and the kinds of events."""
    return Entries.joined([
        kind_entries("event-kind", kind_words.EVENTS),
        read_entries(_NAMES.format(type="troupe", table="events_troupe")),
        read_entries(_NAMES.format(type="programme", table="events_programme")),
    ])  # fmt: skip
