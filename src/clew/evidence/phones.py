"""Phones among what was taken in: a whole file system, or a backup, recognised by their paths.

The path of a member on the device is what follows the root that is stated; nothing is renamed.
"""

import re
from collections.abc import Iterable, Iterator

ANDROID_BACKUP = "phone:android-backup"
_BY_PATH = (
    ("phone:android-file-system", re.compile(r"(?:^|/)data/(?:data|user/\d+)/[a-z]\w*\.[\w.]+/")),
    ("phone:ios-file-system", re.compile(r"(?:^|/)private/var/(?:mobile|root)/")),
    (ANDROID_BACKUP, re.compile(r"(?:^|/)apps/[A-Za-z]\w*(?:\.\w+)+/_manifest$")),
)
BACKUP = "phone:ios-backup"
_BESIDE = frozenset(("Manifest.db", "Manifest.plist", "Info.plist", "Status.plist"))
_ENOUGH = 3


def recognised(items: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Of items (id and path), those at which a phone is recognised: id, flag, and its root."""
    reported: set[tuple[str, str]] = set()
    backups: dict[str, dict[str, str]] = {}
    for item_id, path in items:
        for code, pattern in _BY_PATH:
            if found := pattern.search(path):
                root = path[: found.start()]
                if (code, root) not in reported:
                    reported.add((code, root))
                    yield item_id, code, root
        folder, _, name = path.rpartition("/")
        if name in _BESIDE:
            backups.setdefault(folder, {})[name] = item_id
    for folder, names in sorted(backups.items()):
        if "Manifest.db" in names and len(names) >= _ENOUGH:
            yield names["Manifest.db"], BACKUP, folder
