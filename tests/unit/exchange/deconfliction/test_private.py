from __future__ import annotations

import pytest
from builders.deconflicting import AT, later

from clew.errors import EvidenceError
from clew.exchange.deconfliction import private, wire
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


def test_damage_is_told_and_no_traceback(pair) -> None:
    header = wire.kept(pair.offer(), Step.OFFER).header
    (file,) = (pair.es.case.folder / private.FOLDER / "keys").iterdir()
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(EvidenceError, match="is damaged"), private.opened(pair.es.case, AT):
        private.key_of(pair.es.case, header.offer)
