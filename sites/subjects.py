"""Who a standard is about, read from the records."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sites.choices import Subject
from sites.models import Standard
from sites.packing import read_columns
from sites.verdicts import Floats, Ints, Located

# A page by code, as `packing` asks: all, those of a division by their prefix, or some codes.
VILLAGES = """
    SELECT v.code, v.name, ST_X(v.location) AS lon, ST_Y(v.location) AS lat,
           v.position_error_m AS error, v.setting, v.population, v.township_id AS township,
           t.parent_id AS county
    FROM sites_village v JOIN sites_region t ON t.code = v.township_id
    WHERE (v.setting = ANY(%(settings)s) OR %(settings)s = '{}')
      AND v.code > %(after)s AND v.code BETWEEN %(region)s AND %(region)s || '999999999999'
      AND (%(only)s::text[] IS NULL OR v.code = ANY(%(only)s))
    ORDER BY v.code LIMIT %(page)s"""

# A township's or county's people are its villages' people.
DIVISIONS = """
    SELECT r.code, r.name, ST_X(r.seat) AS lon, ST_Y(r.seat) AS lat, r.seat_error_m AS error,
           '' AS setting,
           (SELECT sum(v.population) FROM sites_village v WHERE v.township_id IN (
                SELECT r.code UNION ALL SELECT t.code FROM sites_region t WHERE t.parent_id = r.code
            )) AS population,
           r.code AS township, CASE r.level WHEN 'county' THEN r.code ELSE r.parent_id END AS county
    FROM sites_region r WHERE r.level = %(level)s AND r.statutory
      AND r.code > %(after)s AND r.code BETWEEN %(region)s AND %(region)s || '999999999999'
      AND (%(only)s::text[] IS NULL OR r.code = ANY(%(only)s))
    ORDER BY r.code LIMIT %(page)s"""

TEXTS = ("code", "name", "setting", "township", "county")
NUMBERS = ("lon", "lat", "error", "population")


@dataclass(frozen=True)
class Subjects:
    """Who a standard is about, sorted by code: n subjects with what the tables show of them."""

    codes: list[str]
    names: list[str]
    located: Located
    settings: list[str]
    population: Floats  # NaN where not known
    townships: list[str]  # a county has its own code here
    counties: list[str]

    def take(self, chosen: Ints) -> "Subjects":
        """Only the subjects at these places."""
        located = Located(self.located.points[chosen], self.located.errors[chosen])
        texts = (self.codes, self.names, self.settings, self.townships, self.counties)
        codes, names, settings, townships, counties = ([t[i] for i in chosen] for t in texts)
        return Subjects(
            codes, names, located, settings, self.population[chosen], townships, counties
        )


def read_subjects(
    standard: Standard, region: str = "", only: Sequence[str] | None = None
) -> Subjects:
    """Villages of the standard's settings, or the statutory townships or counties, by code.

    `region`: those whose code begins so; `only`: those with these codes.
    """
    sql = VILLAGES if standard.subject == Subject.VILLAGE else DIVISIONS
    asked = {"settings": standard.settings, "level": standard.subject}
    asked |= {"region": region, "only": None if only is None else list(only)}
    (codes, names, *homes), (lon, lat, errors, population) = read_columns(
        sql, TEXTS, NUMBERS, **asked
    )
    settings, townships, counties = homes
    located = Located(np.column_stack([lon, lat]), errors)
    return Subjects(codes, names, located, settings, population, townships, counties)
