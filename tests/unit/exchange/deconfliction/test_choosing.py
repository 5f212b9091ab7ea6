"""Only persons of interest are offered, and never anybody else by accident."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from builders.publishing import publish_step
from builders.routing import (
    ADMIN,
    ALONE,
    GROUP,
    HOLDER,
    MEMBER,
    SEND,
    SHA,
    officer,
    person,
    put,
)

from clew.casefile.step_manifest import WHOLE_CASE
from clew.errors import UsageError
from clew.exchange.deconfliction.choosing import (
    of_files,
    of_list,
    of_persons,
    persons_of_interest,
    refuse_others,
)
from clew.exchange.deconfliction.forms import Kind
from clew.exchange.routing import decisions
from clew.records import (
    LinkRule,
    Message,
    MessageKind,
    PersonAccount,
    PersonCategory,
    RecordState,
    TimeBasis,
)


@pytest.fixture
def routed(case):
    put(case)
    return case


def test_without_a_judgement_nobody_is_of_interest(routed) -> None:
    assert persons_of_interest(routed, ["PT"]) == []


def test_suspects_and_who_is_named_to_this_partner_are_of_interest(routed, tmp_path) -> None:
    signed = officer(routed, tmp_path, "A. One")
    decisions.decide(routed, ADMIN, SEND, signed)
    decisions.mark(routed, ALONE, PersonCategory.SUSPECT, signed)
    assert persons_of_interest(routed, ["PT"]) == sorted([ADMIN, ALONE])
    assert persons_of_interest(routed, ["FR"]) == [ALONE]


@pytest.mark.parametrize(
    "category", [c for c in PersonCategory if c not in ("suspect", "convicted")]
)
def test_a_victim_a_witness_or_a_contact_is_never_offered(routed, tmp_path, category) -> None:
    signed = officer(routed, tmp_path, "A. One")
    decisions.decide(routed, ADMIN, SEND, signed)
    decisions.mark(routed, ADMIN, category, signed)
    assert persons_of_interest(routed, ["PT"]) == []
    with pytest.raises(UsageError, match="never offered"):
        refuse_others(routed, [ADMIN])


def test_a_bystander_is_never_offered_until_judged_a_suspect(routed, tmp_path) -> None:
    refuse_others(routed, [HOLDER, MEMBER])
    with pytest.raises(UsageError, match="never offered"):
        refuse_others(routed, [HOLDER, ALONE])
    with pytest.raises(UsageError, match="no such person"):
        refuse_others(routed, ["whatsapp:pn:1"])
    decisions.mark(routed, ALONE, PersonCategory.SUSPECT, officer(routed, tmp_path, "A. One"))
    refuse_others(routed, [ALONE])


def test_a_list_is_taken_whole_or_its_wrong_lines_are_named_by_number_alone(tmp_path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("\ufeff# asked\n+34 600 111 222|2017-H1\n\n0034600111222|2017-02-03\n", "utf-8")
    found = of_list(Kind.PHONE, file, None)
    assert {form.text for form in found.forms} == {"+34600111222|2017-H1"}
    file.write_text("+34600111222|2017-H1\n600333444|2017-H1\n+34600555666\n", "utf-8")
    with pytest.raises(UsageError) as refused:
        of_list(Kind.PHONE, file, None)
    assert "line 2 (no_country), 3 (no_half_year)" in str(refused.value)
    assert "600333444" not in str(refused.value)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="can't be read"):
        of_list(Kind.PHONE, file, None)


def wrote(account: str, *at: datetime) -> list[Message]:
    return [
        Message(exhibit_id="ES-01", source_id=SHA, locator=f"m/{account}/{n}", chat_id=GROUP,
                event_id=f"e#m/{account}/{n}", sender_account_id=account, kind=MessageKind.TEXT,
                sent_at=when, tz_basis=TimeBasis.UTC, state=RecordState.LIVE)
        for n, when in enumerate(at)
    ]  # fmt: skip


def test_numbers_go_with_each_half_year_in_which_they_wrote(routed) -> None:
    days = [
        datetime(year, month, 3, tzinfo=UTC) for year, month in ((2016, 12), (2017, 1), (2017, 5))
    ]
    publish_step(routed, "read", "ES-01", *wrote(ADMIN, *days), *wrote(HOLDER, days[0]))
    found = of_persons(routed, Kind.PHONE, [ADMIN, ALONE])
    number = f"+{ADMIN.rpartition(':')[2]}"
    assert [form.text for form in found.forms] == [f"{number}|2016-H2", f"{number}|2017-H1"]
    assert (found.persons, found.left_out) == (2, {"undated": 1})


def test_what_an_inference_alone_ties_to_somebody_is_left_out_and_counted(routed) -> None:
    tied = [PersonAccount(person_id=ADMIN, account_id=account, rule=LinkRule.ITSELF, score=1,
                          inferred=account != ADMIN)
            for account in (ADMIN, MEMBER, "telegram:user:7000000002")]  # fmt: skip
    publish_step(routed, "resolve", WHOLE_CASE, *tied, person(ADMIN))
    routed.refresh()
    day = datetime(2017, 1, 3, tzinfo=UTC)
    publish_step(routed, "read", "ES-01", *wrote(ADMIN, day), *wrote(MEMBER, day))
    found = of_persons(routed, Kind.PHONE, [ADMIN])
    assert [form.value for form in found.forms] == [f"+{ADMIN.rpartition(':')[2]}"]
    assert found.left_out == {"inferred": 1}


def test_a_number_is_no_account_and_tables_have_no_imei_of_a_person(routed) -> None:
    assert of_persons(routed, Kind.ACCOUNT, [ADMIN, ALONE]).forms == ()
    assert of_files(routed).forms == ()
    with pytest.raises(UsageError, match="have no imei"):
        of_persons(routed, Kind.IMEI, [ADMIN])
