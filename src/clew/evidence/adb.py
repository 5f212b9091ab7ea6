"""Android's own backups (``adb backup``): a few lines of text, and behind them a tar, deflated.

The lines are ``ANDROID BACKUP``, the version (1 to 5), whether the tar is deflated, and how it is
encrypted. What a maker writes before them (``MIUI BACKUP`` and some lines) is passed over. An
encrypted backup is recognised and never decrypted.

References:
    - AOSP, services/backup/java/com/android/server/backup/fullbackup/PerformAdbBackupTask.java
    - AOSP, core/java/android/app/backup/FullBackup.java (the names of the trees in the tar)

"""

import os
import re
import zlib

import msgspec

from clew.evidence.inflate import Zlib
from clew.words.reasons import Unreadable

_HEADER = re.compile(
    rb"(?:MIUI BACKUP\n(?:[^\n]{0,200}\n){1,6}?)?"
    rb"ANDROID BACKUP\n(?P<version>\d{1,3})\n(?P<deflated>[01])\n(?P<encryption>[\w-]{1,40})\n"
)
_LONGEST = 4096
_OF_APP = re.compile(r"apps/(?P<package>[^/]+)/(?P<tree>[a-z_]+)(?P<rest>(?:/.*)?)")
_OF_STORAGE = re.compile(r"shared/(?P<number>\d+)(?P<rest>(?:/.*)?)")
_TREES = {
    "a": "/data/app/{}", "obb": "/sdcard/Android/obb/{}", "ef": "/sdcard/Android/data/{}/files",
    "r": "", "f": "/files", "db": "/databases", "sp": "/shared_prefs", "c": "/cache",
    "nb": "/no_backup",
}  # fmt: skip
"""Where the trees of an app lie, its own folder first where nothing else is named."""


class Header(msgspec.Struct, frozen=True):
    """What the lines before the tar say."""

    version: int
    size: int
    """Bytes of the lines: there the tar begins."""
    is_deflated: bool


def header(handle: int) -> Header:
    """The header of the backup in an open file; Unreadable where it has none or is encrypted."""
    found = _HEADER.match(os.pread(handle, _LONGEST, 0))
    if found is None:
        raise Unreadable("damaged", cause="the header of the Android backup is not whole")
    if found["encryption"] != b"none":
        cipher = found["encryption"].decode()
        raise Unreadable("encrypted:android-backup", cipher=cipher, version=int(found["version"]))
    return Header(int(found["version"]), found.end(), found["deflated"] == b"1")


def inflater() -> Zlib:
    """What unpacks the tar of a backup: a stream with the header of zlib."""
    return Zlib(zlib.MAX_WBITS)


def device_path(member: str) -> str | None:
    """Path on the phone of a member of the tar; None where the backup itself wrote it.

    >>> device_path("apps/org.example.chat/db/messages.db")
    '/data/data/org.example.chat/databases/messages.db'
    >>> device_path("shared/0/DCIM/1.jpg")
    '/sdcard/DCIM/1.jpg'
    """
    if stored := _OF_STORAGE.fullmatch(member):
        volume = "/sdcard" if stored["number"] == "0" else f"/storage/{stored['number']}"
        return volume + stored["rest"]
    found = _OF_APP.fullmatch(member)
    if found is None:
        return None
    name = found["tree"].removeprefix("d_")
    if name not in _TREES:
        return None
    folder = "/data/user_de/0" if name != found["tree"] else "/data/data"
    tree = _TREES[name]
    return (tree if "{}" in tree else folder + "/{}" + tree).format(found["package"]) + found[
        "rest"
    ]
