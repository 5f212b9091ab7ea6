"""Who decided: the signatures of a case, each against what it signs and whose key it is."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from clew.casefile.case import Case
from clew.casefile.chronicle import Chronicle
from clew.casefile.custody.signed import INTRODUCED, is_signed_by

_UNSIGNED = "judgement {n} is not signed: whose it is rests on its words alone"


class Problem(msgspec.Struct, frozen=True):
    """Something that is not as it was written, or that is odd and explained."""

    what: str
    text: str
    is_problem: bool = True


def signatures(case: Case, log: Chronicle) -> Iterator[Problem | str]:
    """Signatures that are wrong or missing, and judgements in another's name.

    Judgements from before the first that was signed are valid, and reported.
    """
    keys = _introduced(case)
    for told in _entries(case, '"signature"'):
        key = str(told.get("key"))
        if key not in keys:
            yield f"{_called(told)} is signed by a key that the case does not know: {key}"
        elif not is_signed_by(case.custody.case_id, told, str(keys[key].get("public"))):
            yield f"the signature of {_called(told)} is not of what it says, or by another key"
    first = min((n for n, judged in log.judged.items() if judged.signature), default=None)
    for number, judged in sorted(log.judged.items()):
        if not judged.signature:
            is_problem = first is not None and number > first
            yield Problem("signature", _UNSIGNED.format(n=number), is_problem=is_problem)
    yield from _in_anothers_name(case, log)


def _in_anothers_name(case: Case, log: Chronicle) -> Iterator[str]:
    names = names_of(case)
    for row in case.ledger.rows() if names else ():
        judged = log.judged.get(row.number)
        if judged is None or not judged.signature or row.text is None:
            continue
        said, own = msgspec.json.decode(row.text).get("judged_by"), names.get(judged.key)
        if own is not None and said != own:
            yield f"judgement {row.number} is by {said}, and signed by the key of {own}"


def strangers(case: Case, log: Chronicle, signers: Mapping[str, str]) -> Iterator[str]:
    """What was judged without a signature, or by a key that is on no list that was handed over."""
    names = names_of(case)
    for key in _introduced(case):
        name = names.get(key, "erased")
        if key not in signers:
            yield f"the key {key} of {name} is not among the signers that were given"
        elif signers[key] != name:
            yield f"the key {key} is that of {signers[key]}, and is used as that of {name}"
    for number, judged in sorted(log.judged.items()):
        if not judged.signature:
            yield _UNSIGNED.format(n=number)


def names_of(case: Case) -> dict[str, str]:
    """Whose each key is, by its fingerprint."""
    keys = _introduced(case)
    held = {one.digest: one.text for one in case.custody.vault.every()} if keys else {}
    found = {}
    for key, told in keys.items():
        if text := held.get(str(told.get("sealed"))):
            found[key] = str(msgspec.json.decode(text).get("name"))
    return found


def _introduced(case: Case) -> dict[str, dict[str, Any]]:
    """Entries by which keys were met for the first time, by their fingerprints."""
    found: dict[str, dict[str, Any]] = {}
    for told in _entries(case, f'"{INTRODUCED}"'):
        if told.get("action") == INTRODUCED:
            found.setdefault(str(told.get("key")), told)
    return found


def _entries(case: Case, having: str) -> list[dict[str, Any]]:
    return [entry.content for entry in case.custody.entries() if having in entry.body]


def listed(text: str) -> dict[str, str]:
    """Names of those who may judge, by their keys: a line of ``clew whoami`` for each."""
    lines = (line.split(maxsplit=1) for line in text.splitlines() if line.strip())
    return {words[0]: words[1].strip() for words in lines if len(words) > 1}


def _called(told: dict[str, Any]) -> str:
    if number := told.get("number"):
        return f"judgement {number}"
    return f"the entry {told.get('action')!r} of {told.get('at')}"
