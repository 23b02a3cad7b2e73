"""Every kind of records that files hold, by the name that the command line and addresses use."""

from events.importing import KINDS as EVENT_KINDS
from sites.importing import KINDS as SITE_KINDS

KINDS = {kind.name: kind for kind in (*SITE_KINDS, *EVENT_KINDS)}
