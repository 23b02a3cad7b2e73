"""The shapes of answers, as OpenAPI components. Answers are bytes; these describe them."""

from typing import Any

from events.choices import TourStatus


def _object(description: str = "", **properties: Any) -> dict[str, Any]:
    return {"type": "object", "description": description, "properties": properties}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


TEXT = {"type": "string"}
CODE = {"type": "string", "examples": ["150203-0001"]}
WHOLE = {"type": "integer"}
TEXT_OR_NULL = {"type": ["string", "null"]}
NUMBER = {"type": ["number", "null"]}
COUNT = {"type": ["integer", "null"]}
VERDICT = {"type": ["boolean", "null"]}
RESULT_TYPES = [
    *("region", "site", "village", "place", "service", "front", "programme", "event"),
    *("troupe", "event-kind", "site-kind"),
]
FEATURE = {"$ref": "#/components/schemas/Feature"}

SCHEMAS = {
    "Problem": _object(
        "What went wrong (RFC 9457).",
        type=TEXT,
        title=TEXT,
        status=WHOLE,
        detail=TEXT,
        errors=_list(_object(parameter=TEXT, given={}, allowed={}, message=TEXT)),
    ),
    "Feature": _object(
        "A GeoJSON feature; `id` is the record's code.",
        type={"const": "Feature"},
        id=CODE,
        geometry={"type": ["object", "null"]},
        properties={"type": "object"},
    ),
    "FeatureCollection": _object(
        "GeoJSON features; `numberMatched` counts all that fit, `numberReturned` those given.",
        type={"const": "FeatureCollection"},
        numberMatched=WHOLE,
        numberReturned=WHOLE,
        features=_list(FEATURE),
    ),
    "SearchResults": _object(
        results=_list(
            _object(
                type={"type": "string", "enum": RESULT_TYPES},
                code=CODE,
                name=TEXT,
                region=TEXT_OR_NULL,
                region_name=TEXT_OR_NULL,
                lon=NUMBER,
                lat=NUMBER,
                former_name=TEXT_OR_NULL,
                fit=TEXT,
                starts_at=TEXT_OR_NULL,
                url=TEXT,
            )
        )
    ),
    "Standards": _list(
        _object(
            code=TEXT,
            name=TEXT,
            sentence=TEXT,
            subject=TEXT,
            settings=_list(TEXT),
            kinds=_list(TEXT),
            tiers=_list(TEXT),
            min_count=WHOLE,
            max_distance_m={"description": "One number, one per setting, or null."},
            max_minutes=COUNT,
            months=COUNT,
            min_events=WHOLE,
            event_kinds=_list(TEXT),
            min_attendance=COUNT,
            source=TEXT,
            provenance=TEXT,
            effective_from=TEXT,
            effective_to={"type": ["string", "null"]},
        )
    ),
    "WhatIf": _object(
        "Codes of subjects that come to meet the standard (`gained`) or its clause about places.",
        before={"$ref": "#/components/schemas/Counts"},
        after={"$ref": "#/components/schemas/Counts"},
        gained=_list(CODE),
        lost=_list(CODE),
        built_gained=_list(CODE),
        built_lost=_list(CODE),
    ),
    "Siting": _object(
        "Chosen places with the codes that each gains; `unique` is null where not known.",
        status={"type": "string", "enum": ["optimal", "feasible"]},
        objective={"type": "number"},
        bound={"type": "number"},
        unique=VERDICT,
        sentence=TEXT,
        gains_means={"type": "string", "enum": ["met", "built", "nearer"]},
        measure={"type": "string", "enum": ["distance", "minutes"]},
        average=NUMBER,
        chosen=_list(
            _object(
                lon={"type": "number"},
                lat={"type": "number"},
                village={"type": ["string", "null"]},
                name=TEXT,
                gains=_list(CODE),
            )
        ),
        met_before=WHOLE,
        met_after=WHOLE,
        built_before=WHOLE,
        built_after=WHOLE,
        out_of_reach=_list(CODE),
        need_more=_list(CODE),
        unknown=_list(CODE),
        uncounted=_list(CODE),
        estimated=COUNT,
    ),
    "Candidates": _object(
        "Places to choose from, as siting takes them.",
        candidates=_list(_object(name=TEXT, lon={"type": "number"}, lat={"type": "number"})),
    ),
    "Scenarios": _list({"$ref": "#/components/schemas/Scenario"}),
    "Scenario": _object(
        "Kept places added, removed and moved; read alone it also has what `WhatIf` has.",
        id=WHOLE,
        name=TEXT,
        standard=TEXT,
        note=TEXT,
        add=_list({"type": "object"}),
        remove=_list(CODE),
        move=_list({"type": "object"}),
        version=WHOLE,
        saved_at=TEXT,
    ),
    "Counts": _object(subjects=WHOLE, built=COUNT, reached=COUNT, met=WHOLE),
    "CoverageTable": _object(
        standard=TEXT,
        on={"type": "string", "format": "date"},
        as_of={"type": ["string", "null"], "format": "date-time"},
        by=TEXT,
        rows=_list(
            _object(
                "Shares are 0–1, percentiles linear; null distances are left out and counted.",
                code=TEXT,
                name=TEXT,
                subjects=WHOLE,
                built=COUNT,
                reached=COUNT,
                met=WHOLE,
                doubtful=WHOLE,
                met_least=WHOLE,
                met_most=WHOLE,
                share={"type": "number"},
                population=COUNT,
                population_met=COUNT,
                population_unknown=WHOLE,
                median_m=NUMBER,
                p90_m=NUMBER,
                max_m=NUMBER,
                without_distance=WHOLE,
            )
        ),
    ),
    "Tour": _object(
        "A tour; times are RFC 3339. Answers of its actions hold some of these.",
        id=WHOLE,
        status={"type": "string", "enum": list(TourStatus.values)},
        version=WHOLE,
        value=COUNT,
        days=_list(
            _object(
                team=WHOLE,
                date=TEXT,
                sleeps_at={"type": ["string", "null"]},
                stops=_list(
                    _object(village=TEXT, arrive=TEXT, leave=TEXT, drive_min=WHOLE, why=TEXT)
                ),
            )
        ),
        left_out=_list(_object(village=TEXT, code=TEXT, detail=TEXT)),
        events=_list(CODE),
    ),
}
