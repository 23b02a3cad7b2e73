"""Choosing how pages are shown; a form without script, like the choice of a language."""

from dataclasses import dataclass
from typing import Annotated

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from mapui import display, readers
from mapui.middleware import takes_forms
from mapui.params import Filter, Param


@dataclass(frozen=True)
class Choice(Filter):
    """What a form may choose."""

    elder: Annotated[str, Param(readers.one_of("0", "1"), "The elder version.")] = ""
    theme: Annotated[str, Param(readers.one_of(*display.THEMES), "Light or dark.")] = ""


@takes_forms
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the choice for a year, and go back to where it was made."""
    chosen = Choice.read(request.POST, strict=False)
    response = HttpResponseRedirect(display.way_back(request))
    for name in ("elder", "theme"):
        if value := getattr(chosen, name):
            display.remember(response, name, value)
    return response
