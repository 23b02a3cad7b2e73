"""What others need of us: the map for a frame of theirs, proof that a domain is ours, the emblem."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse

from mapui import furniture
from mapui.views import citizen


def embed(request: HttpRequest) -> HttpResponse:
    """The map without our head and foot, for an <iframe> or another application's window."""
    return citizen.home(request)


def verification(request: HttpRequest, name: str) -> HttpResponse:
    """A file that WeChat or another service looks for at the root; 404 where it is not set."""
    text = furniture.verification_files().get(name)
    if text is None:
        raise Http404
    kind = "text/html" if name.endswith(".html") else "text/plain"
    return HttpResponse(text, f"{kind}; charset=utf-8")


def emblem(request: HttpRequest) -> FileResponse:
    """The picture that stands before the name."""
    path = furniture.emblem()
    if path is None:
        raise Http404
    response = FileResponse(path.open("rb"), content_type=furniture.EMBLEMS[path.suffix.lower()])
    response["Cache-Control"] = "public, max-age=3600"
    return response
