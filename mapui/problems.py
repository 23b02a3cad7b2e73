"""Exceptions → HTTP answers: one table, for pages and for the API (RFC 9457) alike."""

import json
import sys
from dataclasses import dataclass, field
from typing import Any

import ninja.errors
from django import db
from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.errors import ConflictError, RulesError
from mapui.display import is_framed
from mapui.params import BadParameters, refusal
from sites.errors import AlreadyAnswered, ImportRejected, UserMistake

API = "/api/"
MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5

TITLES = {
    400: gettext_lazy("请求无法理解"),
    401: gettext_lazy("需要登录或令牌"),
    403: gettext_lazy("没有权限"),
    404: gettext_lazy("没有找到"),
    405: gettext_lazy("不支持这种请求方法"),
    409: gettext_lazy("与已有数据冲突"),
    413: gettext_lazy("内容太大"),
    422: gettext_lazy("内容有误"),
    429: gettext_lazy("请求太频繁"),
    500: gettext_lazy("服务器出错"),
    503: gettext_lazy("暂时不可用"),
}


@dataclass(frozen=True)
class Problem:
    """What went wrong, for a person; `errors` name what to put right, `headers` go with it."""

    status: int
    detail: str | Promise = ""
    errors: list[dict[str, Any]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The status in words."""
        return str(TITLES[self.status])


class Missing(Http404):
    """Nothing has this code; the message says what was looked for."""


class Conflict(UserMistake):
    """Somebody else was first; nothing was stored."""


def describe(exception: BaseException | None) -> Problem | None:
    """The problem that an exception stands for; None for one that nobody foresaw."""
    for kind, make in _TABLE:
        if isinstance(exception, kind):
            return make(exception)
    return None


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """problem+json under /api/, else a page.

    A page about our own failure is rendered without the request: what it says of the user and
    the city may need the very database that failed.
    """
    context = {"title": problem.title, "status": problem.status, "detail": str(problem.detail)}
    if request.path.startswith(API):
        document = {"type": "about:blank", **context}
        if problem.errors:
            document["errors"] = problem.errors
        body, media_type = _json(document), MEDIA_TYPE
    else:
        ours = problem.status >= 500
        body = render_to_string("mapui/problem.html", context, None if ours else request)
        media_type = None
    headers = {**problem.headers, "Cache-Control": "no-store"}
    return HttpResponse(body, media_type, problem.status, headers=headers)


def _json(document: dict[str, Any]) -> bytes:
    """JSON of whatever was given, also of halves of a character, which UTF-8 does not have."""
    text = json.dumps(document, default=str, ensure_ascii=False)
    return text.encode(errors="replace")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler for an address that nobody serves."""
    return answer(request, Problem(404, _("没有这个地址:%(path)s") % {"path": request.path}))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler for a request that it refuses to read."""
    problem = describe(exception) or _unreadable(exception)
    if isinstance(exception, DisallowedHost) and not request.path.startswith(API):
        # Plain text: a page would ask for the host again.
        return HttpResponse(str(problem.detail), "text/plain; charset=utf-8", problem.status)
    return answer(request, problem)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's handler for a form that was not ours, or is too old; or that lies in a frame."""
    if is_framed(request):
        return render(request, "mapui/own_window.html", status=403)
    detail = _("这个表单已经失效;请返回,重新打开页面再提交。浏览器要允许本站的 Cookie。")
    return answer(request, Problem(403, detail))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for what was raised outside of a view, or by nobody's foresight."""
    problem = describe(sys.exc_info()[1])
    return answer(request, problem or Problem(500, _("错误已经记录,请稍后再试。")))


def not_allowed(request: HttpRequest, response: HttpResponseNotAllowed) -> HttpResponse:
    """The same refusal of a method, in words."""
    allowed = ", ".join(sorted(response["Allow"].split(", ")))
    detail = _("%(method)s 不可用,可用的有:%(allowed)s。")
    detail %= {"method": request.method, "allowed": allowed}
    return answer(request, Problem(405, detail, headers={"Allow": allowed}))


def _missing(exception: Exception) -> Problem:
    told = isinstance(exception, Missing)
    return Problem(404, str(exception) if told else _("没有这条记录。"))


def _bad_parameters(exception: BadParameters) -> Problem:
    return Problem(422, str(exception), exception.errors)


def _rules(exception: RulesError) -> Problem:
    errors = [refusal(path, None, None, sentence) for path, sentence in exception.problems]
    return Problem(422, str(exception), errors)


def _rejected(exception: ImportRejected) -> Problem:
    errors = [
        refusal(problem.column, problem.value or None, None, problem.message)
        for problem in exception.problems
    ]
    forbidden = any(problem.forbidden for problem in exception.problems)
    return Problem(403 if forbidden else 422, str(exception), errors)


def _invalid(exception: ninja.errors.ValidationError) -> Problem:
    """The one thing that ninja itself checks is that a body is an object."""
    return Problem(422, _('请求的内容应是一个 JSON 对象,如 {"name": "民主广场"}。'))


def _foreign_host(exception: DisallowedHost) -> Problem:
    detail = _("本站不认得这个域名或地址;要用它访问,请管理员把它加到设置 FAZHIMAP_HOSTS 里。")
    return Problem(400, detail)


def _too_big(exception: RequestDataTooBig) -> Problem:
    most = {"mb": f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 2**20:g}"}
    return Problem(413, _("请求的内容最多 %(mb)s MB;请分几次发送。") % most)


def _unreadable(exception: Exception) -> Problem:
    return Problem(400, _("服务器读不懂这个请求;请检查地址、参数和编码,参数太多时请减少。"))


def _unauthorised(exception: Exception) -> Problem:
    detail = _("请登录,或在 Authorization 头里给出有效的令牌(Bearer)。")
    return Problem(401, detail, headers={"WWW-Authenticate": "Bearer"})


def _throttled(exception: ninja.errors.Throttled) -> Problem:
    seconds = str(max(1, round(exception.wait or 1)))
    detail = _("请 %(seconds)s 秒后再试。") % {"seconds": seconds}
    return Problem(429, detail, headers={"Retry-After": seconds})


def _http_error(exception: ninja.errors.HttpError) -> Problem:
    details = {
        400: _("请求的内容不是有效的 JSON。"),
        403: _("跨站校验(CSRF)没有通过。"),
    }
    return Problem(exception.status_code, details.get(exception.status_code, str(exception)))


def _busy(exception: Exception) -> Problem:
    detail = _("数据库暂时连接不上,请稍后再试。")
    return Problem(503, detail, headers={"Retry-After": str(RETRY_AFTER_S)})


# The first line that fits is taken: the special before the general.
_TABLE = (
    ((Http404, ObjectDoesNotExist), _missing),
    (BadParameters, _bad_parameters),
    (ImportRejected, _rejected),
    ((Conflict, ConflictError, AlreadyAnswered), lambda exception: Problem(409, str(exception))),
    (RulesError, _rules),
    (UserMistake, lambda exception: Problem(422, str(exception))),
    (
        PermissionDenied,
        lambda exception: Problem(403, str(exception) or _("您的账号没有这项权限。")),
    ),
    (ninja.errors.ValidationError, _invalid),
    (ninja.errors.AuthenticationError, _unauthorised),
    (ninja.errors.Throttled, _throttled),
    (ninja.errors.HttpError, _http_error),
    (RequestDataTooBig, _too_big),
    (DisallowedHost, _foreign_host),
    ((SuspiciousOperation, BadRequest), _unreadable),
    (db.DataError, lambda exception: Problem(422, _("有数值超出了范围。"))),
    (db.IntegrityError, lambda exception: Problem(409, _("与已有数据冲突,没有写入。"))),
    ((db.OperationalError, db.InterfaceError), _busy),
)
