"""Where legal help is to be had: the public legal-service places, county by county."""

from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mapui import filters
from sites import clock
from sites.choices import SiteKind, Tier
from sites.models import Site

# The centre of a county before the stations of its townships.
RANK = {tier: rank for rank, tier in enumerate(Tier)}


def services(request: HttpRequest) -> HttpResponse:
    """Those that are open, of a division if one is named, apart from the published list of sites."""
    region = filters.Regions.read(request.GET, strict=False).region
    found = Site.objects.filter(kind=SiteKind.SERVICE).open_on(clock.today())
    found = found.within(region or settings.CITY).select_related("county", "village")
    places = sorted(
        found.defer("county__boundary", "footprint", "village__location"),
        key=lambda site: (site.tier != Tier.CITY, site.county_id, RANK[site.tier], site.code),
    )
    of_city = [site for site in places if site.tier == Tier.CITY]
    others = [site for site in places if site.tier != Tier.CITY]
    counties = [
        (county, list(sites)) for county, sites in groupby(others, key=lambda site: site.county)
    ]
    context = {"of_city": of_city, "counties": counties, "total": len(places), "region": region}
    return render(request, "mapui/services.html", context)
