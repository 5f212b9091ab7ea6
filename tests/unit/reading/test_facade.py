"""A reading is logged before it shows anything, and nothing of it outlives it."""

from __future__ import annotations

import re

import msgspec
import pytest
from builders.countries import number, rows_of
from builders.merging import new_case, receive

from clew.casefile import Case
from clew.casefile.step_manifest import StepManifest
from clew.casefile.text_masking import folded
from clew.errors import MachineError, UsageError
from clew.reading import Disclosure, disclose, disclosure_of
from clew.records import (
    Account,
    AccountName,
    Chat,
    ChatType,
    IdType,
    MessagePlace,
    Person,
    PersonAccount,
)
from clew.schema import Home, batch, columns
from clew.views.narrowing import Narrowing

ANA, LID = "whatsapp:pn:34612345678", "whatsapp:lid:99887766554433"
GROUP = "whatsapp:34612345678-1500000000@g.us"
FACT = {"exhibit_id": "ES-01", "source_id": "a" * 64, "locator": "message/1"}
ROWS = {
    Account: (2, {"account_id": [ANA, LID], "platform": "whatsapp", "id_type": IdType.PHONE.value,
                  "identifier": ["34612345678", "99887766554433"],
                  "e164": ["+34612345678", None], "is_owner": False}),
    AccountName: (1, {"account_id": ANA, "name": "Ana L\u00f3pez", "name_kind": "push"}),
    Chat: (1, {"chat_id": GROUP, "platform": "whatsapp", "chat_type": ChatType.GROUP.value,
               "subject": "Ana L\u00f3pez and friends"}),
    MessagePlace: (1, {"event_id": "0123456789abcdef0123#message/1", "latitude": 40.4,
                       "longitude": -3.7, "name": "Home", "value_raw": "40.4,-3.7"}),
    Person: (1, {"person_id": ANA, "accounts": 2, "inferred": 0, "named_only": False}),
    PersonAccount: (2, {"person_id": ANA, "account_id": [ANA, LID], "rule": "itself", "score": 1.0,
                        "inferred": False}),
}  # fmt: skip
READ = Disclosure(what="a test")
OPEN = Disclosure(what="a test", masked=False, places=True, purpose="request 12/26")


@pytest.fixture
def case(case: Case) -> Case:
    """A case with one person of two accounts, an old group and a place."""
    for row, (length, values) in ROWS.items():
        fact = FACT if row.home is Home.FACTS else {}
        data = batch(row, length, **fact, **values).data
        scope = "ES-01" if fact else "case"
        step = StepManifest(row.table_name, scope, "k", ())
        case.publish(step, [(row, lambda data=data: iter([data]))])
    return case


def test_a_reading_is_logged_before_its_first_row(case) -> None:
    size = case.custody.checkpoint().size
    with disclose(case, OPEN):
        assert case.custody.checkpoint().size == size + 1
    last = list(case.custody.entries())[-1].content
    assert last["action"] == "read"
    assert (last["what"], last["masked"], last["purpose"]) == ("a test", False, "request 12/26")
    assert last["legal_basis"] == case.config.authority


def test_what_can_not_be_logged_is_not_shown(case, monkeypatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise MachineError("the disk is full", do="Make room.")

    monkeypatch.setattr(case.custody, "append", full)
    with pytest.raises(MachineError), disclose(case, READ) as reading:
        pytest.fail(str(reading.view("chats")))


def test_who_was_asked_for_is_sealed_and_the_log_has_a_digest(case) -> None:
    with disclose(case, disclosure_of("show timeline", ANA)):
        pass
    last = list(case.custody.entries())[-1]
    assert "34612345678" not in last.body
    assert ANA in (case.custody.vault.text(last.content["sealed"]) or "")


@pytest.mark.parametrize("who", ["Ana L\u00f3pez", "ana lopez", "+34 612 345 678", ANA])
def test_the_log_has_a_purpose_without_whom_it_names(case, who) -> None:
    asked = Disclosure(what="a test", masked=False, purpose=f"request 12/26 about {who}")
    with disclose(case, asked) as reading:
        assert reading.purpose.startswith("request 12/26 about ")
    last = list(case.custody.entries())[-1]
    assert last.content["purpose"] == reading.purpose
    assert not {"ana", "lopez", "612"} & set(re.split(r"\W+", folded(last.body)))


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_unmasking_needs_a_purpose(reason) -> None:
    with pytest.raises(UsageError, match="purpose"):
        disclosure_of("show persons", unmask=True, reason=reason)


def test_nothing_of_a_disclosure_outlives_it(case) -> None:
    places = "SELECT latitude, name FROM message_places"
    withheld = [{"latitude": None, "name": "withheld"}]
    with disclose(case, OPEN) as reading, disclose(case, READ) as other:
        assert reading.rows(places) == [{"latitude": 40.4, "name": "Home"}]
        assert other.rows(places) == other.query(places) == withheld
    with disclose(case, READ) as later:
        assert later.rows(places) == withheld
    assert case.rows(places) == withheld


def test_a_masked_reader_gets_pseudonyms_and_an_unmasked_one_the_values(case) -> None:
    with disclose(case, READ) as masked, disclose(case, OPEN) as unmasked:
        (shown,) = masked.view("chats").rows
        (real,) = unmasked.view("chats").rows
        (queried,) = masked.query("SELECT chat_id, subject FROM chats")
    assert real["chat_id"] == GROUP
    assert shown["chat_id"] == case.masking().group(GROUP) == queried["chat_id"]
    assert shown["subject"] == f"{case.masking().of(ANA)} and friends" == queried["subject"]


def test_sql_and_python_make_the_same_pseudonyms(case) -> None:
    masking = case.masking()
    with disclose(case, READ) as reading:
        found = reading.query("SELECT * FROM accounts ORDER BY e164 NULLS LAST")
        persons = reading.query("SELECT DISTINCT person_id FROM person_accounts")
    assert [row["account_id"] for row in found] == [masking.account(ANA), masking.account(LID)]
    assert found[0]["e164"] == found[0]["identifier"] == masking.number("34612345678")
    assert persons == [{"person_id": masking.of(LID)}]


def test_a_condition_acts_on_what_is_shown(case) -> None:
    number = case.masking().number("34612345678")
    with disclose(case, READ) as reading:
        assert reading.query("SELECT 1 AS x FROM accounts WHERE e164 = '+34612345678'") == []
        assert reading.query(f"SELECT 1 AS x FROM accounts WHERE e164 = '{number}'") == [{"x": 1}]


@pytest.mark.parametrize(
    "sql", ["SELECT error(subject) FROM chats", "SELECT subject::bigint FROM chats"]
)
def test_an_error_of_a_masked_query_carries_no_value(case, sql) -> None:
    with disclose(case, READ) as reading, pytest.raises(UsageError) as raised:
        reading.query(sql)
    assert "friends" not in str(raised.value)


@pytest.mark.parametrize("kind", ["person", "account", "group", "number"])
def test_a_pseudonym_is_taken_wherever_an_identifier_is(case, kind) -> None:
    masking = case.masking()
    real = {"person": ANA, "account": LID, "group": GROUP, "number": "+34612345678"}[kind]
    shown = masking.of(real) if kind == "person" else getattr(masking, kind)(real)
    with disclose(case, READ) as reading:
        assert reading.resolve(shown) == real
        assert reading.resolve(shown[:-2]) == real


def test_the_beginning_of_an_identifier_is_enough_where_it_is_the_only_one(case) -> None:
    with disclose(case, READ) as masked, disclose(case, OPEN) as reading:
        assert masked.resolve("whatsapp:pn:346") == "whatsapp:pn:346"
        assert reading.resolve("whatsapp:pn:346") == ANA
        assert reading.resolve("unknown") == "unknown"
        with pytest.raises(UsageError, match="more than one"):
            reading.resolve("whatsapp:")
        with pytest.raises(UsageError, match="stands for nothing"):
            reading.resolve("person-00000000")


ES = Narrowing(exhibit=("ES-01",))


@pytest.mark.parametrize(("scope", "rows"), [
    (Narrowing(), 2), (ES, 2), (Narrowing(exhibit=("PT-01",)), 0),
    (Narrowing(person=(ANA,)), 1), (Narrowing(exhibit=("PT-01",), person=(ANA,)), 0),
])  # fmt: skip
def test_a_reading_has_the_rows_of_its_scope_alone(case, scope, rows) -> None:
    with disclose(case, Disclosure(what="a test", scope=scope)) as reading:
        assert reading.view("account-records").total == rows
        narrower = Narrowing(person=(LID,))
        assert reading.view("account-records", narrower).total == min(
            rows, 1 if not scope.person else 0
        )


@pytest.mark.parametrize("ask", [
    lambda reading: reading.view("account-names", None),
    lambda reading: reading.rows("FROM accounts"),
    lambda reading: reading.query("FROM accounts"),
])  # fmt: skip
@pytest.mark.parametrize("masked", [READ, OPEN])
def test_what_can_not_be_kept_within_a_scope_is_refused(case, masked, ask) -> None:
    asked = msgspec.structs.replace(masked, scope=Narrowing(country=("ES",)))
    with disclose(case, asked) as reading, pytest.raises(UsageError):
        ask(reading)


def test_the_log_has_the_scope_and_whom_it_is_about_under_a_seal(case) -> None:
    scope = Narrowing(country=("ES",), exhibit=("ES-01",), person=(ANA,))
    with disclose(case, Disclosure(what="a test", scope=scope)):
        pass
    last = list(case.custody.entries())[-1]
    assert last.content["scope"] == {"exhibit": ["ES-01"], "country": ["ES"]}
    assert "34612345678" not in last.body
    assert ANA in (case.custody.vault.text(last.content["sealed"]) or "")


def test_only_what_names_nobody_is_shown_where_it_can_not_be_logged(case, monkeypatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise MachineError("the disk is full", do="Make room.")

    monkeypatch.setattr(case.custody, "append", full)
    with disclose(case, Disclosure(what="status", names_nobody=True)) as reading:
        assert reading.unlogged == "the disk is full"


def test_one_account_has_one_pseudonym_whoever_sent_it(tmp_path) -> None:
    case = new_case(tmp_path / "case", rows_of("FR", 1))
    receive(case, "ES", "PT", seed=1)
    case.refresh()
    ids = {"chats": "chat_id", "accounts": "account_id", "account_aliases": "b"}
    with disclose(case, READ) as reading:
        for table, column in ids.items():
            every = reading.query(f'SELECT DISTINCT "{column}" AS id FROM {table}')
            sent = reading.query(f'SELECT DISTINCT "{column}" AS id FROM received_{table}')
            assert {row["id"] for row in sent} <= {row["id"] for row in every}, table
    masking = case.masking()
    assert masking.account("PT-0a0b0c0d~telegram:username:garden") != masking.account(
        "ES-0a0b0c0d~telegram:username:garden"
    )
    (account,) = (c for c in columns(Account) if c.name == "account_id")
    plain, theirs = number(1), f"PT-0a0b0c0d~{number(1)}"
    assert masking.value(account, theirs) == masking.value(account, plain)
    assert masking.text(theirs) == masking.text(plain)
