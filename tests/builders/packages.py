"""Packages between made-up agencies: keys, a partner's registration, and a package of few files."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

from clew.casefile.custody.checkpoint import verifier
from clew.casefile.custody.keys import FileKey
from clew.exchange.sealing import (
    AgeKey,
    Header,
    Member,
    Receiver,
    Receiving,
    Sealing,
    now,
    package_id,
    seal,
)
from clew.exchange.sealing.locks import age

PLAIN = b"nobody may find this outside "
"""What stands in clear in a package and is looked for everywhere else."""
PARTS = (
    Member.of("referral.json", b'{"about":"nobody"}'),
    Member.of("tables/accounts.parquet", PLAIN * 4000),
    Member.of("tables/persons.parquet", b""),
    Member.of("cover.pt.html", "<p>Olá</p>".encode()),
)


def signer(name: str = "es.example/exchange") -> FileKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return FileKey(name, Ed25519PrivateKey.generate())


def partner(key: FileKey, valid: tuple[int, int] = (2020, 2099)) -> SimpleNamespace:
    begin, end = (datetime(year, 1, 1, tzinfo=UTC) for year in valid)
    known = verifier(key.name, key.public)
    return SimpleNamespace(verifier=known, valid_from=begin, valid_until=end,
                           certificate_sha256=None)  # fmt: skip


class Agencies:
    """ES, who sends, and PT and DE, who each have an identity of age."""

    def __init__(self) -> None:
        self.key = signer()
        self.identities = {name: age.fresh() for name in ("DE", "PT")}

    def receiver(self, name: str) -> Receiver:
        public = str(age.identity(self.identities[name]).to_public())
        return Receiver(party=name, age_recipient=public)

    def sealing(self, to: tuple[str, ...] = ("PT",), **about: object) -> Sealing:
        volume_size = about.pop("volume_size", None)
        told = {"package": package_id(), "case": "0011", "sender": "ES", "sealed_at": now(),
                "receivers": to, "handling": ("H1",), "tlp": "TLP:AMBER", **about}  # fmt: skip
        receivers = tuple(map(self.receiver, to))
        return Sealing(header=Header(**told), receivers=receivers, signer=self.key,
                       info=(("Clew-Contains-Media", "no"),), volume_size=volume_size)  # fmt: skip

    def package(self, folder, members=PARTS, to: tuple[str, ...] = ("PT",), **about: object):
        made = folder / "made.clewpkg"
        seal(made, members, self.sealing(to, **about))
        return made

    def unpacked(self, package, folder, me: str = "PT") -> None:
        """Open a package as whoever has no Clew does: age and tar."""
        import io
        import tarfile

        import pyrage

        own = pyrage.x25519.Identity.from_str(self.identities[me])
        secret = pyrage.decrypt((package / f"locks/{me}.age").read_bytes(), [own]).decode()
        sealed = b"".join(p.read_bytes() for p in sorted(package.glob("volume-*.age")))
        plain = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(secret)])
        with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
            archive.extractall(folder, filter="data")

    def receiving(self, scratch, me: str = "PT", **about: object) -> Receiving:
        keys = (AgeKey(self.identities[me]),) if me in self.identities else ()
        told = {"me": me, "keys": keys, "senders": {"ES": partner(self.key)},
                "scratch": scratch, **about}  # fmt: skip
        return Receiving(**told)


def crafted(agencies: Agencies, folder, archive: bytes, to: tuple[str, ...] = ("PT",), **about):
    """A package whose sender signs whatever he wants: right outside, and inside these bytes."""
    from clew.exchange.sealing import agefile, envelope
    from clew.exchange.sealing.envelope import Envelope
    from clew.exchange.sealing.seal import _locks
    from clew.exchange.sealing.volumes import Volumes

    locked = about.pop("locked", None)
    sealing = agencies.sealing(to, **about)
    made = folder / "made.clewpkg"
    made.mkdir()
    identity, volumes = age.fresh(), Volumes(made, None)
    agefile.encrypt(iter([archive]), volumes, identity)
    volumes.close()
    outer = Envelope(**envelope.shared(sealing.header), volumes=tuple(volumes.parts),
                     locks=tuple(_locks(made, sealing.receivers, locked or identity)))  # fmt: skip
    written = envelope.written(outer)
    (made / "envelope.json").write_bytes(written)
    signed = envelope.signature(envelope.OUTER, written, agencies.key)
    (made / "envelope.sig").write_bytes(signed)
    return made


def archive_of(files: dict[str, bytes]) -> bytes:
    """An archive of files by their names in it."""
    from clew.exchange.sealing.tar import END, header, padding

    parts = (header(n, len(c)) + c + padding(len(c)) for n, c in files.items())
    return b"".join(parts) + END


def files_of(agencies: Agencies, sealing: Sealing, members=PARTS) -> dict[str, bytes]:
    """Files of the archive that a package of these members has, by their names in it."""
    import io

    from clew.exchange.sealing.bag import Bag
    from clew.exchange.sealing.seal import _archive, _tags
    from clew.exchange.sealing.tar import members as listed

    again = [Member.of(part.name, b"".join(part.chunks)) for part in members]
    bag = Bag(again, [*_tags(sealing.header), *sealing.info])
    whole = b"".join(_archive(bag, sealing))
    return {name: whole[at : at + size] for name, at, size in listed(io.BytesIO(whole))}
