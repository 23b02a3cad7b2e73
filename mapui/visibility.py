"""Coverage is for everybody or for users only, by the setting COVERAGE_PUBLIC."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from mapui.context import coverage_visible

View = Callable[..., HttpResponse]


def shows_coverage(view: View) -> View:
    """A page that asks whoever may not see coverage to sign in first."""

    @wraps(view)
    def respond(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not coverage_visible(request):
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return respond
