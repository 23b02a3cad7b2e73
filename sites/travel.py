"""Minutes between points, estimated: straight line × detour ÷ speed, by setting and season. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MONTHS = 12


@dataclass(frozen=True)
class Speed:
    """How fast one gets about in an area of a setting ("": any) in a season, and who says so.

    The season is the months from `first` to `last`, over New Year where `first` is the later.
    `kmh` along the road; `detour`: how many times the straight line the road is.
    """

    kmh: float
    detour: float
    setting: str = ""
    first: int = 1
    last: int = MONTHS
    source: str = ""

    def months(self) -> int:
        """How many months the season has: 1 to 12."""
        return (self.last - self.first) % MONTHS + 1

    def holds_in(self, setting: str, month: int) -> bool:
        """Whether it is meant for the setting, in a month from 1 to 12."""
        of_season = (month - self.first) % MONTHS < self.months()
        return of_season and self.setting in ("", setting)

    def metres_in(self, minutes: float) -> float:
        """How far away, in a straight line and metres, a place may be that is reached in minutes."""
        return minutes / 60 * self.kmh * 1000 / self.detour

    def minutes_for(self, metres: float) -> float:
        """How many minutes a straight line of metres takes."""
        return metres * self.detour / 1000 / self.kmh * 60


# Rural roads run about 1.3 times the straight line; 40 km/h is a loaded van's average on them.
DEFAULT = Speed(kmh=40, detour=1.3)
# On foot, where it is nearer than WALKED_M metres of straight line: an easy pace along streets.
WALK = Speed(kmh=4.5, detour=1.3)
WALKED_M = 3000


def speed(speeds: Iterable[Speed], setting: str, month: int) -> Speed:
    """The speed for a setting in a month: its own before any setting's, the shortest season first."""
    fitting = [each for each in speeds if each.holds_in(setting, month)]
    return min(
        fitting, key=lambda each: (not each.setting, each.months(), each.first), default=DEFAULT
    )


def speeds_of(speeds: Iterable[Speed], settings: Sequence[str], month: int) -> list[Speed]:
    """The speed for each of many settings, in a month."""
    speeds = list(speeds)
    by_setting = {setting: speed(speeds, setting, month) for setting in set(settings)}
    return [by_setting[setting] for setting in settings]
