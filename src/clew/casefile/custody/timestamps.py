"""Time stamps of an authority, over a checkpoint or another text, carried by file (RFC 3161)."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from importlib.util import find_spec
from typing import Any

import msgspec

from clew.casefile.custody.checkpoint import parse
from clew.errors import EvidenceError, UsageError, installing

_HASHES = {
    "2.16.840.1.101.3.4.2.1": "sha256", "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}  # fmt: skip


class Stamped(msgspec.Struct, frozen=True):
    """A checkpoint that an authority has seen."""

    size: int
    at: str
    """When, by the authority's clock, in UTC."""


def request(text: bytes) -> bytes:
    """A request over some octets, such as the lines of a checkpoint, as the authority takes it."""
    built: bytes = _library().TimestampRequestBuilder().data(text).build().as_bytes()
    return built


def check(answer: bytes, root: bytes, checkpoints: list[str]) -> Stamped:
    """Which of the checkpoints an answer is about; EvidenceError where it is about none."""
    response = _read(answer)
    for text in checkpoints:
        point = parse(text).checkpoint
        if _is_by(response, [root], point.text.encode()):
            at = response.tst_info.gen_time.isoformat(timespec="seconds")
            return Stamped(point.size, at)
    raise EvidenceError(
        "the answer is not about a checkpoint of this case, or not from this authority",
        do="Make a request with --request, and give the answer to that one.",
    )


def is_readable() -> bool:
    """Whether the extra that reads time stamps is installed."""
    return find_spec("rfc3161_client") is not None


def is_about(answer: bytes, text: bytes) -> bool:
    """Whether an answer is about these octets; whose it is has still to be checked."""
    imprint = _read(answer).tst_info.message_imprint
    name = _HASHES.get(imprint.hash_algorithm.dotted_string)
    return name is not None and imprint.message == hashlib.new(name, text).digest()


def stamped_at(answer: bytes) -> datetime:
    """When an answer says that it was given, by the authority's clock."""
    moment: datetime = _read(answer).tst_info.gen_time
    return moment


def is_by(answer: bytes, roots: Iterable[bytes], text: bytes) -> bool:
    """Whether an answer is about these octets and by one of these authorities, each in PEM."""
    return _is_by(_read(answer), roots, text)


def _is_by(response: Any, roots: Iterable[bytes], text: bytes) -> bool:
    from cryptography import x509

    library = _library()
    for root in roots:
        try:
            certificate = x509.load_pem_x509_certificate(root)
        except ValueError as error:
            raise _unreadable(error) from error
        checking = library.VerifierBuilder().add_root_certificate(certificate).build()
        try:
            checking.verify_message(response, text)
        except library.VerificationError:
            continue
        return True
    return False


def _read(answer: bytes) -> Any:
    """An answer that holds a time stamp."""
    try:
        response = _library().decode_timestamp_response(answer)
    except ValueError as error:
        raise _unreadable(error) from error
    try:
        _ = response.tst_info.gen_time
    except ValueError as error:
        raise EvidenceError(
            f"the authority refused the request: its answer holds no time stamp ({error})",
            do="Ask the authority why, and make a request anew.",
        ) from error
    return response


def _unreadable(error: ValueError) -> UsageError:
    return UsageError(
        f"the answer or the certificate can't be read ({error})",
        do="Give the authority's answer (.tsr) and its root certificate (PEM).",
    )


def _library() -> Any:
    try:
        import rfc3161_client
    except ImportError as error:
        raise UsageError(
            "time stamps need the extra `timestamp`, which is not installed",
            do=f"Install it: {installing('timestamp')}",
        ) from error
    return rfc3161_client
