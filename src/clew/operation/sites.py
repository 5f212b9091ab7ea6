"""A site that works without the case: a folder with a key, a list, and nothing else.

The list is the file that travels. Every statement is signed when it is written, and the file takes
the place of the one before in one step: it is whole at any moment, also after the machine was
switched off.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from clew.casefile.custody import keys
from clew.casefile.files import replacing, write_text
from clew.casefile.lock import locked
from clew.errors import EvidenceError, UsageError
from clew.operation import site_files
from clew.operation.site_files import SiteFile, read_site
from clew.operation.statements import Said, listed
from clew.records import Statement

_KEY, _ABOUT = "key.pem", "site.json"
_NAME = re.compile(r"[A-Z0-9][A-Za-z0-9-]{0,39}")


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of a site."""

    site: str
    public_key: str


class Site:
    """A site's folder."""

    def __init__(self, folder: Path, about: About) -> None:
        self.folder = folder
        self.name = about.site
        self.public_key = about.public_key

    @property
    def file(self) -> Path:
        """The list, to be carried to the coordinator."""
        return self.folder / f"{self.name}.jsonl"

    @property
    def fingerprint(self) -> str:
        """What two people read to each other to compare the key."""
        return site_files.fingerprint(self.public_key)

    def read(self) -> SiteFile:
        """The list, checked."""
        return read_site(self.file)

    def statements(self) -> list[Statement]:
        """Every statement of the list."""
        found = self.read()
        if found.public_key != self.public_key or found.site != self.name:
            raise EvidenceError(
                f"{self.file.name} is signed by another key than this site's",
                do="Put back the file that this site wrote.",
            )
        return list(found.statements)

    def state(self, said: Sequence[Said], by: str) -> list[Statement]:
        """Write statements down at the end of the list, each with its signature."""
        if not by.strip():
            raise UsageError("a statement needs a name", do='Say who states it: --by "MAD-1"')
        with locked(self.folder):
            known = self.statements()
            made = listed(said, self.name, by.strip(), known[-1] if known else None)
            key = keys.load(self.folder / _KEY, self.name, "")
            lines = [self._signed(one, key) for one in made]
            with replacing(self.file) as file:
                file.write_bytes(b"".join((self.file.read_bytes(), *lines)))
        return made

    @staticmethod
    def _signed(one: Statement, key: keys.FileKey) -> bytes:
        signature = key.sign(site_files.signed_text(one.statement_id))
        return site_files.line_of(one, base64.b64encode(signature).decode())


def is_site(folder: Path) -> bool:
    """Whether a folder is a site's."""
    return (folder / _ABOUT).is_file()


def open_site(folder: Path) -> Site:
    """A site that is there; EvidenceError where its folder is damaged."""
    try:
        about = msgspec.json.decode((folder / _ABOUT).read_bytes(), type=About)
    except (OSError, msgspec.MsgspecError) as error:
        raise EvidenceError(
            f"{folder / _ABOUT} can't be read: {error}", do="Restore the folder from a copy."
        ) from error
    return Site(folder, about)


def new_site(folder: Path, name: str) -> Site:
    """Make a site: a folder that is not there yet, with a key of its own and an empty list."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} can't be the name of a site",
            do="Give one such as MAD or BOG-2: at most 40 letters, digits and dashes.",
        )
    if folder.exists():
        raise UsageError(f"{folder} is there already", do="Name a folder that does not exist.")
    folder.mkdir(parents=True)
    folder.chmod(0o700)
    public = keys.make(folder / _KEY, "", open_to_its_owner=True)
    about = About(site=name, public_key=base64.b64encode(public).decode())
    site = Site(folder, about)
    site.file.write_bytes(site_files.head_line(name, about.public_key))
    write_text(folder / _ABOUT, msgspec.json.encode(about).decode() + "\n")
    return site
