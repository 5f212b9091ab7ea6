"""What leaves follows from the kind that a column declares, and every change is counted."""

from __future__ import annotations

import pytest

from clew.evidence.items import item_id
from clew.exchange.packing.identifiers import Identifiers
from clew.exchange.packing.minimise import AS_IS, TEXTS, WITHHELD, Minimiser, Named
from clew.exchange.packing.rows import specs
from clew.exchange.packing.tokens import PREFIX, Tokens
from clew.records import (
    Account,
    AccountName,
    Certainty,
    Chat,
    ChatType,
    Exhibit,
    ExhibitKind,
    GroupAction,
    GroupEvent,
    IdType,
    Message,
    MessageKind,
    NameKind,
    Share,
    ShareState,
    TimeBasis,
)
from clew.schema import Kind, columns, tables, to_arrow

OWN, OTHER = "whatsapp:pn:34600111222", "whatsapp:pn:34600333444"
KNOWN = Identifiers([(OWN, "34600111222", False), (OTHER, "34600333444", False),
                     (OTHER, "Marisol", True)])  # fmt: skip
WHERE = {"exhibit_id": "ES-01", "source_id": "a" * 64, "locator": "message/1"}
OLD = "whatsapp:34600333444-1400000000@g.us"


@pytest.fixture
def leaving():
    named = Named(frozenset({OWN}), frozenset({"34600111222", "+34600111222"}))
    return Minimiser(named, KNOWN, Tokens(b"s" * 32, ["PT"]))


def only(leaving: Minimiser, row, bearer=()) -> dict:
    codes = specs()[type(row).table_name].codes
    (found,) = leaving.table(type(row), to_arrow(type(row), [row]), bearer, codes).to_pylist()
    return found


def message(**more) -> Message:
    return Message(**WHERE, event_id="f" * 20 + "#message/1", chat_id="whatsapp:1203@g.us",
                   kind=MessageKind.TEXT, tz_basis=TimeBasis.UTC, **more)  # fmt: skip


def test_accounts_of_others_become_tokens_wherever_they_stand(leaving) -> None:
    found = only(leaving, message(
        sender_account_id=OWN, deleted_by=OTHER, forwarded_from_account_id=OTHER,
        mentions=(OTHER, OWN),
    ))  # fmt: skip
    assert found["sender_account_id"] == OWN
    token = found["deleted_by"]
    assert token.startswith(PREFIX)
    assert found["forwarded_from_account_id"] == token
    assert found["mentions"] == [token, OWN]
    assert leaving.counts.tokens["messages", "mentions"] == 1


def test_targets_and_actors_of_events_become_tokens(leaving) -> None:
    event = GroupEvent(**WHERE, event_id="f" * 20 + "#message/1", chat_id=OLD,
                       action=GroupAction.ADDED, action_raw="Marisol was added", actor=OTHER,
                       targets=(OWN, OTHER), inviter=OTHER, old_value="x",
                       certainty=Certainty.STATED)  # fmt: skip
    found = only(leaving, event)
    assert found["targets"] == [OWN, found["actor"]]
    assert found["action_raw"] == ""
    assert found["old_value"] is None


def test_an_old_group_id_and_its_message_keys_hold_the_number_of_whoever_made_it(leaving) -> None:
    found = only(leaving, message(message_key=f"{OLD}/3EB0C767D26A1D5C", reply_to_key=f"{OLD}/1"))
    assert found["message_key"].startswith(PREFIX)
    assert found["reply_to_key"].startswith(PREFIX)
    chat = Chat(**WHERE, chat_id=OLD, platform="whatsapp", chat_type=ChatType.GROUP, creator=OTHER,
                subject="Marisol and friends")  # fmt: skip
    made = only(leaving, chat)
    assert made["chat_id"].startswith(PREFIX)
    assert made["subject"] is None


def test_texts_quotes_names_links_and_titles_are_withheld_unless_asked_for(leaving) -> None:
    asked = message(text="call Marisol", reply_text="no", forwarded_from_name="Marisol",
                    urls=("hxxps://wa.me/34600333444",), type_raw="7")  # fmt: skip
    found = only(leaving, asked)
    assert {found[n] for n in ("text", "reply_text", "forwarded_from_name")} == {None}
    assert found["urls"] == []
    assert found["type_raw"] == "7"
    assert leaving.counts.texts == 0
    assert leaving.counts.texts_withheld == 3
    assert leaving.counts.mentions == 2
    leaving.texts = True
    found = only(leaving, asked)
    assert found["text"] == "call Marisol"
    assert found["forwarded_from_name"] is None


def test_a_text_of_few_digits_is_a_text_and_no_code(leaving) -> None:
    found = only(leaving, message(text="4711", reply_text="-12", text_raw="text/plain"))
    assert [found[n] for n in ("text", "reply_text", "text_raw")] == [None] * 3
    assert leaving.counts.texts_withheld == 3
    share = Share(**WHERE, event_id="f" * 20 + "#message/1", chat_id="whatsapp:1203@g.us",
                  ordinal=0, caption="1", media_type="image/jpeg", state=ShareState.PRESENT,
                  state_raw="2")  # fmt: skip
    found = only(leaving, share)
    assert (found["caption"], found["media_type"], found["state_raw"]) == (None, "image/jpeg", "2")


def test_an_id_that_follows_from_a_path_does_not_tell_the_path(leaving) -> None:
    """The digest of a path is no secret where a number is all that is unknown of it."""
    folder = item_id("ES-01", None, b"WhatsApp")
    file = item_id("ES-01", folder, b"WhatsApp Chat with +34 600 333 444.txt")
    shared = Share(**WHERE, event_id=f"{file}#line/3", chat_id="whatsapp:1203@g.us", ordinal=0,
                   item_id=file, state=ShareState.PRESENT)  # fmt: skip
    found = only(leaving, shared)
    assert file not in repr(found)
    assert found["event_id"] == f"{found['item_id']}#line/3"
    assert only(leaving, message())["event_id"] == leaving.by_path("f" * 20 + "#message/1")
    assert not leaving.counts.tokens
    other = Minimiser(leaving.named, KNOWN, Tokens(b"s" * 32, ["DE"]))
    assert only(other, shared)["event_id"] == found["event_id"]
    stranger = Minimiser(leaving.named, KNOWN, Tokens(b"o" * 32, ["PT"]))
    assert only(stranger, shared)["event_id"] != found["event_id"]


def test_a_warrant_that_names_somebody_else_does_not_go_along(leaving) -> None:
    for authority, kept in (("Order 12/26", "Order 12/26"), ("Order v. Marisol", "")):
        taken = Exhibit(exhibit_id="ES-01", kind=ExhibitKind.PHONE, country="ES",
                        authority=authority, time_zone="Europe/Madrid", hash_only=False,
                        content_sha256="a" * 64)  # fmt: skip
        found = only(leaving, taken)
        assert (found["authority"], found["time_zone"]) == (kept, "Europe/Madrid")


def test_names_stand_of_whoever_is_named_without_others_numbers(leaving) -> None:
    for name, kept in (("Pedro", "Pedro"), ("wife of 600 333 444", None)):
        given = AccountName(**WHERE, account_id=OWN, name=name, name_kind=NameKind.ADDRESS_BOOK)
        assert (only(leaving, given, ("name",))["name"] or None) == kept
        assert only(leaving, given)["name"] == ""


def test_numbers_and_handles_stand_of_whoever_is_named(leaving) -> None:
    for digits, kept in (("34600111222", True), ("34600333444", False)):
        known = Account(**WHERE, account_id=f"whatsapp:pn:{digits}", platform="whatsapp",
                        id_type=IdType.PHONE, identifier=digits, e164=f"+{digits}")  # fmt: skip
        found = only(leaving, known)
        assert (found["e164"] == f"+{digits}") == kept
        assert (found["identifier"] == digits) == kept
        assert (found["account_id"] == f"whatsapp:pn:{digits}") == kept


def test_every_kind_of_column_that_a_package_can_have_is_seen_to() -> None:
    treated = AS_IS | TEXTS | WITHHELD | {
        Kind.TERM,
        Kind.ID, Kind.PERSON_NAME, Kind.NUMBER, Kind.HANDLE, Kind.LOCAL_TIME, Kind.LOCATOR,
        Kind.MESSAGE_KEY,
    }  # fmt: skip
    assert set(Kind) <= treated
    for name in specs():
        for column in columns(tables()[name]):
            assert column.kind in treated
            assert column.nullable or column.kind is not Kind.PLACE
