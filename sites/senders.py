"""Those who send messages: how many they may send, and for how long anything is kept of them."""

import datetime
import ipaddress

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from sites.errors import TooManyMessages
from sites.models import Sender

KEPT = datetime.timedelta(days=90)  # what is known of a sender
# The most that one sender may send in a time. Many phones of one network share an address.
LIMITS = (
    (datetime.timedelta(minutes=10), 12),
    (datetime.timedelta(days=1), 60),
)
_MARK = 32
_HOME_NET = 64  # of IPv6, what one household has


def mark(address: str) -> str:
    """What tells one sender from others: a keyed hash of the network address, never the address."""
    return salted_hmac("sites.senders", _network(address), algorithm="sha256").hexdigest()[:_MARK]


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, _HOME_NET), strict=False))


def refuse_too_many(of: str, now: datetime.datetime) -> None:
    """Raise TooManyMessages where the sender with this mark has sent as many as one may."""
    for span, most in LIMITS:
        if Sender.objects.filter(mark=of, sent_at__gt=now - span).count() >= most:
            raise TooManyMessages(span)


def numbers_of(of: str) -> QuerySet:
    """The numbers of what the sender with this mark has sent, as far as it is still known."""
    return Sender.objects.filter(mark=of).values("number")


def remember(number: str, of: str, contact: str, now: datetime.datetime) -> None:
    """Note who sent the message with a number; forget those whose time is over."""
    Sender.objects.create(number=number, mark=of, contact=contact, sent_at=now)
    forget(now)


def forget(now: datetime.datetime) -> int:
    """Delete what is known of those who sent something too long ago; how many."""
    return Sender.objects.filter(sent_at__lte=now - KEPT).delete()[0]


def contact(number: str, now: datetime.datetime) -> tuple[str, datetime.date] | None:
    """How the sender of a message may be reached, and until when we know; None: not at all."""
    forget(now)
    found = Sender.objects.filter(pk=number).exclude(contact="").first()
    return (found.contact, (found.sent_at + KEPT).date()) if found else None
