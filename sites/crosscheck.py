"""Recompute every stored fact in SQL, independently of the code that stored it, and compare.

PostGIS measures the distances and its own joins find who lies where; nothing of `coverage`,
`verdicts` or `geodesy` is used, so that a mistake there cannot hide here.
"""

import datetime
from collections.abc import Iterator

from django.db import connection, transaction
from django.utils.translation import gettext as _

from sites import clock, roads, travel
from sites.models import Standard

TOLERANCE_M = 0.001  # stored and recomputed distances may differ by a millimetre

# Two programs round the same geodesic differently by nanometres; a micrometre on the limit keeps
# a place exactly at the limit inside it.
RULE = """
rule AS (
    SELECT id, subject, settings, kinds, tiers, min_count, months, min_events, event_kinds,
           min_attendance, NULLIF(max_distance_m, 'null') AS max_distance_m, max_minutes,
           num_nonnulls(NULLIF(max_distance_m, 'null'), max_minutes) > 0 AS by_distance
    FROM sites_standard WHERE id = %(standard)s),
who AS (
    SELECT v.code, v.location AS point, v.position_error_m AS error, v.setting
    FROM rule JOIN sites_village v
      ON rule.subject = 'village' AND (cardinality(rule.settings) = 0 OR v.setting = ANY(rule.settings))
    UNION ALL
    SELECT r.code, r.seat, r.seat_error_m, ''
    FROM rule JOIN sites_region r ON r.level = rule.subject AND r.statutory),
pace AS (
    SELECT DISTINCT ON (s.setting) s.setting, t.speed_kmh::float8, t.detour::float8
    FROM (SELECT DISTINCT setting FROM who) s JOIN sites_travelspeed t ON t.setting IN ('', s.setting)
     AND (%(month)s - t.first_month + 12) %% 12 <= (t.last_month - t.first_month + 12) %% 12
    ORDER BY s.setting, t.setting = '', (t.last_month - t.first_month + 12) %% 12, t.first_month),
subject AS (
    SELECT who.code, who.point::geography AS place, who.error, rule.by_distance,
           0.000001 + CASE
               WHEN max_minutes IS NOT NULL
               THEN max_minutes::float8 / 60 * COALESCE(pace.speed_kmh, %(kmh)s) * 1000 / COALESCE(pace.detour, %(detour)s)
               WHEN jsonb_typeof(max_distance_m) = 'object' THEN (max_distance_m ->> who.setting)::float8
               ELSE (max_distance_m #>> '{}')::float8 END AS allowed
    FROM who CROSS JOIN rule LEFT JOIN pace ON pace.setting = who.setting)"""

PLACE_CLAUSE = """
site AS (
    SELECT s.code, s.location::geography AS place, s.position_error_m AS error,
           CASE rule.subject WHEN 'village' THEN s.village_id WHEN 'township' THEN v.township_id
                             ELSE s.county_id END AS home
    FROM rule JOIN sites_site s ON s.kind = ANY(rule.kinds)
    LEFT JOIN sites_village v ON v.code = s.village_id
    WHERE (cardinality(rule.tiers) = 0 OR s.tier = ANY(rule.tiers))
      AND COALESCE(s.opened_on <= %(on)s, true) AND COALESCE(s.closed_on > %(on)s, true)),
measured AS (
    SELECT subject.code AS subject, site.code AS site, subject.by_distance, subject.allowed,
           COALESCE(site.home = subject.code, false) AS own, subject.error + site.error AS error,
           ST_Distance(subject.place, site.place, true) AS metres
    FROM subject CROSS JOIN site),
judged AS (
    SELECT subject, site, metres, own AND NOT by_distance AS preferred,
           CASE WHEN by_distance THEN COALESCE(metres <= allowed, false) ELSE own END AS counts,
           CASE WHEN by_distance THEN COALESCE(metres + error <= allowed, false) ELSE own END AS sure,
           CASE WHEN by_distance THEN COALESCE(metres - error <= allowed, true) ELSE own END AS possible,
           row_number() OVER (PARTITION BY subject ORDER BY metres, site) AS nth
    FROM measured),
own_site AS (
    SELECT subject, site, metres, row_number() OVER (PARTITION BY subject ORDER BY metres, site) AS nth
    FROM judged WHERE preferred),
places AS (
    SELECT judged.subject, count(*) FILTER (WHERE counts) AS counted,
           count(*) FILTER (WHERE sure) AS fewest, count(*) FILTER (WHERE possible) AS most,
           min(site) FILTER (WHERE nth = min_count AND metres IS NOT NULL) AS nearest,
           min(metres) FILTER (WHERE nth = min_count) AS metres
    FROM judged, rule GROUP BY judged.subject)"""

REACH_CLAUSE = """
held AS (
    SELECT e.code, e.site_id, e.village_id, (e.starts_at AT TIME ZONE 'Asia/Shanghai')::date AS day
    FROM rule JOIN events_event e ON e.status = 'held' AND rule.months IS NOT NULL
    JOIN events_programme g ON g.code = e.programme_id
    WHERE (cardinality(rule.event_kinds) = 0 OR g.kind = ANY(rule.event_kinds))
      AND (rule.min_attendance IS NULL OR e.attendance >= rule.min_attendance)),
event AS (
    SELECT held.*, day > %(since)s AS recent, COALESCE(s.location, f.location, v.location) AS point,
           COALESCE(s.position_error_m, f.position_error_m, v.position_error_m) AS error
    FROM held LEFT JOIN sites_site s ON s.code = held.site_id
    LEFT JOIN sites_village v ON v.code = held.village_id
    LEFT JOIN sites_site f ON f.code = (
        SELECT min(front.code) FROM sites_site front
        WHERE front.village_id = held.village_id AND front.kind = 'front'
          AND COALESCE(front.opened_on <= held.day, true) AND COALESCE(front.closed_on > held.day, true))
    WHERE held.day <= %(on)s),
spot AS MATERIALIZED (SELECT DISTINCT point, error, point::geography AS place FROM event WHERE point IS NOT NULL),
seen AS MATERIALIZED (
    SELECT subject.code AS subject, subject.allowed, spot.point, spot.error AS spot_error,
           subject.error + spot.error AS error, ST_Distance(subject.place, spot.place, true) AS metres
    FROM subject JOIN spot ON subject.by_distance
     AND ST_DWithin(subject.place, spot.place, subject.allowed + subject.error + spot.error + 1, true)),
visited AS (
    SELECT code AS event, village_id AS village FROM event
    UNION SELECT event.code, s.village_id FROM event JOIN sites_site s ON s.code = event.site_id
    UNION SELECT event.code, r.village_id FROM event JOIN events_reach r ON r.event_id = event.code),
member AS (
    SELECT visited.event, CASE rule.subject WHEN 'village' THEN v.code WHEN 'township' THEN t.code
                                            ELSE t.parent_id END AS subject
    FROM rule, visited JOIN sites_village v ON v.code = visited.village
    JOIN sites_region t ON t.code = v.township_id
    UNION
    SELECT event.code, s.county_id FROM rule JOIN event ON rule.subject = 'county'
    JOIN sites_site s ON s.code = event.site_id),
touch AS (
    SELECT subject, event, true AS counts, true AS sure, true AS possible FROM member
    UNION ALL
    SELECT seen.subject, event.code, metres <= allowed, metres + seen.error <= allowed,
           metres - seen.error <= allowed
    FROM seen JOIN event ON event.point = seen.point AND event.error = seen.spot_error
    UNION ALL
    SELECT subject.code, event.code, false, false, true FROM subject JOIN event
      ON subject.by_distance AND num_nulls(subject.place, subject.allowed, event.point) > 0),
once AS (
    SELECT touch.subject, event.day, event.recent, bool_or(counts) AS counts, bool_or(sure) AS sure,
           bool_or(possible) AS possible
    FROM touch JOIN event ON event.code = touch.event
    GROUP BY touch.subject, event.code, event.day, event.recent),
visits AS (
    SELECT subject, count(*) FILTER (WHERE counts AND recent) AS counted,
           count(*) FILTER (WHERE sure AND recent) AS fewest,
           count(*) FILTER (WHERE possible AND recent) AS most,
           max(day) FILTER (WHERE counts) AS last_event_on
    FROM once GROUP BY subject)"""

VERDICTS = """
clauses AS (
    SELECT subject.code AS subject, cardinality(rule.kinds) > 0 AS asks_place,
           rule.months IS NOT NULL AS asks_reach,
           COALESCE(p.counted, 0) >= min_count AS built,
           (COALESCE(p.fewest, 0) >= min_count) = (COALESCE(p.most, 0) >= min_count) AS built_sure,
           COALESCE(r.counted, 0) >= min_events AS reached,
           (COALESCE(r.fewest, 0) >= min_events) = (COALESCE(r.most, 0) >= min_events) AS reached_sure,
           COALESCE(o.site, p.nearest) AS nearest,
           CASE WHEN o.site IS NULL THEN p.metres ELSE o.metres END AS distance_m,
           r.last_event_on
    FROM rule CROSS JOIN subject LEFT JOIN places p ON p.subject = subject.code
    LEFT JOIN own_site o ON o.subject = subject.code AND o.nth = min_count
    LEFT JOIN visits r ON r.subject = subject.code),
expected AS (
    SELECT subject, CASE WHEN asks_place THEN built END AS built,
           CASE WHEN asks_reach THEN reached END AS reached,
           (built OR NOT asks_place) AND (reached OR NOT asks_reach) AS met,
           (built_sure OR NOT asks_place) AND (reached_sure OR NOT asks_reach) AS certain,
           nearest, distance_m, CASE WHEN asks_reach THEN last_event_on END AS last_event_on
    FROM clauses),
stored AS (
    SELECT subject, built, reached, met, certain, nearest_id AS nearest, distance_m, last_event_on
    FROM sites_coverage WHERE standard_id = %(standard)s)
SELECT COALESCE(e.subject, s.subject), to_jsonb(s), to_jsonb(e)
FROM expected e FULL JOIN stored s ON s.subject = e.subject
WHERE (e.subject, e.built, e.reached, e.met, e.certain, e.last_event_on)
      IS DISTINCT FROM (s.subject, s.built, s.reached, s.met, s.certain, s.last_event_on)
   OR (e.nearest IS DISTINCT FROM s.nearest AND NOT EXISTS (
       SELECT FROM measured m WHERE m.subject = e.subject AND m.site = s.nearest
       AND abs(m.metres - e.distance_m) <= %(tolerance)s))
   OR (e.distance_m IS NULL) <> (s.distance_m IS NULL)
   OR abs(e.distance_m - s.distance_m) > %(tolerance)s
ORDER BY 1"""

# Right after a bulk load there are no statistics yet; nested loops would then take minutes.
STEADY = "SET LOCAL enable_nestloop = off; SET LOCAL jit = off; SET LOCAL work_mem = '256MB'"

FACTS = f"WITH {RULE}, {PLACE_CLAUSE}, {REACH_CLAUSE}, {VERDICTS}"


def differences(today: datetime.date) -> list[str]:
    """A sentence for each stored fact that PostGIS does not confirm; [] when all are right.

    Compared for every standard in effect today: both clauses, the verdict, its certainty, the
    day of the last event, and the nearest site with its distance to 1 mm.
    """
    standards = Standard.objects.effective_on(today).select_related("evaluation")
    by_road = {standard.pk for standard in skipped(today)}
    return [
        line
        for standard in standards
        if standard.pk not in by_road
        for line in _differences(standard, today)
    ]


def skipped(today: datetime.date) -> list[Standard]:
    """The standards that a routing server decides, which SQL cannot confirm; [] without one."""
    if not roads.server():
        return []
    in_minutes = Standard.objects.effective_on(today).filter(max_minutes__isnull=False)
    return list(in_minutes.exclude(kinds=[]))


def _differences(standard: Standard, today: datetime.date) -> Iterator[str]:
    if getattr(standard, "evaluation", None) is None or standard.evaluation.day != today:
        yield _("标准 %(standard)s:没有 %(day)s 的结果。") % {
            "standard": standard.code,
            "day": today,
        }
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STEADY)
        cursor.execute(FACTS, _parameters(standard, today))
        for subject, stored, expected in cursor.fetchall():
            yield _explained(standard, subject, stored, expected)


def _parameters(standard: Standard, today: datetime.date) -> dict[str, object]:
    return {
        "standard": standard.pk,
        "on": today,
        "since": clock.months_before(today, standard.months or 0),
        "month": today.month,
        "kmh": travel.DEFAULT.kmh,
        "detour": travel.DEFAULT.detour,
        "tolerance": TOLERANCE_M,
    }


def _explained(standard: Standard, subject: str, stored: object, expected: object) -> str:
    return _("标准 %(standard)s,对象 %(subject)s:存有 %(stored)s,应为 %(expected)s。") % {
        "standard": standard.code,
        "subject": subject,
        "stored": stored,
        "expected": expected,
    }
