"""Where the items of a phone lie on the device itself, which a dump or a backup only implies."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import pyarrow as pa

from clew.evidence import adb, phones
from clew.evidence.backups import Backup, Manifest
from clew.evidence.stated import Flagged, flagged
from clew.records import Item, Outcome
from clew.schema import batch

Batches = Callable[[], Iterator[pa.RecordBatch]]


class DevicePaths:
    """The phones among the items of one exhibit, and where each item lies on them."""

    def __init__(self, items: Batches, manifests: Iterable[Manifest]) -> None:
        self._items = items
        self._recognised = list(phones.recognised(_paths(items())))
        folders: dict[str, list[Manifest]] = {}
        for manifest in manifests:
            folders.setdefault(manifest.folder, []).append(manifest)
        self._backups: dict[str, Backup] = {}
        for folder, said in sorted(folders.items()):
            backup = Backup(said)
            if backup.is_one:
                self._backups[folder] = backup
        whole = {root for _, code, root in self._recognised if code != phones.BACKUP}
        self._android = {r for _, code, r in self._recognised if code == phones.ANDROID_BACKUP}
        self._roots = sorted({*whole, *self._backups}, key=len, reverse=True)

    def items(self) -> Iterator[pa.RecordBatch]:
        """The items, each with its path on the device where that is known."""
        failed = {item for backup in self._backups.values() for item in backup.unread}
        for part in self._items():
            yield self._with_paths(part, failed) if self._roots else part

    def flags(self) -> Iterator[tuple[str, Flagged]]:
        """The phones that were recognised and what is odd, by item, once all were gone through."""
        for item, code, root in self._recognised:
            yield item, flagged(code, root=root or "/")
        for _, backup in sorted(self._backups.items()):
            yield from backup.flags()

    def _with_paths(self, part: pa.RecordBatch, failed: set[str]) -> pa.RecordBatch:
        values = {name: part.column(name) for name in part.schema.names}
        values["device_path"] = [self._path(path) for path in part.column("path").to_pylist()]
        ids = part.column("item_id").to_pylist()
        if failed.intersection(ids):
            values |= _with_failed(ids, failed, values)
        return batch(Item, part.num_rows, **values).data

    def _path(self, path: str) -> str | None:
        for root in self._roots:
            if not root or path.startswith(f"{root}/"):
                below = path[len(root) + 1 :] if root else path
                if root in self._android:
                    return adb.device_path(below)
                backup = self._backups.get(root)
                return backup.device_path(below) if backup else f"/{below}"
        return None


def _paths(parts: Iterable[pa.RecordBatch]) -> Iterator[tuple[str, str]]:
    for part in parts:
        yield from zip(*(part.column(n).to_pylist() for n in ("item_id", "path")), strict=True)


def _with_failed(
    ids: list[str], failed: set[str], values: Mapping[str, pa.Array]
) -> dict[str, list[str | None]]:
    """Outcome and reason, where items of an encrypted backup can't be read."""
    rows = zip(ids, values["outcome"].to_pylist(), values["reason"].to_pylist(), strict=True)
    outcomes = [(Outcome.FAILED.value, "encrypted") if i in failed else (o, r) for i, o, r in rows]
    return {"outcome": [o for o, _ in outcomes], "reason": [r for _, r in outcomes]}
