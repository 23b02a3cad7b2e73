"""Who is asking, and how often: bearer tokens, the session of a page, reads per address."""

import time
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.cache import cache
from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer, SessionAuth
from ninja.throttling import BaseThrottle, SimpleRateThrottle

from mapui.models import ApiToken, digest


class BearerToken(HttpBearer):
    """`Authorization: Bearer …` with a token that `manage.py api_token` printed."""

    def authenticate(self, request: HttpRequest, token: str) -> AbstractBaseUser | None:
        """The token's user, while active, who is then the request's."""
        known = ApiToken.objects.select_related("user").filter(digest=digest(token)).first()
        if known is None or not known.user.is_active:
            return None
        request.user = known.user  # also tells the history who wrote
        return known.user


class Session(SessionAuth):
    """The login of a page; writing needs its CSRF token, too."""

    def __call__(self, request: HttpRequest) -> AbstractBaseUser | None:
        """The user who is logged in; 401, not a failed CSRF check, for those who are not."""
        return super().__call__(request) if request.user.is_authenticated else None


SIGNED_IN = [BearerToken(), Session()]


def sees_coverage(request: HttpRequest) -> bool:
    """Whether coverage is public, or the request comes from somebody whom we know."""
    return settings.COVERAGE_PUBLIC or any(check(request) for check in SIGNED_IN)


def require_coverage(request: HttpRequest) -> None:
    """Raise AuthenticationError where coverage is internal and nobody is signed in."""
    if not sees_coverage(request):
        raise AuthenticationError


class PerAddress(BaseThrottle):
    """At most `settings.READ_RATE` requests per address, counted in windows of one period.

    Each process counts for itself, unless the cache is a shared one. Nothing is kept on the
    object: threads share it.
    """

    def allow_request(self, request: HttpRequest) -> bool:
        """Count the request; whether it is within the rate."""
        most, seconds = _rate(settings.READ_RATE)
        key = f"reads:{self.get_ident(request)}:{int(time.time() // seconds)}"
        cache.add(key, 0, 2 * seconds)
        try:
            return cache.incr(key) <= most
        except ValueError:  # pushed out of a full cache in between
            return True

    def wait(self) -> float:
        """Seconds until the next window begins."""
        seconds = _rate(settings.READ_RATE)[1]
        return seconds - time.time() % seconds


@lru_cache
def _rate(text: str) -> tuple[int, int]:
    """ "6000/m" as (requests, seconds)."""
    parsed = SimpleRateThrottle(text)
    return parsed.num_requests, parsed.duration
