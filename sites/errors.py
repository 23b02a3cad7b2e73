"""What a user can put right: one class per mistake; str() says what is wrong and what to do."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _


class UserMistake(Exception):
    """Something that the user can put right."""


class AlreadyAnswered(UserMistake):
    """Somebody else has answered the message since it was shown."""

    def __str__(self) -> str:
        return _("这件已经有人处理了,没有再改;请看现在的答复。")


class TooManyMessages(UserMistake):
    """One sender has sent as many messages as one may in a time."""

    def __init__(self, span: datetime.timedelta) -> None:
        super().__init__(span)
        self.span = span

    def __str__(self) -> str:
        if self.span < datetime.timedelta(days=1):
            return _("这个网络刚才已经发了好几条,请过十分钟再发;急事请拨 12348。")
        return _("这个网络今天发的已经很多了,请明天再发;急事请拨 12348。")


class WrongPicture(UserMistake):
    """The file is no picture that we take."""


class UnreadableFile(UserMistake):
    """The file as a whole cannot be read: empty, damaged, too large, not what its name says."""


class UnknownFormat(UserMistake):
    """A file name whose extension is none that can be written."""


def reason(error: OSError) -> str:
    """Why a file could not be opened or written, in the user's language where we know it."""
    known = (
        (FileNotFoundError, _("没有这个文件或文件夹,请检查路径")),
        (IsADirectoryError, _("这是一个文件夹,请给出其中的文件")),
        (PermissionError, _("没有权限,请换一个位置或检查文件的权限")),
    )
    return next((words for kind, words in known if isinstance(error, kind)), str(error.strerror))


@dataclass(frozen=True)
class Problem:
    """What is wrong in a file, where, and what to do. Row 0 is the file or the sheet as a whole.

    `row` counts as a spreadsheet does, from 1, titles included; with `feature` it is the number
    of a feature of GeoJSON. `message` says something about `value`, in words that can follow it.
    `forbidden`: the data is right, but this user may not write it.
    """

    file: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    value: str = ""
    message: str = ""
    forbidden: bool = False
    feature: bool = False

    def __str__(self) -> str:
        places = [self.file]
        if self.sheet:
            places.append(_("表 %(sheet)s") % {"sheet": self.sheet})
        if self.row:
            places.append(nth(self.row, feature=self.feature))
        if self.column:
            places.append(self.column)
        said = f"{self.value} {self.message}" if self.value else self.message
        place = _(",").join(filter(None, places))
        return _("%(place)s:%(said)s") % {"place": place, "said": said}


def nth(row: int, *, feature: bool) -> str:
    """How people are told of a row, or of a feature."""
    return (_("第 %(row)d 个要素") if feature else _("第 %(row)d 行")) % {"row": row}


class ImportRejected(UserMistake):
    """Rows, or the whole file, are wrong; nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))
