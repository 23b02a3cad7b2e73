"""Drive a plan again from its numbers alone; shares no code with the planner."""


def faults(problem, plan):
    """Every rule that the plan breaks, as sentences; [] where it can be driven as it says."""
    found, seen = [], set()
    beds = set(problem.beds)
    by_team = {}
    for day in plan.days:
        by_team.setdefault(day.team, []).append(day)
    for index, team in enumerate(problem.teams):
        days = sorted(by_team.get(index, []), key=lambda each: each.day)
        worked = [d for d, shift in enumerate(team.shifts) if shift is not None]
        if [each.day for each in days] != worked:
            found.append(f"team {index} has days {[d.day for d in days]}, not {worked}")
            continue
        at = team.home if team.start is None else team.start
        for each in days:
            if each.start != at:
                found.append(f"team {index} wakes at {each.start} on {each.day}, slept at {at}")
            at = each.end
            last = each.day == worked[-1]
            fixed = team.nights[each.day] if team.nights else None
            if fixed is not None and at != fixed:
                found.append(f"night {each.day} is fixed at {fixed}, not {at}")
            if fixed is None and last and at != team.home:
                found.append(f"team {index} ends at {at}, not at home")
            if fixed is None and not last and at != team.home and at not in beds:
                found.append(f"team {index} sleeps at {at}, which is no bed")
            found += day_faults(
                problem, team, index, each, limited=not last and fixed is None and at != team.home
            )
            for visit in each.visits:
                if visit.call in seen:
                    found.append(f"call {visit.call} twice")
                seen.add(visit.call)
    wanted = set(range(len(problem.calls))) - seen
    if plan.left_out and set(plan.left_out) != wanted:
        found.append("left_out is not what is left out")
    worth = sum(problem.calls[call].value for call in seen)
    units = {unit for call in seen for unit in problem.calls[call].serves}
    worth += sum(problem.worth[unit] for unit in units)
    worth += sum(bonus(problem, day, visit) for day in plan.days for visit in day.visits)
    if worth != plan.value:
        found.append(f"value {plan.value}, counted {worth}")
    return found


def bonus(problem, day, visit):
    """What the visit is worth more because of its day."""
    given = problem.calls[visit.call].bonus
    return given[day.day] if len(given) else 0


def day_faults(problem, team, index, day, *, limited):
    found = []
    shift = team.shifts[day.day]
    now, at = day.left_at, day.start
    if now < shift[0]:
        found.append("left before the shift")
    for visit in day.visits:
        call = problem.calls[visit.call]
        now += problem.travel[at][call.place]
        if visit.arrive != now:
            found.append(f"arrives at {visit.arrive}, should be {now}")
        if visit.begin < visit.arrive or visit.leave != visit.begin + call.minutes:
            found.append(f"visit {visit} does not last {call.minutes}")
        if not any(a <= visit.begin and visit.leave <= b for a, b in spans(call, day.day)):
            found.append(f"visit {visit} is outside its windows")
        if call.teams is not None and index not in call.teams:
            found.append(f"team {index} may not make call {visit.call}")
        now, at = visit.leave, call.place
    leg = problem.travel[at][day.end]
    if day.back_at != now + leg:
        found.append(f"back at {day.back_at}, should be {now + leg}")
    if day.back_at > shift[1]:
        found.append("back after the shift")
    if team.max_duty is not None and day.back_at - day.left_at > team.max_duty:
        found.append("too long a duty")
    if limited and problem.beds and problem.max_to_bed is not None and leg > problem.max_to_bed:
        found.append(f"the bed is {leg} minutes away")
    return found


def spans(call, day):
    window = call.windows[day]
    if not window:
        return []
    return [window] if isinstance(window[0], int) else list(window)
