"""Opening a package in the one order in which nothing unverified is ever kept.

Signature of the envelope, digests of every file, decryption into a file that has no name, the bag,
the inner signature. Only then is anything readable. The unnamed file is gone with the process that
holds it, however that process ends.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec

from clew.casefile.custody.checkpoint import parse_verifier
from clew.errors import MachineError
from clew.exchange.moments import CLOCKS, moment
from clew.exchange.refused import Refused
from clew.exchange.sealing import agefile, envelope, inside
from clew.exchange.sealing import bag as bags
from clew.exchange.sealing.envelope import Envelope
from clew.exchange.sealing.inside import Checked, Opened
from clew.exchange.sealing.locks import Key
from clew.exchange.sealing.member import CHUNK
from clew.exchange.sealing.outside import ENVELOPE, ENVELOPE_SIGNATURE, Folder, check_digests
from clew.exchange.sealing.proofs import Vouched
from clew.exchange.sealing.volumes import Joined
from clew.records import Partner


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """That a package was offered, for the custody log; it names no person."""

    outcome: str
    """``opened``, the code of why it was refused, or ``stopped`` by the machine or a person."""
    envelope_sha256: str | None = None
    """Digest of the envelope as it came; None where there was none."""
    package: str | None = None
    """Its id; None where the envelope was not to be believed."""
    sender: str | None = None
    certificate_sha256: str | None = None
    """The certificate that signed the statement inside, and who vouches for it."""
    certificate: Vouched | None = None
    stamped_at: datetime | None = None
    """When a time stamp says that the statement was there, and who vouches for the stamp."""
    stamp: Vouched | None = None


class Receiving(msgspec.Struct, frozen=True, kw_only=True):
    """Who opens, and what is known here."""

    me: str
    """Id of the partner that this agency is to others."""
    keys: tuple[Key, ...]
    """What opens locks; each is tried on the locks of its kind."""
    senders: Mapping[str, Partner]
    """Registered partners by their ids."""
    scratch: Path
    """A folder on a local disk with room for the contents; the unnamed file lies there."""
    received: Mapping[str, str] = {}
    """Packages that were received before: id, and SHA-256 of the tag manifest."""
    authorities: bytes = b""
    """Certificates of authorities in PEM, for a certificate that signed and for a time stamp."""
    attempt: Callable[[Attempt], object] | None = None
    """Called once, before anything can be read or the refusal is raised."""


@contextlib.contextmanager
def opened(package: Path, receiving: Receiving) -> Iterator[Opened]:
    """A package, verified to its last byte; Refused where anything is not as it should be.

    ``receiving.attempt`` is given every refusal and every opening first.
    """
    with contextlib.ExitStack() as files:
        opening = _Opening(receiving, files)
        try:
            found = opening.all(package)
        except Refused as refused:
            opening.tell(refused.code)
            raise
        except BaseException:
            opening.tell("stopped")
            raise
        opening.tell("opened")
        yield found


class _Opening:
    """One attempt to open a package, and what is known of it so far."""

    def __init__(self, receiving: Receiving, files: contextlib.ExitStack) -> None:
        self._receiving, self._files = receiving, files
        self._known = Attempt(outcome="")
        self._public = b""

    def tell(self, outcome: str) -> None:
        """Let the custody log know."""
        if self._receiving.attempt:
            self._receiving.attempt(msgspec.structs.replace(self._known, outcome=outcome))

    def all(self, package: Path) -> Opened:
        """Every check, in the order of receipt."""
        folder = Folder(package, self._files)
        outer = self._envelope(folder.small(ENVELOPE), folder.small(ENVELOPE_SIGNATURE))
        self._timely_and_ours(outer)
        handles = folder.listed(outer)
        check_digests(outer, handles)
        plain = self._files.enter_context(_unnamed(self._receiving.scratch))
        self._decrypt(outer, handles, plain)
        return self._inside(outer, plain)

    def _envelope(self, raw: bytes, signed: bytes) -> Envelope:
        """An envelope that a registered partner signed."""
        digest = hashlib.sha256(raw).hexdigest()
        self._known = msgspec.structs.replace(self._known, envelope_sha256=digest)
        try:
            outer = envelope.read(raw, Envelope)
        except ValueError as error:
            raise Refused("envelope", why=error) from error
        sender = self._receiving.senders.get(outer.sender)
        if sender is None or sender.verifier is None:
            raise Refused("stranger", sender=outer.sender)
        _, self._public = parse_verifier(sender.verifier)
        if not envelope.is_signed(envelope.OUTER, raw, signed, self._public):
            raise Refused("envelope-signature", sender=outer.sender)
        self._known = msgspec.structs.replace(
            self._known, package=outer.package, sender=outer.sender
        )
        return outer

    def _timely_and_ours(self, outer: Envelope) -> None:
        """Refuse what is out of time, or for somebody else."""
        sender = self._receiving.senders[outer.sender]
        sealed_at, now = moment(outer.sealed_at), datetime.now(UTC)
        begin, end = sender.valid_from, sender.valid_until
        for at in (sealed_at, now):
            if not begin <= at <= end:
                raise Refused(
                    "partner-expired", sender=outer.sender, at=f"{at:%Y-%m-%d}",
                    begin=f"{begin:%Y-%m-%d}", end=f"{end:%Y-%m-%d}",
                )  # fmt: skip
        if sealed_at > now + CLOCKS:
            raise Refused("sealed-later", at=outer.sealed_at)
        if self._receiving.me not in outer.receivers:
            receivers = ", ".join(outer.receivers)
            raise Refused("receiver", receivers=receivers, me=self._receiving.me)

    def _decrypt(self, outer: Envelope, handles: Mapping[str, int], plain: BinaryIO) -> None:
        secret = self._secret(outer, handles)
        joined = Joined([handles[part.name] for part in outer.volumes])
        try:
            agefile.decrypt(joined, plain, secret)
        except ValueError as error:
            raise Refused("contents-key") from error
        plain.flush()

    def _secret(self, outer: Envelope, handles: Mapping[str, int]) -> str:
        """What a lock for this agency holds."""
        why = "there is none of a kind that this key opens"
        mine = [lock for lock in outer.locks if lock.receiver == self._receiving.me]
        for lock, key in ((lock, key) for lock in mine for key in self._receiving.keys):
            if lock.kind == key.kind:
                try:
                    return key.unlock(os.pread(handles[lock.name], lock.size, 0))
                except ValueError as error:
                    why = str(error)
        raise Refused("lock", why=why)

    def _inside(self, outer: Envelope, plain: BinaryIO) -> Opened:
        """What a verified archive holds."""
        lying = inside.extents(plain)
        about = inside.bag(plain, lying)
        inner = inside.statement(outer, plain, lying, self._public)
        before = self._receiving.received.get(inner.package, inner.tagmanifest_sha256)
        if before != inner.tagmanifest_sha256:
            raise Refused("replay", package=inner.package)
        payload = {
            name.removeprefix(bags.DATA): extent
            for name, extent in lying.items() if name.startswith(bags.DATA)
        }  # fmt: skip
        sender, authorities = self._receiving.senders[inner.sender], self._receiving.authorities
        proofs = inside.proved(plain, lying, authorities, sender.certificate_sha256)
        self._known = msgspec.structs.replace(
            self._known, certificate_sha256=proofs.certificate_sha256,
            certificate=proofs.certificate, stamped_at=proofs.stamped_at, stamp=proofs.stamp,
        )  # fmt: skip
        checked = Checked(header=inner, info=about, proofs=proofs,
                          envelope_sha256=self._known.envelope_sha256 or "")  # fmt: skip
        return Opened(checked, plain, payload)


@contextlib.contextmanager
def _unnamed(folder: Path) -> Iterator[BinaryIO]:
    """A file without a name in a folder, which can't be given one either."""
    try:
        handle = os.open(folder, os.O_TMPFILE | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise MachineError(
            f"no file without a name can be made in {folder} ({error.strerror})",
            do="Use a folder on a local disk (ext4, XFS, Btrfs or tmpfs).",
        ) from error
    with os.fdopen(handle, "w+b", CHUNK) as plain:
        yield plain
