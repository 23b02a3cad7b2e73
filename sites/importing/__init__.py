"""Files into records and back: CSV, XLSX and GeoJSON, all rows or none, in one transaction."""

from sites.importing.engine import Result, apply_rows, run
from sites.importing.exporting import export, report
from sites.importing.kinds import KINDS

__all__ = ["KINDS", "Result", "apply_rows", "export", "report", "run"]
