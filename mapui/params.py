"""Query strings, checked into frozen dataclasses whose fields say how each parameter is read."""

from dataclasses import dataclass
from typing import Any, Self, get_type_hints

from django.http import QueryDict
from django.utils.translation import gettext as _

from mapui.readers import Reader
from sites.errors import UserMistake


@dataclass(frozen=True)
class Param:
    """How a field of a filter is read, what it means, and its name where Python keeps that name."""

    reader: Reader
    about: str
    name: str = ""
    required: bool = False


class BadParameters(UserMistake):
    """Parameters that cannot be used: [{parameter, given, allowed, message}]."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(" ".join(error["message"] for error in errors))
        self.errors = errors


def refusal(parameter: str, given: object, allowed: object, message: str) -> dict[str, Any]:
    """One entry of `BadParameters.errors`."""
    return {"parameter": parameter, "given": given, "allowed": allowed, "message": message}


class Filter:
    """What a query asks for; every field is `Annotated` with its `Param`."""

    @classmethod
    def read(cls, query: QueryDict, *, strict: bool = True, **defaults: object) -> Self:
        """The filter that a query asks for; a blank value means that it was not given.

        Raises BadParameters, which names every parameter that is wrong. Not strict: unknown ones
        are let pass (pages are opened with whatever a messenger appends to their address).
        """
        known = _params(cls)
        names = [param.name for param in known.values()]
        unknown = [name for name in query if strict and name not in names]
        errors = [_unknown(name, query[name], names) for name in unknown]
        values = dict(defaults)
        for field, param in known.items():
            given = [text for text in query.getlist(param.name) if text.strip()]
            try:
                if given or param.required:
                    values[field] = _value(param.reader, given)
            except ValueError as problem:
                message = _("%(name)s:%(problem)s") % {"name": param.name, "problem": problem}
                errors.append(refusal(param.name, ",".join(given), param.reader.allowed, message))
        if errors:
            raise BadParameters(errors)
        return cls(**values)

    @classmethod
    def describe(cls) -> list[dict[str, Any]]:
        """The parameters as OpenAPI lists them."""
        return [
            {
                "name": param.name,
                "in": "query",
                "required": param.required,
                "description": param.about,
                "schema": _schema(param.reader, getattr(cls, field, None)),
            }
            for field, param in _params(cls).items()
        ]


def _params(kind: type[Filter]) -> dict[str, Param]:
    """The parameters by field, each with its name."""
    hints = get_type_hints(kind, include_extras=True)
    params = {field: hint.__metadata__[0] for field, hint in hints.items()}
    return {
        field: Param(param.reader, param.about, param.name or field, param.required)
        for field, param in params.items()
    }


def _value(reader: Reader, given: list[str]) -> object:
    if not given:
        raise ValueError(_("必须给出。"))
    if len(given) > 1 and not reader.many:
        raise ValueError(_("只能给一个值。"))
    return reader.read(",".join(given))


def _unknown(name: str, given: str, known: list[str]) -> dict[str, Any]:
    message = _("没有“%(name)s”这个参数,可用的有:%(known)s。") % {
        "name": name,
        "known": _("、").join(known) or _("无"),
    }
    return refusal(name, given, known, message)


def _schema(reader: Reader, default: object) -> dict[str, Any]:
    return {**reader.schema, "default": default} if default else reader.schema
