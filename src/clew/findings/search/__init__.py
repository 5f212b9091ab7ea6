"""Searching among very many hashes: exact digests, and fingerprints within a Hamming radius.

Both work on files that are mapped and never read whole, and both are exact: they find what a
comparison with every entry would find.
"""

from clew.findings.search.exact import ExactIndex, write_exact
from clew.findings.search.hamming import HammingIndex, Near, write_hamming

__all__ = ["ExactIndex", "HammingIndex", "Near", "write_exact", "write_hamming"]
