"""Forms that anybody may send: spam is held off without a riddle, and no address is kept.

A field that people leave blank, a signed time (too soon is a machine, too late is stale), and a
limit per sender. Whatever is refused, what was written stays in the form.
"""

import time
from typing import Any

from django import forms
from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja.throttling import BaseThrottle

from sites import senders

SOONEST_S = 3
LATEST_S = 24 * 3600
_SIGNER = "mapui.guard"


class GuardedForm(forms.Form):
    """A form with the fields that hold spam off. `opened` says when the page was opened."""

    contact = forms.CharField(
        label=gettext_lazy("怎样联系您(可不填)"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("只有本旗县区的数据员看得到,90 天后自动删除。"),
    )
    website = forms.CharField(
        label=gettext_lazy("请把这一格空着"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.token = stamp()
        told = _("文字里有看不见的字符(NUL),请删掉重填。")
        for field in self.fields.values():
            field.error_messages["null_characters_not_allowed"] = told

    def clean(self) -> dict[str, Any]:
        """Refuse what no person sends."""
        data = super().clean()
        if data.get("website"):
            self.add_error(None, _("有一格应当空着,却填了字;请清空它再提交。"))
        self._check_time(data.get("opened") or "")
        return data

    def _check_time(self, opened: str) -> None:
        try:
            age = time.time() - int(signing.Signer(salt=_SIGNER).unsign(opened))
        except (signing.BadSignature, ValueError):
            self.add_error(None, _("页面的校验码不对;您写的都还在,请再点一次提交。"))
            return
        if age > LATEST_S:
            self.add_error(None, _("页面打开超过一天了;您写的都还在,请再点一次提交。"))
            return
        self.token = opened  # what is mended in a moment is not too soon
        if age < SOONEST_S:
            self.add_error(None, _("提交得太快了;您写的都还在,请过三秒再点一次提交。"))


def stamp(at: float | None = None) -> str:
    """When a page was opened, signed: now, or at this second."""
    return signing.Signer(salt=_SIGNER).sign(str(int(time.time() if at is None else at)))


def sender(request: HttpRequest) -> str:
    """The mark of whoever asks, behind as many proxies as are ours."""
    return senders.mark(BaseThrottle().get_ident(request) or "")
