"""Sealing: packages that only the named receivers open, and that are opened whole or not at all.

``seal`` writes one from an iterable of ``Member``; ``opened`` yields the verified members of one,
with nothing on the disk that has a name.
"""

from clew.exchange.refused import Refused
from clew.exchange.sealing.certified import Certified
from clew.exchange.sealing.envelope import Header, Inner, now, package_id
from clew.exchange.sealing.inside import Opened
from clew.exchange.sealing.locks import AgeKey, Key, Receiver, opener, token_opener
from clew.exchange.sealing.member import Member
from clew.exchange.sealing.opening import Attempt, Receiving, opened
from clew.exchange.sealing.proofs import Proofs, Vouched
from clew.exchange.sealing.seal import (
    Sealed,
    Sealing,
    folder_name,
    seal,
    statement,
    volume_bytes,
)

__all__ = [
    "AgeKey", "Attempt", "Certified", "Header", "Inner", "Key", "Member", "Opened", "Proofs",
    "Receiver", "Receiving", "Refused", "Sealed", "Sealing", "Vouched", "folder_name",
    "now", "opened", "opener", "package_id", "seal", "statement", "token_opener", "volume_bytes",
]  # fmt: skip
