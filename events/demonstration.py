"""Take the demonstration's records out again, all of them or none."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.utils.translation import gettext as _

from events.models import (
    Event,
    Lodging,
    Occasion,
    Programme,
    Reach,
    Stop,
    TourDay,
    Troupe,
    VisitRequest,
)
from sites import photos
from sites.choices import Level, Source
from sites.errors import UserMistake
from sites.models import Organ, Photo, Region, Remark, Site, Standard, Village

# What rests on others first; divisions from the lowest up. A troupe takes its teams along.
ORDER = (
    *(Remark, VisitRequest, Occasion, Event, Lodging, Programme, Troupe),
    *(Standard, Site, Village, Organ),
)
LEVELS = (Level.TOWNSHIP, Level.COUNTY, Level.CITY, Level.PROVINCE)


class StillNeeded(UserMistake):
    """Records that are no demonstration rest on some that are."""

    def __init__(self, references: list[Model]) -> None:
        super().__init__(references)
        self.references = references

    def __str__(self) -> str:
        lines = [_("下列非演示记录还在引用演示记录,请先修改它们;什么都没有删除:")]
        lines += [f"{each._meta.verbose_name} {each.pk} {each}" for each in self.references]
        return "\n".join(lines)


def forget() -> dict[str, int]:
    """Delete every demonstration record in one transaction; how many, by the name of their kind.

    Raises StillNeeded, and deletes nothing, where real records rest on them.
    """
    counts: dict[str, int] = {}
    needed: dict[tuple, Model] = {}
    pictures = Photo.objects.filter(site__source=Source.DEMONSTRATION)
    with transaction.atomic(), photos.removed_with(pictures):
        for records in _demonstration():
            name = str(records.model._meta.verbose_name)
            try:
                with transaction.atomic():
                    counts[name] = counts.get(name, 0) + _delete(records)
            except ProtectedError as error:
                owners = [_owner(each) for each in error.protected_objects]
                needed |= {(type(each), each.pk): each for each in owners}
        real = [each for each in needed.values() if not _is_demonstration(each)]
        if real:
            raise StillNeeded(real)
    return counts


def _demonstration() -> Iterator[QuerySet]:
    for model in ORDER:
        yield model._default_manager.filter(source=Source.DEMONSTRATION)
    for level in LEVELS:
        yield Region.objects.filter(source=Source.DEMONSTRATION, level=level)


def _delete(records: QuerySet) -> int:
    _total, by_model = records.delete()
    return by_model.get(records.model._meta.label, 0)


def _owner(record: Model) -> Model:
    """The record that a user knows, of which this one is a row."""
    if isinstance(record, Reach):
        return record.event
    return record.tour if isinstance(record, Stop | TourDay) else record


def _is_demonstration(record: Model) -> bool:
    return getattr(record, "source", "") == Source.DEMONSTRATION
