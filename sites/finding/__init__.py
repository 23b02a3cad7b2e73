"""Names found by whatever a person types: characters, pinyin, initials, with one slip. Pure.

A name is a row of symbols (its letters, digits and characters); all names stand in one long text.
A query becomes a small graph: between its letters run edges, each with the set of symbols that it
may stand for (one character; all that are read "bao"; all whose reading begins with b; anything,
once). The positions of the text that a path through the graph can lead to are kept as arrays, so
that every kind of search is the same few array operations, and takes milliseconds on 300,000
names. No reading is stored: a character with several is found by each of them.
"""

from sites.finding.index import SEVERAL, Entries, Hit, Index, Level
from sites.finding.words import words_of

__all__ = ["SEVERAL", "Entries", "Hit", "Index", "Level", "words_of"]
