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
        self._index: Index | None = None
        self._version: Sequence[object] = ()
        self._making = threading.Lock()

    def find(self, query: str, on: datetime.date, limit: int) -> list[Hit]:
        """What fits best, of what is open on a day."""
        return self._current().find(query, on.toordinal(), limit)

    def readings(self) -> dict[str, str]:
        """The characters of all names by the syllables that they are read as."""
        return self._current().readings()

    def _current(self) -> Index:
        """The index as of now; where names are many, the one before until the next is made."""
        index, wanted = self._index, sites.names.version()
        if index is not None and self._version == wanted:
            return index
        if index is not None and len(index) >= LARGE:
            if self._making.acquire(blocking=False):
                threading.Thread(target=self._make_beside, daemon=True).start()
            return index
        with self._making:
            if self._index is None or self._version != wanted:
                self._make()
            return self._index

    def _make(self) -> None:
        sites.names.forget_old_changes()
        version = sites.names.version()
        parts = [sites.names.entries(), events.names.entries()]
        self._index, self._version = Index(Entries.joined(parts)), version

    def _make_beside(self) -> None:
        """In a thread of its own, which holds the lock from its start."""
        try:
            close_old_connections()
            self._make()
        finally:
            connections.close_all()
            self._making.release()


NAMES = Names()
