"""Reading a case: what a person is shown, masked as the disclosure says, and logged before."""

from clew.casefile.disclosure import Disclosure, disclosure_of
from clew.reading.facade import Masked, Page, Reading, disclose

__all__ = ["Disclosure", "Masked", "Page", "Reading", "disclose", "disclosure_of"]
