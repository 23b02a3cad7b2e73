"""Cells that hold one or several of a list of choices, under any of their names."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils import translation
from django.utils.translation import gettext as _

from sites.importing.values import (
    BadValue,
    Value,
    half_width,
    items,
    joined,
    parse_number,
    parse_text,
    squash,
)

Choices = Iterable[tuple[str, object]]


def choice(choices: Choices, synonyms: Mapping[str, str] | None = None) -> Value:
    """One of (value, label) pairs: by value, by Chinese label, or by a synonym."""
    words = _Words(tuple(choices), synonyms or {})
    return Value(words.parse, words.label)


def several(choices: Choices, synonyms: Mapping[str, str] | None = None) -> Value:
    """A list of such choices, written with ; between them."""
    words = _Words(tuple(choices), synonyms or {})

    def parse(raw: object) -> list[str]:
        return list(dict.fromkeys(words.parse(item) for item in items(raw)))

    def to_cell(value: object) -> str:
        return joined([words.label(item) for item in value] if isinstance(value, list) else [])

    return Value(parse, to_cell)


def limits(settings: Choices) -> Value:
    """Metres: one number, or one for each of some settings ("urban=1000;herding=20000")."""
    words = _Words(tuple(settings), {})

    def parse(raw: object) -> object:
        if isinstance(raw, str) and "=" in half_width(raw):
            parts = [part for part in re.split("[;,、]", half_width(raw)) if part]
            raw = dict(part.partition("=")[::2] for part in parts)
        if isinstance(raw, dict):
            return {words.parse(name): _metres(number) for name, number in raw.items()}
        return _metres(raw)

    return Value(parse, _limits_cell)


def _limits_cell(value: object) -> object:
    if isinstance(value, dict):
        return ";".join(f"{name}={number}" for name, number in value.items())
    return value


def _metres(raw: object) -> float:
    metres = parse_number(raw)
    if metres <= 0:
        raise BadValue(_("应大于 0"))
    return int(metres) if metres.is_integer() else metres


@dataclass(frozen=True, eq=False)
class _Words:
    """The words that stand for each choice. Labels are Chinese in whatever language one reads."""

    choices: tuple[tuple[str, object], ...]
    synonyms: Mapping[str, str]

    def parse(self, raw: object) -> str:
        word = squash(parse_text(raw))
        if word not in self._values:
            labels = _("、").join(filter(None, self._labels.values()))
            raise BadValue(_("不在可选项中;可填:%(labels)s") % {"labels": labels})
        return self._values[word]

    def label(self, value: object) -> str:
        """What a cell says; a blank choice is a blank cell."""
        return self._labels.get(str(value), str(value)) if value else ""

    @cached_property
    def _labels(self) -> dict[str, str]:
        with translation.override("zh-hans"):
            return {value: str(label) for value, label in self.choices}

    @cached_property
    def _values(self) -> dict[str, str]:
        synonyms = {squash(word): value for word, value in self.synonyms.items()}
        labels = {squash(label): value for value, label in self._labels.items()}
        return synonyms | labels | {squash(value): value for value in self._labels if value}
