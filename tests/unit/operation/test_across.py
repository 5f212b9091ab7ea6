"""The same thing over cases."""

from __future__ import annotations

from clew.casefile import create_case
from clew.operation import keeping
from clew.operation.across import by_mark, looked_up, shared, sightings
from clew.operation.statements import Said
from clew.records import About


def test_a_thing_is_known_again_by_its_marks(tmp_path) -> None:
    every = []
    for name, marks in (
        ("a", ("imei=352099001761481", "serial=SN1")),
        ("b", ("imei=35209900176148", "serial=SN2")),
    ):
        with create_case(tmp_path / name, "Test", "Order") as case:
            said = Said(about=About.EXHIBIT, reference="S/1", says="seized", particulars=marks)
            keeping.state(case, [said], "A", "r")
            every += sightings(case, name)
    found = by_mark(every)
    assert [(s.mark, s.case) for s in shared(found)] == [("imei", "a"), ("imei", "b")]
    assert [s.case for s in looked_up(found, "352099001761482")] == ["a", "b"]
    assert [s.case for s in looked_up(found, "SN2")] == ["b"]
    assert looked_up(found, "nothing") == []
