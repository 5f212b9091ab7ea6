"""Time stamps of an authority over a checkpoint, carried by file (RFC 3161)."""

from typing import Any

import msgspec

from clew.casefile.custody.checkpoint import parse
from clew.errors import EvidenceError, UsageError, installing


class Stamped(msgspec.Struct, frozen=True):
    """A checkpoint that an authority has seen."""

    size: int
    at: str
    """When, by the authority's clock, in UTC."""


def request(checkpoint: str) -> bytes:
    """A request over the lines of a checkpoint, as the authority takes it."""
    built: bytes = _library().TimestampRequestBuilder().data(checkpoint.encode()).build().as_bytes()
    return built


def check(answer: bytes, root: bytes, checkpoints: list[str]) -> Stamped:
    """Which of the checkpoints an answer is about; EvidenceError where it is about none."""
    from cryptography import x509

    library = _library()
    try:
        response = library.decode_timestamp_response(answer)
        certificate = x509.load_pem_x509_certificate(root)
    except ValueError as error:
        raise UsageError(
            f"the answer or the certificate can't be read ({error})",
            do="Give the authority's answer (.tsr) and its root certificate (PEM).",
        ) from error
    try:
        at = response.tst_info.gen_time.isoformat(timespec="seconds")
    except ValueError as error:
        raise EvidenceError(
            f"the authority refused the request: its answer holds no time stamp ({error})",
            do="Ask the authority why, and make a request anew with --request.",
        ) from error
    checking = library.VerifierBuilder().add_root_certificate(certificate).build()
    for text in checkpoints:
        try:
            checking.verify_message(response, parse(text).checkpoint.text.encode())
        except library.VerificationError:
            continue
        return Stamped(parse(text).checkpoint.size, at)
    raise EvidenceError(
        "the answer is not about a checkpoint of this case, or not from this authority",
        do="Make a request with --request, and give the answer to that one.",
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
