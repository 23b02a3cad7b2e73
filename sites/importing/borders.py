"""Positions that lie in another county than the record says."""

from collections.abc import Sequence

from django.db import connection
from django.utils.translation import gettext as _

from sites.choices import CODE_LENGTH, Level
from sites.importing.columns import Kind
from sites.importing.drafts import Draft
from sites.importing.positions import as_given
from sites.importing.values import is_blank

TOLERANCE_M = 1_000.0  # boundaries are simplified: some hundred points around a county

# A stated county without a boundary, and a point in no county at all, tell nothing.
_ELSEWHERE = """
SELECT given.i, actual.name, stated.name
FROM unnest(%s::int[], %s::float8[], %s::float8[], %s::float8[], %s::text[])
     AS given (i, lon, lat, metres, county)
CROSS JOIN LATERAL ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS point
JOIN sites_region stated ON stated.code = given.county AND stated.boundary IS NOT NULL
JOIN sites_region actual ON actual.level = %s AND actual.code <> stated.code
     AND ST_Covers(actual.boundary, point)
WHERE NOT ST_DWithin(stated.boundary::geography, point::geography, metres)
"""


def check(kind: Kind, drafts: Sequence[Draft]) -> None:
    """Refuse a position that its row places in one county while it lies in another, in one query.

    It may be outside of the stated county by its own error, or by 1 km.
    """
    placed = [draft for draft in drafts if _is_placed(kind, draft)]
    points = [getattr(draft.record, kind.point) for draft in placed]
    metres = [float(max(TOLERANCE_M, draft.record.position_error_m)) for draft in placed]
    counties = [min(draft.places)[: CODE_LENGTH[Level.COUNTY]] for draft in placed]
    ordinates = [point.x for point in points], [point.y for point in points]
    with connection.cursor() as cursor:
        given = [list(range(len(placed))), *ordinates, metres, counties]
        cursor.execute(_ELSEWHERE, [*given, Level.COUNTY])
        elsewhere = {i: (actual, stated) for i, actual, stated in cursor}
    for i, (actual, stated) in elsewhere.items():
        _refuse(placed[i], actual, stated)


def _is_placed(kind: Kind, draft: Draft) -> bool:
    """Whether the row gives a position, or a county, to a record that has both."""
    given = kind.point in draft.values or draft.given("county")
    return bool(given and draft.places and getattr(draft.record, kind.point))


def _refuse(draft: Draft, actual: str, stated: str) -> None:
    if not is_blank(draft.row.cells.get("county")):
        message = _("坐标在%(actual)s,而旗县区写的是%(stated)s;请核对坐标和旗县区")
    else:
        message = _("坐标在%(actual)s,而记录属于%(stated)s;请核对坐标和代码")
    message %= {"actual": actual, "stated": stated}
    if draft.given("lon"):
        draft.refuse("lon", message, as_given(draft))
    else:
        draft.refuse("county", message)
