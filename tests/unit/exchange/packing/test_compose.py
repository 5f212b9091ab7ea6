"""A referral names whom decisions name, and nobody else."""

from __future__ import annotations

from clew.exchange import referral_file


def test_a_package_names_nobody_without_a_decision_and_leaves_out_nobody_with_one(packed) -> None:
    for country in packed.made:
        said = referral_file.decode((packed.home / country / referral_file.NAME).read_bytes())
        named = {person.person_id for person in said.assessments.persons}
        assert named == {person for person, to in packed.decided if to == country}
        undecided = packed.case.rows("SELECT person_id FROM routes WHERE state = 'undecided'")
        assert not named & {row["person_id"] for row in undecided}
        assert {d.person_id for d in said.assessments.decisions} == named
        assert said.facts.counts
