"""What a case keeps of deconfliction for itself: keys of offers, and blinds of asks without answer.

It lies in the folder ``deconfliction`` of the case, which only its owner may read. A key is
destroyed when its period is past, blinds when their answer is read or their ask is past.
"""

import contextlib
import os
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from clew.casefile import Case
from clew.casefile.dealings import FOLDER
from clew.casefile.files import replacing
from clew.casefile.lock import locked
from clew.errors import EvidenceError
from clew.exchange.deconfliction.group import POINT
from clew.exchange.deconfliction.periods import last_moment
from clew.exchange.deconfliction.wire import Ask, Offer
from clew.exchange.moments import moment

KEY_DESTROYED = "deconfliction key destroyed"
"""Action of the custody log's entry."""
_KEYS, _BLINDS, _OFFERS = "keys", "blinds", "offers"
Kept = TypeVar("Kept", "Holding", "Asking")


class Holding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An offer that this case made, with its key."""

    header: Offer
    seed: str
    """What key and padding follow from, in hexadecimal."""
    forms: tuple[str, ...]
    """What was offered, in the form that is compared; empty of a person who was erased."""

    @property
    def end(self) -> datetime:
        """When the key is destroyed."""
        return last_moment(self.header.period)


class Asking(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An ask that this case made, with what opens its answer."""

    header: Ask
    seed: str
    """What blinds and salts follow from, in hexadecimal."""
    forms: tuple[str, ...]
    """What is asked for, in the form that is compared; empty of a person who was erased."""
    positions: tuple[int, ...]
    """Which point of the file stands for each."""
    ask_sha256: str
    """SHA-256 of the ask as it was written."""
    points_hex: str
    """The points of the ask, against which the proof of the answer is checked."""

    @property
    def points(self) -> list[bytes]:
        """The points of the ask, in order."""
        whole = bytes.fromhex(self.points_hex)
        return [whole[at : at + POINT] for at in range(0, len(whole), POINT)]

    @property
    def end(self) -> datetime:
        """When it holds no more."""
        return moment(self.header.holds_until)


@contextlib.contextmanager
def opened(case: Case, now: datetime) -> Iterator[None]:
    """Lock what is private of a case; what is past is destroyed first."""
    folder = case.folder / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    with locked(folder):
        _destroy_past(case, now)
        yield


def keep_key(case: Case, holding: Holding) -> None:
    """Keep the key of an offer."""
    _write(case.folder / FOLDER / _KEYS / f"{holding.header.offer}.json", holding)


def key_of(case: Case, offer: str) -> Holding | None:
    """The key of an offer that this case made; None once it is destroyed."""
    return _read(case.folder / FOLDER / _KEYS / f"{offer}.json", Holding)


def keep_blinds(case: Case, asking: Asking) -> None:
    """Keep what opens the answer to an ask."""
    _write(case.folder / FOLDER / _BLINDS / f"{asking.header.ask}.json", asking)


def blinds_of(case: Case, ask: str) -> Asking | None:
    """What opens the answer to an ask; None once it was read, or is past."""
    return _read(case.folder / FOLDER / _BLINDS / f"{ask}.json", Asking)


def destroy_blinds(case: Case, ask: str) -> None:
    """Take away what opens an answer: it was read."""
    _destroy(case.folder / FOLDER / _BLINDS / f"{ask}.json")


def keep_offer(case: Case, offer: str, file: Path) -> None:
    """Keep a partner's offer, against which the answer is checked."""
    with replacing(case.folder / FOLDER / _OFFERS / f"{offer}.offer") as hidden:
        hidden.write_bytes(file.read_bytes())


def forget(case: Case, identifiers: Collection[str]) -> None:
    """Take a person who was erased out of what is private: a form that names one becomes empty."""
    for name in (_KEYS, _BLINDS):
        for file in sorted((case.folder / FOLDER / name).glob("*.json")):
            kept = _read(file, Holding) if name == _KEYS else _read(file, Asking)
            if kept and any(_names(form, identifiers) for form in kept.forms):
                left = tuple("" if _names(form, identifiers) else form for form in kept.forms)
                _write(file, msgspec.structs.replace(kept, forms=left))


def _names(form: str, identifiers: Collection[str]) -> bool:
    return any(one.casefold() in form.casefold() for one in identifiers)


def offer_file(case: Case, offer: str) -> Path:
    """Where a partner's offer is kept."""
    return case.folder / FOLDER / _OFFERS / f"{offer}.offer"


def _destroy_past(case: Case, now: datetime) -> None:
    for file in sorted((case.folder / FOLDER / _KEYS).glob("*.json")):
        if (holding := _read(file, Holding)) and holding.end <= now:
            case.custody.append(
                KEY_DESTROYED, period=holding.header.period, offer=holding.header.offer,
                public=holding.header.public,
            )  # fmt: skip
            _destroy(file)
    for file in sorted((case.folder / FOLDER / _BLINDS).glob("*.json")):
        if (asking := _read(file, Asking)) and asking.end <= now:
            _destroy(file)


def _destroy(file: Path) -> None:
    """Write over a secret and remove it; a copy of the disk made before still has it."""
    with contextlib.suppress(FileNotFoundError), file.open("r+b") as opened_file:
        opened_file.write(bytes(file.stat().st_size))
        opened_file.flush()
        os.fsync(opened_file.fileno())
    file.unlink(missing_ok=True)


def _write(file: Path, kept: msgspec.Struct) -> None:
    file.parent.mkdir(mode=0o700, exist_ok=True)
    with replacing(file) as hidden:
        hidden.write_bytes(msgspec.json.encode(kept))
    file.chmod(0o600)


def _read(file: Path, kind: type[Kept]) -> Kept | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, UnicodeError) as error:
        raise EvidenceError(
            f"what the case keeps of deconfliction is damaged: {file.name}: {error}",
            do=f"Restore the folder {FOLDER} of the case from your backup.",
        ) from error
