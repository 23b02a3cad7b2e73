"""Short addresses lead to their pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from events.models import Event
from mapui.outward import short_links
from mapui.problems import Missing
from sites.models import Site, Village

PAGES = {"s": ("site", Site), "e": ("event", Event), "v": ("village", Village)}


def follow(request: HttpRequest, letter: str, token: str) -> HttpResponse:
    """To the page of the site, event or village, for good. A wrong character is told as such."""
    kind, model = PAGES[letter]
    try:
        code = short_links.code_of(kind, token)
    except short_links.WrongLink:
        advice = _(
            "短网址 /%(letter)s/%(token)s 有一个字符不对或少了一个。请对照海报再输一遍:"
            "里面没有 0、1、I、L、O 这几个字符,大小写都可以;也可以扫海报上的二维码,"
            "或在首页按名称查找。"
        )
        raise Missing(advice % {"letter": letter, "token": token[:40]}) from None
    if not model.objects.filter(pk=code).exists():
        gone = _("短网址没有输错,但是编号 %(code)s 已经不在了。请在首页按名称查找。")
        raise Missing(gone % {"code": code})
    return redirect(kind, code, permanent=True)
