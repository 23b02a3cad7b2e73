"""Divisions, villages, sites, the standards that they are held to, and who may edit them."""

from sites.models.places import (
    MongolianName,
    Organ,
    Provenance,
    Region,
    Site,
    Village,
    code_validator,
)
from sites.models.rights import CountyRight
from sites.models.scenarios import Scenario
from sites.models.standards import (
    EVALUATING,
    RULE_FIELDS,
    Change,
    Coverage,
    Evaluation,
    NameChange,
    Standard,
    Summary,
)
from sites.models.tasks import Task, TaskKind
from sites.models.travel import TravelSpeed, TravelTime
from sites.models.voices import Photo, Remark, Sender

__all__ = [
    "EVALUATING",
    "RULE_FIELDS",
    "Change",
    "CountyRight",
    "Coverage",
    "Evaluation",
    "MongolianName",
    "NameChange",
    "Organ",
    "Photo",
    "Provenance",
    "Region",
    "Remark",
    "Scenario",
    "Sender",
    "Site",
    "Standard",
    "Summary",
    "Task",
    "TaskKind",
    "TravelSpeed",
    "TravelTime",
    "Village",
    "code_validator",
]
