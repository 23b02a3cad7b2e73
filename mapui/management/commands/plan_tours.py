"""`manage.py plan_tours`: plan the tours that wait. `manage.py serve` runs it beside the web server."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from events.tours import worker


class Command(BaseCommand):
    """Plan tours until told to stop."""

    help = "Plan the tours that wait; with --once, until none waits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--once", action="store_true", help="end when no tour waits")

    def handle(self, *, once: bool, **_options: object) -> None:
        """Work until interrupted."""
        worker.work(once=once)
