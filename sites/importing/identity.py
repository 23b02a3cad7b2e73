"""Which record a row means where it gives no code, and which division it belongs to."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from sites import geodesy
from sites.choices import CODE_LENGTH, Level
from sites.importing.drafts import Draft
from sites.models import Region, Site

SAME_SITE_M = 100.0
COUNTY_DIGITS = CODE_LENGTH[Level.COUNTY]
LISTED = 20  # counties that a message names


def give_codes(
    model: type[Model], wanting: Sequence[tuple[Draft, str]], used: Iterable[str]
) -> None:
    """Give each draft a new code that begins with its prefix; codes `used` in the file are taken."""
    codes = new_codes(model, [prefix for _draft, prefix in wanting], used)
    for (draft, _prefix), code in zip(wanting, codes, strict=True):
        draft.values["code"] = code


def new_codes(
    model: type[Model], prefixes: Sequence[str], used: Iterable[str] = ()
) -> Iterator[str]:
    """A new code for each prefix: it and the next serial, of four digits at least.

    Serials go on from the highest that the table or the codes `used` have.
    """
    distinct = set(prefixes)
    begins = Q(*[Q(code__startswith=prefix) for prefix in distinct], _connector=Q.OR)
    stored = model.objects.filter(begins).values_list("code", flat=True) if distinct else []
    last: dict[str, int] = defaultdict(int)
    for code in (*stored, *used):
        for prefix in (p for p in distinct if code.startswith(p)):
            serial = code.removeprefix(prefix)
            last[prefix] = max(last[prefix], int(serial) if serial.isdecimal() else 0)
    for prefix in prefixes:
        last[prefix] += 1
        yield f"{prefix}{last[prefix]:04d}"


def used_codes(drafts: Sequence[Draft]) -> list[str]:
    """The codes that rows give."""
    return [str(draft.values["code"]) for draft in drafts if draft.values.get("code")]


# Divisions


def find_parents(drafts: Sequence[Draft]) -> None:
    """A division's parent has the longest beginning of its code that any division has.

    A province has none, nor needs one that is stored without.
    """
    for draft in drafts:
        level = str(draft.values.get("level", ""))
        if level and len(str(draft.values["code"])) != CODE_LENGTH[Level(level)]:
            draft.refuse("code", _("%(level)s的代码应有 %(n)d 位") % _level_words(level))
    good = [draft for draft in drafts if not draft.problems]
    above = {str(draft.values["code"]): _ancestors(str(draft.values["code"])) for draft in good}
    wanted = {code for codes in above.values() for code in codes} | above.keys()
    stored = dict(Region.objects.filter(pk__in=wanted).values_list("pk", "parent"))
    for draft in good:
        code = str(draft.values["code"])
        parents = [each for each in above[code] if each in above or each in stored]
        draft.values["parent"] = parents[0] if parents else None
        stands_alone = stored.get(code, "") is None
        if above[code] and not parents and not stands_alone:
            draft.refuse("code", _("找不到上级区划,或上级所在的行有错"))


def _ancestors(code: str) -> list[str]:
    """The codes that divisions above may have, the nearest first."""
    return [code[:n] for n in sorted(CODE_LENGTH.values(), reverse=True) if n < len(code)]


def _level_words(level: str) -> dict[str, object]:
    return {"level": Level(level).label, "n": CODE_LENGTH[Level(level)]}


# Sites


def identify_sites(drafts: Sequence[Draft]) -> None:
    """Look counties up; give rows without a code that of the site they mean, or a new one."""
    counties = list(Region.objects.counties().values_list("code", "name"))
    for draft in drafts:
        if draft.values.get("county"):
            _find_county(draft, counties)
        else:
            draft.values.pop("county", None)
    _derive_counties(drafts, {code for code, _name in counties})
    wanting = [draft for draft in drafts if not draft.values.get("code") and _can_be_found(draft)]
    _match(wanting, drafts)
    new = [draft for draft in wanting if not draft.problems and not draft.values.get("code")]
    give_codes(Site, [(d, site_prefix(str(d.values["county"]))) for d in new], used_codes(drafts))


def site_prefix(county: str) -> str:
    """What the codes of a county's sites begin with where we make them."""
    return f"{county}-"


def _find_county(draft: Draft, counties: Sequence[tuple[str, str]]) -> None:
    given = draft.values["county"]
    found = [code for code, name in counties if given in (code, name)]
    if len(found) == 1:
        draft.values["county"] = found[0]
        return
    choices = [pair for pair in counties if pair[0] in found] or counties
    listed = _("、").join(f"{name}({code})" for code, name in choices[:LISTED])
    message = (
        _("不止一个旗县区叫这个;请填代码:%(list)s") if found else _("没有这个旗县区;可填:%(list)s")
    )
    draft.refuse("county", message % {"list": listed})


def _derive_counties(drafts: Sequence[Draft], counties: set[str]) -> None:
    """A new site whose row names no county is in the one that its code begins with."""
    unsaid = [d for d in drafts if "county" not in d.values and d.values.get("code")]
    codes = [draft.values["code"] for draft in unsaid]
    stored = set(Site.objects.filter(pk__in=codes).values_list("pk", flat=True))
    for draft in unsaid:
        county = str(draft.values["code"])[:COUNTY_DIGITS]
        if draft.problems or draft.values["code"] in stored:
            continue
        if county in counties:
            draft.values["county"] = county
        else:
            draft.refuse("county", _("新场所要填旗县区"))


def _can_be_found(draft: Draft) -> bool:
    if draft.problems:
        return False
    if all(draft.values.get(name) for name in ("name", "county", "location")):
        return True
    draft.refuse("code", _("没有编号时,要有名称、旗县区和位置"))
    return False


def _match(wanting: Sequence[Draft], drafts: Sequence[Draft]) -> None:
    """Rows without a code mean the stored site of their name and county within 100 m."""
    groups = _by_name_and_county(wanting)
    others = _by_name_and_county(drafts)
    stored: dict[tuple[object, object], list[tuple[str, object]]] = defaultdict(list)
    names, counties = {name for name, _county in groups}, {county for _name, county in groups}
    sites = Site.objects.filter(name__in=names, county__in=counties).order_by("code")
    for code, name, county, point in sites.values_list("code", "name", "county_id", "location"):
        stored[name, county].append((code, point.coords))
    for which, group in groups.items():
        _refuse_neighbours(others[which])
        if stored[which]:
            codes, points = zip(*stored[which], strict=True)
            index, metres = geodesy.nearest(_points(group), points)
            for draft, i, distance in zip(group, index, metres, strict=True):
                if distance <= SAME_SITE_M:
                    draft.values["code"] = codes[i]


def _by_name_and_county(drafts: Sequence[Draft]) -> dict[tuple[object, object], list[Draft]]:
    groups: dict[tuple[object, object], list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.values.get("location") and not draft.problems:
            groups[draft.values.get("name"), draft.values.get("county")].append(draft)
    return groups


def _refuse_neighbours(group: Sequence[Draft]) -> None:
    """Refuse rows without a code that lie within 100 m of another row of the same name."""
    if len(group) == 1:
        return
    index, metres = geodesy.nearest(_points(group), _points(group), k=2)
    for i, draft in enumerate(group):
        near = [
            int(j) for j, m in zip(index[i], metres[i], strict=True) if j != i and m <= SAME_SITE_M
        ]
        if near and not draft.values.get("code"):
            message = _("与%(place)s同名,相距不到 100 米;若是两处,请填编号")
            draft.refuse("name", message % {"place": group[near[0]].place_seen_from(draft)})


def _points(drafts: Sequence[Draft]) -> list[tuple[float, float]]:
    return [draft.values["location"].coords for draft in drafts]
