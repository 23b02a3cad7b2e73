"""What a troupe leader can put right: one class per mistake; str() says what to do."""

from sites.errors import UserMistake


class RulesError(UserMistake):
    """What is asked for cannot be; `problems` are (path, sentence) couples."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(" ".join(sentence for _path, sentence in problems))
        self.problems = problems


class NoHomeError(UserMistake):
    """Neither team, troupe nor its division says where the team starts from."""


class NoStandardError(UserMistake):
    """No standard of that code is in effect on the tour's first day."""


class NotRateableError(UserMistake):
    """The request's event has not been held, or somebody has rated it."""


class ConflictError(UserMistake):
    """The tour is not in a state for that now; nothing was changed."""


class ChangedMeanwhileError(ConflictError):
    """Somebody else has changed the tour since it was read."""


class NotReadyError(ConflictError):
    """The tour has no plan to confirm, or it is being planned."""


class ClashError(ConflictError):
    """Other events of the same village or troupe are in the way; `clashes` are sentences."""

    def __init__(self, clashes: list[str]) -> None:
        super().__init__(" ".join(clashes))
        self.clashes = clashes
