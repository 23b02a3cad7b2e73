#!/usr/bin/env python3
"""Django's commands, with the database running for as long as they do."""

import os
import signal
import sys
from contextlib import nullcontext

from fazhimap import localdb

# These need no database, or see to it themselves.
WITHOUT_DATABASE = {"help", "version", "serve", "collectstatic", "makemessages", "compilemessages"}


def main() -> int:
    """Run the command in sys.argv; its exit status."""
    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415
    except ModuleNotFoundError:
        print("请先运行 make run,再用 .venv/bin/python manage.py。", file=sys.stderr)
        print("Type `make run` first, then use .venv/bin/python manage.py.", file=sys.stderr)
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fazhimap.settings")
    catch_signals()
    try:
        with localdb.running() if needs_database(sys.argv[1:]) else nullcontext():
            execute_from_command_line(sys.argv)
    except localdb.UnavailableError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def needs_database(arguments: list[str]) -> bool:
    """Whether the command is one that works with the database."""
    name = next(iter(arguments), "help")
    asks_for_help = name.startswith("-") or "--help" in arguments or "-h" in arguments
    return not asks_for_help and name not in WITHOUT_DATABASE


def catch_signals() -> None:
    """End on a signal as on an exception, so that what was started is stopped."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a script's "&" has it ignored
    signal.signal(signal.SIGTERM, leave)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup
        signal.signal(signal.SIGHUP, leave)


def leave(number: int, _frame: object) -> None:
    """Exit with the status that the signal stands for."""
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
