"""Entries of the custody log that a person signs, and how such a signature is checked.

What is signed is what the entry says, and the case that it is of; not the moment and the machine,
which are the log's to say. A judgement is signed by its salted digest, so that its words can be
erased and the signature stays right.
"""

import base64
import binascii
from typing import Any

from clew.casefile.custody.canonical import canonical
from clew.casefile.custody.checkpoint import is_right
from clew.casefile.custody.identity import Analyst

INTRODUCED = "key introduced"
"""Action of the entry with which a key is met in a case for the first time."""
_OF_THE_LOG = frozenset(("action", "at", "by", "clock", "host", "signature", "uid"))
_BEGINS = b"clew entry of a custody log, version 1\n"


def signed(case_id: str, action: str, detail: dict[str, Any], analyst: Analyst) -> dict[str, Any]:
    """What an entry says, with its signature."""
    content = {**detail, "key": analyst.fingerprint}
    signature = analyst.signer.sign(_statement(case_id, action, content))
    return {**content, "signature": base64.b64encode(signature).decode()}


def introduction(analyst: Analyst) -> dict[str, Any]:
    """What the log says of a key, apart from whose it is."""
    return {"public": base64.b64encode(analyst.signer.public).decode()}


def is_signed_by(case_id: str, content: dict[str, Any], public: str) -> bool:
    """Whether the signature of an entry is of what it says, by this key."""
    try:
        key = base64.b64decode(public, validate=True)
        signature = base64.b64decode(str(content.get("signature")), validate=True)
    except (binascii.Error, ValueError):
        return False
    return is_right(key, signature, _statement(case_id, str(content.get("action")), content))


def _statement(case_id: str, action: str, content: dict[str, Any]) -> bytes:
    said = {name: value for name, value in content.items() if name not in _OF_THE_LOG}
    return _BEGINS + canonical({"case_id": case_id, "action": action, "said": said}).encode()
