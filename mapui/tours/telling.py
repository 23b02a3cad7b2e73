"""A tour as the API and the pages tell it, from its rows; a fixed number of queries."""

from collections.abc import Iterable
from typing import Any

from events.choices import Approval, ApprovalState, Nights, Status
from events.errors import NoHomeError
from events.models import Lodging, Stop, Tour, TourDay
from events.tours import busy, rules
from events.tours.crews import Crew, crews
from events.tours.edits import Edit
from mapui.tours import words
from sites import clock
from sites.models import Village

Json = dict[str, Any]


def told(tour: Tour) -> Json:
    """Everything about a tour: what is pinned for outsiders, and what its page shows besides."""
    days = list(tour.team_days.select_related("sleeps_at").order_by("date", "team"))
    stops = list(
        tour.stops.select_related("village", "village__township", "site", "event").order_by("order")
    )
    names = _names(tour, stops)
    teams = teams_of(tour)
    team_names = [crew.name for crew in teams]
    summed = sums(tour, teams, days, stops)
    return {
        "id": tour.pk,
        "name": tour.name,
        "status": tour.status,
        "version": tour.version,
        "failure": tour.failure,
        "detail": tour.failure or words.empty(tour.status, stops),
        "troupe": tour.troupe_id,
        "troupe_name": tour.troupe.name,
        "programme": tour.programme_id,
        "programme_name": tour.programme.name,
        "start": tour.start.isoformat(),
        "last": tour.last.isoformat(),
        "value": tour.value,
        "travel": tour.travel,
        "progress": {k: v for k, v in tour.progress.items() if k not in ("from", "attempts")},
        "can_undo": tour.versions.exists(),
        "notes": busy.sentences(tour),
        "days": [_day(day, [s for s in stops if s.day_id == day.pk], team_names) for day in days],
        "left_out": [_left_out(reason, names) for reason in tour.left_out],
        "events": [stop.event_id for stop in stops if stop.event_id],
        "sums": summed,
        "costs": costs(tour, summed),
        "approvals": approvals(tour),
    }


def costs(tour: Tour, told: Json) -> Json:
    """What a tour costs: of each part the amount, the rate that the tour asks for and the sum."""
    asked, parts, yuan = rules.read(tour.rules), told["cost_parts"], told["costs"]
    return {
        "fuel": {"km": told["km"], "yuan_per_100_km": asked.fuel_yuan, "yuan": yuan["fuel"]},
        "lodging": {
            "bed_nights": parts["bed_nights"],
            "yuan_per_bed": asked.lodging_yuan,
            "yuan": yuan["lodging"],
        },
        "allowances": {
            "person_days": parts["person_days"],
            "yuan_per_person_day": asked.allowance_yuan,
            "yuan": yuan["allowances"],
        },
        "total_yuan": told["cost_yuan"],
    }


def approvals(tour: Tour) -> list[Json]:
    """What the tour may need a permission for, and how that stands; to be asked unless told."""
    unknown = {"state": ApprovalState.TO_ASK.value, "note": "", "date": None}
    found = []
    for what in Approval:
        told = unknown | tour.approvals.get(what.value, {})
        state = str(ApprovalState(told["state"]).label)
        found.append({"what": what.value, "name": str(what.label), **told, "state_name": state})
    return found


def replaced(answer: Json, visited: set[str], edit: Edit) -> Json:
    """Who dropped out of a tour, who came in instead, and both in a sentence."""
    stops = {stop["village"]: (day, stop) for day in answer["days"] for stop in day["stops"]}
    gone = sorted(edit.thrown_out & visited - set(stops))
    came = [
        {"village": code, "name": stop["name"], "team": day["team"], "date": day["date"]}
        | {"begin": stop["begin"]}
        for code, (day, stop) in stops.items()
        if code not in visited and code not in edit.placed
    ]
    return {"replaced": {"gone": gone, "came": came, "sentence": words.replaced(came, gone)}}


def _names(tour: Tour, stops: Iterable[Stop]) -> dict[str, str]:
    """The names of all villages that the answer speaks of."""
    codes = {reason["village"] for reason in tour.left_out}
    codes |= {code for reason in tour.left_out for code in reason.get("villages", ())}
    codes |= {stop.village_id for stop in stops}
    return dict(Village.objects.filter(pk__in=codes).values_list("code", "name"))


def _day(day: TourDay, stops: list[Stop], team_names: list[str]) -> Json:
    known = day.team <= len(team_names)
    return {
        "team": day.team,
        "team_name": team_names[day.team - 1] if known else str(day.team),
        "date": day.date.isoformat(),
        "leaves": _moment(day.leaves_at),
        "back": _moment(day.back_at),
        "drive_min": day.drive_min,
        "drive_m": day.drive_m,
        "drive_estimated": day.drive_estimated,
        "sleeps_at": day.sleeps_at and day.sleeps_at.name,
        "bed": day.sleeps_at_id,
        "bed_lon_lat": day.sleeps_at and list(day.sleeps_at.location.coords),
        "bed_pinned": day.bed_pinned,
        "resumes": day.resumes_at and _moment(day.resumes_at),
        "resumes_sentence": words.resumes(day, stops),
        "broken": [words.fault(fault) for fault in day.broken],
        "stops": [_stop(stop) for stop in stops],
    }


def _stop(stop: Stop) -> Json:
    place = stop.site.location if stop.site else stop.village.location
    return {
        "village": stop.village_id,
        "name": stop.village.name,
        "township": stop.village.township.name,
        "site": stop.site_id,
        "lon": place and place.x,
        "lat": place and place.y,
        "arrive": _moment(stop.arrive),
        "begin": _moment(stop.begin),
        "leave": _moment(stop.leave),
        "drive_min": stop.drive_min,
        "drive_m": stop.drive_m,
        "drive_estimated": stop.drive_estimated,
        "value": stop.value,
        "why": words.why(stop.why),
        "worth": words.worth(stop.why),
        "parts": stop.why,
        "pinned": stop.pinned,
        "state": stop.state,
        "note": stop.note,
        "broken": [words.fault(fault) for fault in stop.broken],
        "event": stop.event_id,
        "held": bool(stop.event and stop.event.status == Status.HELD),
    }


def _moment(moment: Any) -> str:
    return moment.astimezone(clock.SHANGHAI).isoformat(timespec="minutes")


def _left_out(reason: Json, names: dict[str, str]) -> Json:
    return {
        "village": reason["village"],
        "name": names.get(reason["village"], reason["village"]),
        "code": reason["code"],
        "detail": words.left_out(reason, names),
        "points": reason.get("points"),
        "must": reason.get("must", False),
    }


def sums(tour: Tour, teams: list[Crew], days: list[TourDay], stops: list[Stop]) -> Json:
    """What a tour comes to: visits, villages newly covered, people, the road, nights and yuan."""
    asked = rules.read(tour.rules)
    people = [stop.village.population for stop in stops]
    metres = sum(each.drive_m for each in (*days, *stops))
    minutes = sum(each.drive_min for each in (*days, *stops))
    crew_of = {k: crew.people for k, crew in enumerate(teams, 1)}
    away = [day for day in days if day.sleeps_at_id] if tour.nights == Nights.AWAY else []
    fuel = round(metres / 100_000 * asked.fuel_yuan)
    beds = sum(
        crew_of.get(day.team, 1) * (day.sleeps_at.yuan or asked.lodging_yuan) for day in away
    )
    worked = [day for day in days if any(stop.day_id == day.pk for stop in stops)]
    allowances = sum(crew_of.get(day.team, 1) * asked.allowance_yuan for day in worked)
    return {
        "stops": len(stops),
        "newly": len({code for stop in stops for code in stop.why.get("newly", ())}),
        "people": sum(known for known in people if known),
        "people_unknown": sum(known is None for known in people),
        "km": round(metres / 1000),
        "drive_hours": round(minutes / 60, 1),
        "legs_estimated": sum(each.drive_estimated for each in (*days, *stops)),
        "nights": len(away),
        "cost_yuan": fuel + beds + allowances,
        "costs": {"fuel": fuel, "lodging": beds, "allowances": allowances},
        "cost_parts": {
            "bed_nights": sum(crew_of.get(day.team, 1) for day in away),
            "person_days": sum(crew_of.get(day.team, 1) for day in worked),
        },
    }


def teams_of(tour: Tour) -> list[Crew]:
    """The tour's teams; none where it has no home, which planning has said."""
    try:
        return crews(tour)
    except NoHomeError:
        return []


def beds() -> list[Json]:
    """Every place to sleep, for the choice of another one."""
    rows = Lodging.objects.order_by("name").values_list("code", "name", "beds")
    return [{"code": code, "name": name, "beds": count} for code, name, count in rows]
