"""Who answers for it: the signatures of a case, each against what it signs and whose key it is."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from clew.casefile.case import Case
from clew.casefile.chronicle import EXHIBIT_TAKEN_IN, READ, Chronicle
from clew.casefile.custody.signed import INTRODUCED, is_signed_by
from clew.casefile.ledger import JUDGED
from clew.errors import UsageError

_HAVING = {
    JUDGED: f'"action":"{JUDGED}"',
    EXHIBIT_TAKEN_IN: f'"action":"{EXHIBIT_TAKEN_IN}"',
    READ: '"masked":false',
}
"""Actions that people answer for, and what their entries have in them: of readings, unmaskings."""

_OF_WHOAMI = re.compile(r"([0-9A-Za-z]{16,64})\s+(\S.*)")
"""A line of ``clew whoami``: fingerprint of a key, and whose it is."""


class Problem(msgspec.Struct, frozen=True):
    """Something that is not as it was written, or that is odd and explained."""

    what: str
    text: str
    is_problem: bool = True


def signatures(case: Case, log: Chronicle) -> Iterator[Problem | str]:
    """Signatures that are wrong or missing, and judgements in another's name.

    What is unsigned from before the first of its kind that was signed is valid, and reported:
    judgements always, and other things where somebody's key is known to the case.
    """
    keys = _introduced(case)
    for entry in _entries(case, '"signature"'):
        key = str(entry.get("key"))
        if key not in keys:
            yield f"{_named(entry)} is signed by a key that the case does not know: {key}"
        elif not is_signed_by(case.custody.case_id, entry, str(keys[key].get("public"))):
            yield f"the signature of {_named(entry)} is not of what it says, or by another key"
    for action in _HAVING if keys else (JUDGED,):
        is_problem = False
        for entry in _answered(case, action):
            if entry.get("signature"):
                is_problem = True
            else:
                yield Problem("signature", _unsigned(entry), is_problem)
    yield from _in_anothers_name(case, log)


def _answered(case: Case, action: str) -> list[dict[str, Any]]:
    """Entries of one kind that somebody answers for."""
    return [one for one in _entries(case, _HAVING[action]) if one.get("action") == action]


def _unsigned(entry: dict[str, Any]) -> str:
    return f"{_named(entry)} is not signed: whose it is rests on its words alone"


def _in_anothers_name(case: Case, log: Chronicle) -> Iterator[str]:
    names = names_of(case)
    for row in case.ledger.rows() if names else ():
        judged = log.judged.get(row.number)
        if judged is None or not judged.signature or row.text is None:
            continue
        said, own = msgspec.json.decode(row.text).get("judged_by"), names.get(judged.key)
        if own is not None and said != own:
            yield f"judgement {row.number} is by {said}, and signed by the key of {own}"


def strangers(case: Case, signers: Mapping[str, str]) -> Iterator[str]:
    """What was judged without a signature, or by a key that is on no list that was handed over."""
    names = names_of(case)
    for key in _introduced(case):
        name = names.get(key, "erased")
        if key not in signers:
            yield f"the key {key} of {name} is not among the signers that were given"
        elif signers[key] != name:
            yield f"the key {key} is that of {signers[key]}, and is used as that of {name}"
    for entry in _answered(case, JUDGED):
        if not entry.get("signature"):
            yield _unsigned(entry)


def names_of(case: Case) -> dict[str, str]:
    """Whose each key is, by its fingerprint."""
    keys = _introduced(case)
    texts = {one.digest: one.text for one in case.custody.vault.every()} if keys else {}
    found = {}
    for key, entry in keys.items():
        if text := texts.get(str(entry.get("sealed"))):
            found[key] = str(msgspec.json.decode(text).get("name"))
    return found


def _introduced(case: Case) -> dict[str, dict[str, Any]]:
    """Entries by which keys were met for the first time, by their fingerprints."""
    found: dict[str, dict[str, Any]] = {}
    for entry in _entries(case, f'"{INTRODUCED}"'):
        if entry.get("action") == INTRODUCED:
            found.setdefault(str(entry.get("key")), entry)
    return found


def _entries(case: Case, having: str) -> list[dict[str, Any]]:
    return [entry.content for entry in case.custody.entries() if having in entry.body]


def listed(text: str) -> dict[str, str]:
    """Names of those who may judge, by their keys: a line of ``clew whoami`` for each.

    Raises UsageError where another line stands in it, so that no wrong file makes strangers of all.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        if not (words := _OF_WHOAMI.fullmatch(line.strip())):
            raise UsageError(
                f"line {number} of the list of keys is no line of clew whoami",
                do="Give a file with a line of clew whoami for each who may judge.",
            )
        found[words[1]] = words[2]
    return found


def _named(entry: dict[str, Any]) -> str:
    action, at = entry.get("action"), entry.get("at")
    if action == JUDGED:
        return f"judgement {entry.get('number')}"
    if action == EXHIBIT_TAKEN_IN:
        return f"the taking-in of exhibit {(entry.get('exhibit') or {}).get('exhibit_id')}"
    return f"the unmasking of {at}" if action == READ else f"the entry {action!r} of {at}"
