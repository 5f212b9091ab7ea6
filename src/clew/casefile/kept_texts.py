"""Texts that masking changes, kept from one masked query to the next.

To find which texts of a column hold something to hide is what a masked query costs most for. What
was found lies in ``work/masked``, one file a column, and is of one generation of the tables. A file
counts only with a keyed digest (HMAC) that the secret of the case makes: nobody without it can
plant one by which a text would be shown as it is. Whoever writes the case removes them, so that an
erasure reaches them.
"""

import contextlib
import hashlib
import hmac
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pyarrow as pa

from clew.casefile import masking, text_masking
from clew.casefile.files import replacing
from clew.errors import MachineError

FOLDER = Path("work", "masked")
_OF = b"of"
"""What the schema of a file says it is of: a generation, a column, and the code that masked it."""
_MAC = hashlib.sha256().digest_size


class KeptTexts:
    """What masking made of the texts of each column, in one generation of a case."""

    def __init__(
        self, case: Path, generation: str, key: str, is_in_force: Callable[[], bool]
    ) -> None:
        """Texts of a generation, which must be that of a snapshot: no run changes it meanwhile.

        Of one that is in force no more nothing is written: an erasure may have ended it.
        """
        self._folder, self._generation, self._key = case / FOLDER, generation, key
        self._is_in_force = is_in_force

    def of(self, table: str, column: str, find: Callable[[], pa.Table]) -> pa.Table:
        """Texts of a column that are shown otherwise, each with what is shown; found if need be."""
        file = self._folder / f"{table}.{column}"
        of = f"{self._generation} {table}.{column} {_code()}".encode()
        kept = _read(file, self._key)
        if kept is not None and (kept.schema.metadata or {}).get(_OF) == of:
            return kept
        found = find()
        if not self._is_in_force():
            return found
        with contextlib.suppress(MachineError, OSError):
            self._folder.mkdir(exist_ok=True)
            if _is_ours(self._folder.parents[1]):
                with replacing(file) as hidden:
                    written = found.replace_schema_metadata({_OF: of})
                    hidden.write_bytes(_written(written, self._key))
        return found


def is_kept(file: Path, key: str) -> bool:
    """Whether a file was written here, with the secret of this case."""
    return _read(file, key) is not None


def forget(case: Path, key: str) -> None:
    """Remove what was kept; nothing is looked for through links, and nothing else is removed."""
    for file in (case / FOLDER).iterdir() if _is_ours(case) else ():
        if is_kept(file, key):
            file.unlink()


def _is_ours(case: Path) -> bool:
    """Whether the folder is there, and no link leads to it."""
    parts = (case / FOLDER.parent, case / FOLDER)
    return all(part.is_dir() and not part.is_symlink() for part in parts)


def _read(file: Path, key: str) -> pa.Table | None:
    """A table that was kept; None where there is none, or it is not as it was written."""
    try:
        written = b"" if file.is_symlink() else file.read_bytes()
    except OSError:
        return None
    mac, payload = written[:_MAC], written[_MAC:]
    if not hmac.compare_digest(mac, _mac(payload, key)):
        return None
    return pa.ipc.open_stream(payload).read_all()


def _written(table: pa.Table, key: str) -> bytes:
    out = pa.BufferOutputStream()
    packed = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(out, table.schema, options=packed) as stream:
        stream.write_table(table)
    payload: bytes = out.getvalue().to_pybytes()
    return _mac(payload, key) + payload


def _mac(payload: bytes, key: str) -> bytes:
    return hmac.digest(bytes.fromhex(key), b"masked texts\0" + payload, "sha256")


@cache
def _code() -> str:
    """Digest of the code that masks texts: another may hide what this one shows."""
    files = (Path(module.__file__ or "") for module in (masking, text_masking))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()
