"""Keys of the demo say what they are, and each officer has one."""

from __future__ import annotations

from datetime import UTC, datetime

from clew.demo.split.agencies import KEYS, agency, introduce
from clew.exchange.sealing.partners import partners, problems, receivers


def test_the_keys_of_a_demo_are_marked_and_nobody_elses(tmp_path) -> None:
    made = agency(tmp_path / "ES", "ES", "ES")
    files = {file.name: file for file in (tmp_path / "ES" / KEYS).iterdir()}
    assert files.keys() == {"READ-ME-FIRST.txt", "opens.age", "officer-1.pem", "officer-2.pem",
                            "unit.pem"}  # fmt: skip
    assert "prove nothing" in files["READ-ME-FIRST.txt"].read_text("utf-8")
    secrets = [f for name, f in files.items() if name != "READ-ME-FIRST.txt"]
    assert {f.stat().st_mode & 0o077 for f in secrets} == {0}
    first, second = made.officers
    assert len({first.fingerprint, second.fingerprint}) == 2
    assert made.signer.public not in (first.signer.public, second.signer.public)


def test_agencies_are_partners_of_each_other_with_keys_that_need_no_look(case, tmp_path) -> None:
    own, *others = (agency(tmp_path / name, name, name) for name in ("ES", "PT", "CO"))
    introduce(case, own, others)
    known = partners(case)
    assert known.keys() == {"PT", "CO"}
    assert list(problems(known, datetime.now(UTC))) == []
    assert {one.party for one in receivers(known, ("PT", "CO"))} == {"PT", "CO"}
    assert {one.judged_by for one in known.values()} == {own.officers[0].name}
