"""Who somebody is to Clew: a key of one's own, made at first use, and the name that goes with it.

It lies in the user's folder of settings, which nobody else may read. The name is given once: a key
never takes another's. By its fingerprint a key is known in every case and on every machine.
"""

import base64
import contextlib
import hashlib
import os
import pwd
from pathlib import Path
from typing import Self

import msgspec

from clew.casefile.custody import keys
from clew.casefile.custody.checkpoint import Signer
from clew.casefile.files import write_text
from clew.errors import UsageError

_KEY, _ABOUT = "key.pem", "identity.json"
_DIGITS = 32
_LONGEST_NAME = 100


class Identity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of a key without opening it."""

    name: str
    """Whose it is."""
    public: str
    """The public key, in base64."""
    module: str = ""
    """Module of the PKCS#11 token that holds it; empty of a key in a file."""
    label: str = ""
    """Its label on the token."""
    has_passphrase: bool = False

    @property
    def fingerprint(self) -> str:
        """By which the key is known."""
        return fingerprint(base64.b64decode(self.public))

    @property
    def asks(self) -> str:
        """What is asked for before it signs; empty of a key that lies open."""
        if self.module:
            return "PIN of the token"
        return f"Passphrase of the key of {self.name}" if self.has_passphrase else ""

    def signer(self, passphrase: str) -> Signer:
        """The key, to sign with; UsageError where it can't be opened, or others could open it."""
        file = folder() / _KEY
        if not self.module and file.exists() and file.stat().st_mode & 0o077:
            raise UsageError(
                f"others may read {file}, so that it proves nothing",
                do="Begin anew: clew whoami --new --name NAME",
            )
        opened: Signer = (
            keys.TokenKey(self.name, self.module, self.label, passphrase)
            if self.module
            else keys.load(file, self.name, passphrase)
        )
        if fingerprint(opened.public) != self.fingerprint:
            raise UsageError(
                f"the key in {folder()} is not the one that is registered for {self.name}",
                do="Put the right one back, or begin anew: clew whoami --new --name NAME",
            )
        return opened


class Analyst(msgspec.Struct, frozen=True):
    """Whoever decides, with the key that signs what was decided."""

    name: str
    signer: Signer

    @property
    def fingerprint(self) -> str:
        """By which the key is known."""
        return fingerprint(self.signer.public)

    @classmethod
    def of(cls, identity: Identity, passphrase: str = "") -> Self:
        """The owner of a key."""
        return cls(identity.name, identity.signer(passphrase))


def folder() -> Path:
    """Where the key lies."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "clew"


def identity() -> Identity | None:
    """Who is working here; None where no key was made yet."""
    file = folder() / _ABOUT
    try:
        return msgspec.json.decode(file.read_bytes(), type=Identity)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, UnicodeError) as error:
        raise UsageError(
            f"{file} can't be read: {error}",
            do="Put it right, or begin anew: clew whoami --new --name NAME",
        ) from error


def make(name: str, passphrase: str = "") -> Identity:
    """Make a key for a name, which stays with it."""
    named = _named(name)
    _private()
    public = keys.make(folder() / _KEY, passphrase, open_to_its_owner=True)
    return _write(named, public, has_passphrase=bool(passphrase))


def take_token(name: str, module: str, label: str, pin: str) -> Identity:
    """Take a key on a token for one's own."""
    named = _named(name)
    _private()
    key = keys.TokenKey(named, module, label, pin)
    return _write(named, key.public, module=module, label=label)


def set_aside() -> None:
    """Put the key that is there aside, so that another can be made; it stays for whoever asks."""
    with contextlib.suppress(UsageError):
        if earlier := identity():
            for name in (_KEY, _ABOUT):
                with contextlib.suppress(FileNotFoundError):
                    (folder() / name).rename(folder() / f"{earlier.fingerprint}.{name}")
            return
    for name in (_KEY, _ABOUT):
        with contextlib.suppress(FileNotFoundError):
            (folder() / name).rename(folder() / f"unknown-{os.urandom(4).hex()}.{name}")


def fingerprint(public: bytes) -> str:
    """The first 128 bits of the SHA-256 of a public key, in hexadecimal."""
    return hashlib.sha256(public).hexdigest()[:_DIGITS]


def read_aloud(public: bytes) -> str:
    """What two people read to each other to compare a key: its fingerprint, in groups of four."""
    digits = fingerprint(public)
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def operating_user() -> str:
    """Name of the user whom the system runs this for; no variable of the environment changes it."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"


def whereabouts() -> dict[str, object]:
    """What every entry of a log says of who made it: system's user, machine, and own key."""
    found: dict[str, object] = {
        "by": operating_user(), "uid": os.getuid(), "host": os.uname().nodename
    }  # fmt: skip
    with contextlib.suppress(UsageError):
        if one := identity():
            found["key"] = one.fingerprint
    return found


def _named(name: str) -> str:
    named = name.strip()
    if not named or not named.isprintable() or len(named) > _LONGEST_NAME:
        raise UsageError(
            f"{name!r} can't be a name", do='Give your own, as in: clew whoami --name "A. Analyst"'
        )
    return named


def _private() -> None:
    if (folder() / _ABOUT).exists() or (folder() / _KEY).exists():
        raise UsageError(
            f"there is a key in {folder()} already",
            do="See whose it is with: clew whoami. For another: clew whoami --new --name NAME",
        )
    folder().mkdir(parents=True, exist_ok=True)
    folder().chmod(0o700)


def _write(name: str, public: bytes, **more: object) -> Identity:
    known = {"name": name, "public": base64.b64encode(public).decode(), **more}
    made = msgspec.convert(known, Identity)
    file = folder() / _ABOUT
    write_text(file, msgspec.json.format(msgspec.json.encode(made), indent=1).decode() + "\n")
    file.chmod(0o600)
    return made
