"""The way back of what was received ends at the package that it came in."""

from __future__ import annotations

from builders.countries import GROUPS, ITEM, number, package, rows_of
from builders.merging import conclude, new_case, receive

from clew.casefile.disclosure import Disclosure
from clew.reading import disclose
from clew.reading.explain import Explanation, Paging
from clew.records import Exhibit, Message, Package


def sections(case, wanted: str) -> dict:
    with disclose(case, Disclosure(what="explain", masked=False, purpose="test")) as reading:
        found = list(Explanation(reading, reading.resolve(wanted), Paging()).sections())
    return {section.table: section.every for section in found}


def test_a_received_message_ends_at_package_sender_signer_and_handling_code(tmp_path) -> None:
    case = new_case(tmp_path / "case", rows_of("FR", 1))
    receive(case, "ES", "PT", seed=1, handling=("H1", "H2"))
    case.refresh()
    found = sections(case, f"ES-0a0b0c0d~{ITEM}#message/1")
    assert [row["exhibit_id"] for row in found[Message]] == ["ES-0a0b0c0d~E-01"]
    assert [row["exhibit_id"] for row in found[Exhibit]] == ["ES-0a0b0c0d~E-01"]
    (came_in,) = found[Package]
    assert came_in["package_id"] == package("ES").package_id
    assert (came_in["partner_id"], came_in["handling"]) == ("ES", ["H1", "H2"])
    assert came_in["signer"]
    assert Package not in sections(case, f"{ITEM}#message/1")


def test_a_conclusion_ends_at_every_package_that_it_rests_on(tmp_path) -> None:
    case = new_case(tmp_path / "case", rows_of("FR", 1))
    receive(case, "ES", "PT", seed=1)
    conclude(case)
    case.refresh()
    for wanted in (GROUPS[0], f"ES-0a0b0c0d~{number(1)}"):
        origins = {row["origin"] for row in sections(case, wanted).get(Package, ())}
        assert origins <= {"ES-0a0b0c0d", "PT-0a0b0c0d"}
        assert origins
