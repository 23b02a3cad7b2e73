"""The index of all names, one a process, made anew when a name has changed."""

import datetime
import threading
from collections.abc import Sequence

from django.db import close_old_connections, connections

import events.names
import sites.names
from sites.finding import Entries, Hit, Index

LARGE = 50_000  # from so many names on, readers don't wait for a new index


class Names:
    """An index of all names, and the version of the records that it was made from."""

    def __init__(self) -> None:
        self._made: tuple[Index, Sequence[object]] | None = None  # replaced as a whole
        self._making = threading.Lock()

    def find(self, query: str, on: datetime.date, limit: int) -> list[Hit]:
        """What fits best, of what is open on a day."""
        return self._current().find(query, on.toordinal(), limit)

    def readings(self) -> dict[str, str]:
        """The characters of all names by the syllables that they are read as."""
        return self._current().readings()

    def _current(self) -> Index:
        """The index as of now; where names are many, the one before until the next is made."""
        made, wanted = self._made, sites.names.version()
        if made and made[1] == wanted:
            return made[0]
        if made and len(made[0]) >= LARGE:
            self._make_soon()
            return made[0]
        with self._making:
            if not self._made or self._made[1] != wanted:
                self._make()
            return self._made[0]

    def _make(self) -> None:
        sites.names.forget_old_changes()
        version = sites.names.version()
        parts = [sites.names.entries(), events.names.entries()]
        self._made = Index(Entries.joined(parts)), version

    def _make_soon(self) -> None:
        """Make it in a thread of its own, unless one is at it; where that fails, the next search does."""
        if not self._making.acquire(blocking=False):
            return
        try:
            threading.Thread(target=self._make_beside, daemon=True).start()
        except RuntimeError:  # no more threads
            self._making.release()

    def _make_beside(self) -> None:
        """In a thread that holds the lock from its start."""
        try:
            close_old_connections()
            self._make()
        finally:
            connections.close_all()
            self._making.release()


NAMES = Names()
