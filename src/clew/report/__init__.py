"""What people read: one self-contained HTML file."""

from clew.report.build import write_report

__all__ = ["write_report"]
