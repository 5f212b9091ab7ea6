from __future__ import annotations

import pytest
from builders.deconflicting import AT, later

from clew.casefile.engine import Progress
from clew.errors import EvidenceError, UsageError
from clew.exchange.deconfliction import offering, private, reading, wire
from clew.exchange.deconfliction.wire import Step


def test_blinds_are_destroyed_when_their_ask_is_past(pair) -> None:
    ask = wire.kept(pair.ask(pair.offer(), days=3), Step.ASK).header.ask
    with private.opened(pair.pt.case, later(days=2)):
        assert private.blinds_of(pair.pt.case, ask) is not None
    with private.opened(pair.pt.case, later(days=3)):
        assert private.blinds_of(pair.pt.case, ask) is None


def test_a_destroyed_secret_is_written_over_first(pair, monkeypatch) -> None:
    ask = wire.kept(pair.ask(pair.offer()), Step.ASK).header.ask
    (file,) = (pair.pt.case.folder / private.FOLDER / "blinds").iterdir()
    link = pair.folder / "link"
    link.hardlink_to(file)
    private.destroy_blinds(pair.pt.case, ask)
    assert not file.exists()
    assert set(link.read_bytes()) == {0}
    private.destroy_blinds(pair.pt.case, ask)


def test_who_is_erased_is_in_no_key_and_no_blinds_and_all_else_is_read_as_before(pair) -> None:
    offer = pair.offer()
    answer = pair.answer(pair.ask(offer))
    for side in (pair.es, pair.pt):
        private.forget(side.case, ["+34600111200"])
        kept = b"".join(
            file.read_bytes() for file in (side.case.folder / private.FOLDER).rglob("*.json")
        )
        assert b"34600111200" not in kept
        assert b"34600111201" in kept
    notice, step, results = pair.read(answer)
    assert (step.hits, len(results)) == (2, 11)
    told, own = reading.notice(pair.es.dealing(), notice, Progress())
    assert told.hits == len(own) == 2
    with pytest.raises(UsageError, match="was erased since"):
        offering.again(pair.es.dealing(), pair.es.agency, wire.kept(offer, Step.OFFER).header.offer,
                       pair.folder / "again", Progress())  # fmt: skip


def test_damage_is_told_and_no_traceback(pair) -> None:
    header = wire.kept(pair.offer(), Step.OFFER).header
    (file,) = (pair.es.case.folder / private.FOLDER / "keys").iterdir()
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(EvidenceError, match="is damaged"), private.opened(pair.es.case, AT):
        private.key_of(pair.es.case, header.offer)
