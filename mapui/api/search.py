"""Everything that has a name, found by whatever a person types."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from mapui import filters, finding
from mapui.api.replies import READ, json_reply, reads
from sites import clock

router = Router(tags=["places"])


@router.api_operation(
    READ, "/search", summary="Search by name", **reads(filters.Search, "SearchResults")
)
def search(request: HttpRequest) -> HttpResponse:
    """Divisions, villages, open sites, programmes and troupes by their names, those of before too.

    Kinds of sites and of events are found by what people call them: 法治公园, 法律援助, 讲座.

    `q`: characters (any part, several words, also a word of the name and one of the division),
    full pinyin, initials, a mixture, with one slip of the fingers. `fit` says how well a name
    fits, the best first: exact, shortened (昆区; kunqu and kq are pinyin, initials), prefix, part,
    pinyin, initials, words (each word by itself), similar (one slip); of those alike, villages' own
    fronts and kinds last and shorter names first. `type`: region, site (one of the published list),
    village, service, place (all other sites), front, programme, troupe, event-kind and site-kind
    (`code` is the kind's), or event: the next events of a programme, a troupe or a kind of event
    follow it, with `starts_at`. `region` is the code of what it lies in; `former_name` the names of before where
    one of them was found; `url` the page that it leads to.
    """
    asked = filters.Search.read(request.GET)
    results = finding.search(asked.q, clock.now(), asked.limit)
    return json_reply(request, {"results": results})
