"""``referral.json`` written and read: one text for each referral, and nothing else taken."""

from __future__ import annotations

from itertools import islice

import msgspec

from clew.errors import ClewError, EvidenceError, UsageError
from clew.exchange.consistency import problems
from clew.exchange.referral import VERSION, Head, Referral

NAME = "referral.json"
MOST = 512 << 20
"""Bytes of the largest referral that is read."""
_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(Referral)
_FAMILY = VERSION.partition("/")[0]
_SHOWN = 3


def encode(referral: Referral) -> bytes:
    """The canonical text; UsageError where the referral breaks a rule that every receiver holds."""
    try:
        text = _ENCODER.encode(referral)
        _DECODER.decode(text)  # fields were never checked as the parts were made
    except (msgspec.ValidationError, UnicodeEncodeError) as error:
        raise _broken(UsageError, str(error), "Correct the package's draft.") from error
    if found := list(islice(problems(referral), _SHOWN)):
        raise _broken(UsageError, "; ".join(found), "Correct the package's draft.")
    return text


def decode(text: bytes) -> Referral:
    """A referral as it was received; EvidenceError where it is not one to the letter."""
    again = "Nothing was taken in. Ask the sender for the package again."
    if len(text) > MOST:
        raise _broken(EvidenceError, f"{len(text)} bytes are more than {MOST}", again)
    try:
        written = msgspec.json.decode(text, type=Head).format
        if written != VERSION:
            raise _of_another_version(written, again)
        referral = _DECODER.decode(text)
        canonical = _ENCODER.encode(referral)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise _broken(EvidenceError, str(error), again) from error
    if canonical != text:
        raise _broken(EvidenceError, "it is not written in the one canonical way", again)
    if found := list(islice(problems(referral), _SHOWN)):
        raise _broken(EvidenceError, "; ".join(found), again)
    return referral


def _of_another_version(written: object, again: str) -> ClewError:
    family, _, version = str(written)[:80].partition("/")
    if family != _FAMILY:
        return _broken(EvidenceError, f"it does not call itself {VERSION}", again)
    return UsageError(
        f"{NAME} is of version {version}, and this Clew reads {VERSION.partition('/')[2]}",
        do="Nothing was taken in. Bring Clew up to date, or ask the sender for the older version.",
    )


def _broken(kind: type[ClewError], why: str, do: str) -> ClewError:
    return kind(f"{NAME} is not a referral: {why}", do=do)
