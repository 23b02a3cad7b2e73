"""What happens at places, who brings it, what they must know of the villages, and their tours."""

from events.models.asking import VisitRequest
from events.models.ground import Contact, Lodging, Occasion, Team
from events.models.happenings import HELD_TOO_EARLY, Event, Programme, Reach, Troupe
from events.models.road import HeldReport
from events.models.tours import CalledOff, Stop, Tour, TourDay, TourVersion
from events.reports.kept import FrozenReport, ReportFigure

__all__ = [
    "HELD_TOO_EARLY",
    "CalledOff",
    "Contact",
    "Event",
    "FrozenReport",
    "HeldReport",
    "Lodging",
    "Occasion",
    "Programme",
    "Reach",
    "ReportFigure",
    "Stop",
    "Team",
    "Tour",
    "TourDay",
    "TourVersion",
    "Troupe",
    "VisitRequest",
]
