"""Bearer tokens of the API, of which only digests are kept; and how old the demonstration is."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ApiToken(models.Model):
    """One token of a user; whoever shows it acts as that user."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="api_tokens",
        verbose_name=_("用户"),
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("签发时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("接口令牌")
        verbose_name_plural = pgettext_lazy("plural", "接口令牌")

    def __str__(self) -> str:
        return f"{self.user} · {self.created_at:%Y-%m-%d}"

    @classmethod
    def issue(cls, user: models.Model) -> str:
        """Make a token for the user; its text is returned once and kept nowhere."""
        text = secrets.token_urlsafe(32)
        cls.objects.create(user=user, digest=digest(text))
        return text


class LoadedFixtures(models.Model):
    """The one row says which version of fixtures/ was loaded; none where it was the first."""

    version = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return str(self.version)


def digest(text: str) -> str:
    """The SHA-256 of a token's text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
