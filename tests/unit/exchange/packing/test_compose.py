"""A referral names whom decisions name, and nobody else."""

from __future__ import annotations

import pyarrow as pa
from builders.publishing import publish_step
from builders.routing import ADMIN, GROUP, HOLDER, MEMBER, put

from clew.exchange import referral_file
from clew.records import Chat, ChatType
from clew.relations import step_queries


def test_a_package_names_nobody_without_a_decision_and_leaves_out_nobody_with_one(packed) -> None:
    for country in packed.made:
        said = referral_file.decode((packed.home / country / referral_file.NAME).read_bytes())
        named = {person.person_id for person in said.assessments.persons}
        assert named == {person for person, to in packed.decided if to == country}
        undecided = packed.case.rows("SELECT person_id FROM routes WHERE state = 'undecided'")
        assert not named & {row["person_id"] for row in undecided}
        assert {d.person_id for d in said.assessments.decisions} == named
        assert said.facts.counts


def test_the_members_of_a_group_do_not_tell_that_one_is_a_victim(case) -> None:
    """The figure of members and the members by country would differ by the victims."""
    put(case)
    publish_step(case, "read", "ES-01", Chat(
        exhibit_id="ES-01", source_id="a" * 64, locator="chat/1", chat_id=GROUP,
        platform="whatsapp", chat_type=ChatType.GROUP,
    ))  # fmt: skip
    found = []
    for third in ("member", "victim"):
        standings = pa.table({"person_id": [HOLDER, ADMIN, MEMBER],
                              "standing": ["named", "member", third]})  # fmt: skip
        chats = pa.table({"chat_id": [GROUP]})
        with case.engine.with_tables(person_standings=standings, sent_chats=chats):
            found += [row["members"] for row in case.rows(step_queries()["groups_sent"])]
    assert found == [5, 4]
