"""What people read: the report as one self-contained HTML file, and its annexes."""

from clew.report.build import annex_of, write_report

__all__ = ["annex_of", "write_report"]
