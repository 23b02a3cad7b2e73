"""The names of programmes, for an index of names."""

from sites.finding import Entries
from sites.names import read_entries

_PROGRAMMES = """
SELECT code, name, '' AS former, 'programme' AS type, '' AS region,
       NULL AS opened, NULL AS closed, 0 AS behind
FROM events_programme WHERE code > %(after)s ORDER BY code LIMIT %(page)s"""


def entries() -> Entries:
    """All programmes by their names."""
    return read_entries(_PROGRAMMES)
