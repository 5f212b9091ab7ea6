"""Conclusions hold whatever the order of exhibits, and say how far they carry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clew.casefile.step_manifest import StepManifest
from clew.findings import network
from clew.findings.hashsets import add_set
from clew.pipeline import perform
from clew.records import facts as f
from clew.records.evidence import Item, ItemKind, Outcome
from clew.records.findings import SetKind
from clew.schema import to_arrow
from clew.words import sentence

GROUP = "whatsapp:120363000000000001@g.us"
START = datetime(2024, 3, 1, tzinfo=UTC)
SHA = {name: (name * 64)[:64] for name in "abcdef"}


def where(exhibit: str, row: int) -> dict[str, str]:
    return {"exhibit_id": exhibit, "source_id": SHA["a"], "locator": f"message/{row}"}


def message(exhibit: str, row: int, key: str, sender: str | None, **more) -> f.Message:
    given = {
        "chat_id": GROUP, "kind": f.MessageKind.TEXT, "tz_basis": f.TimeBasis.UTC,
        "sent_at": START + timedelta(minutes=row), "text": "hello", **more,
    }  # fmt: skip
    return f.Message(
        **where(exhibit, row), event_id=f"{exhibit}#message/{row}", message_key=key,
        sender_account_id=sender, **given,
    )  # fmt: skip


def share(exhibit: str, row: int, key: str, sender: str, digest: str, **more) -> f.Share:
    given = {"state": f.ShareState.ABSENT, "sent_at": START + timedelta(minutes=row), **more}
    return f.Share(
        **where(exhibit, row), event_id=f"{exhibit}#message/{row}", message_key=key, chat_id=GROUP,
        sender_account_id=sender, sha256=digest, **given,
    )  # fmt: skip


def publish(case, exhibit: str, *rows) -> None:
    kinds = {type(row) for row in rows}
    parts = [
        (kind, lambda kind=kind: iter(
            to_arrow(kind, [r for r in rows if type(r) is kind]).to_batches()))
        for kind in sorted(kinds, key=lambda k: k.table_name)
    ]  # fmt: skip
    case.publish(StepManifest("read", exhibit, "k", ()), parts)


def conclude(case) -> None:
    perform(case, "resolve", "merge", "match", "provenance", "network")


def pn(number: int) -> str:
    return f"whatsapp:pn:4477009000{number:02d}"


def test_copies_of_one_message_merge_and_a_deletion_is_told(case) -> None:
    publish(case, "ES-01", message("ES-01", 1, "k1", pn(1)))
    publish(
        case, "PT-01",
        message("PT-01", 7, "k1", pn(1), kind=f.MessageKind.DELETED, text=None),
    )  # fmt: skip
    conclude(case)
    (row,) = case.rows("FROM merged_messages")
    assert row["witnesses"] == ["ES-01", "PT-01"]
    assert row["deleted_on"] == ["PT-01"]
    assert row["kind"] == "text"


def test_two_senders_with_one_old_key_stay_apart(case) -> None:
    publish(case, "ES-01", message("ES-01", 1, "1492506764-1", pn(1)))
    publish(case, "PT-01", message("PT-01", 2, "1492506764-1", pn(2)))
    conclude(case)
    assert case.rows("SELECT count(*) AS n FROM merged_messages") == [{"n": 2}]


def test_a_hidden_id_and_its_number_are_one_person_and_nothing_else_ties(case) -> None:
    lid = "whatsapp:lid:111222333444555"
    publish(
        case, "ES-01",
        f.AccountAlias(**where("ES-01", 1), a=lid, b=pn(1), relation=f.Relation.LID_OF),
        message("ES-01", 1, "k1", lid), message("ES-01", 2, "k2", pn(1)),
        message("ES-01", 3, "k3", pn(2)),
        f.AccountName(**where("ES-01", 1), account_id=pn(1), name="Same",
                      name_kind=f.NameKind.PUSH),
        f.AccountName(**where("ES-01", 1), account_id=pn(2), name="Same",
                      name_kind=f.NameKind.PUSH),
    )  # fmt: skip
    conclude(case)
    found = {r["account_id"]: r["person_id"] for r in case.rows("FROM person_accounts")}
    assert found == {lid: pn(1), pn(1): pn(1), pn(2): pn(2)}


@pytest.mark.parametrize(
    ("agreeing", "against", "tied"), [(3, 0, True), (2, 0, False), (5, 1, False)]
)
def test_an_unnamed_holder_is_whoever_others_saw_sending(case, agreeing, against, tied) -> None:
    owner = "whatsapp:owner:0123"
    total = agreeing + against
    publish(
        case, "ES-02",
        *[message("ES-02", n, f"k{n}", owner, from_owner=True) for n in range(total)],
    )  # fmt: skip
    seen = [pn(1)] * agreeing + [pn(2)] * against
    publish(
        case, "ES-01",
        *[message("ES-01", n, f"k{n}", who) for n, who in enumerate(seen)],
        message("ES-01", 99, "other", pn(3)),
    )  # fmt: skip
    conclude(case)
    found = {r["account_id"]: r["person_id"] for r in case.rows("FROM person_accounts")}
    assert (found[owner] == pn(1)) is tied


def test_a_match_by_a_record_counts_and_ignorable_hides_nothing(case, tmp_path) -> None:
    item = Item(
        item_id="i1", exhibit_id="ES-01", path="f", in_archive=False, kind=ItemKind.FILE, size=1,
        md5="1" * 32, sha1="2" * 40, sha256=SHA["b"], outcome=Outcome.PROCESSED,
    )  # fmt: skip
    case.publish(
        StepManifest("intake", "ES-01", "k", ()),
        [(Item, lambda: iter(to_arrow(Item, [item]).to_batches()))],
    )
    publish(
        case, "ES-01", message("ES-01", 1, "k1", pn(1)), share("ES-01", 1, "k1", pn(1), SHA["c"])
    )
    known, ignorable = tmp_path / "known.csv", tmp_path / "ign.txt"
    known.write_text(f"SHA-256;Category\n{SHA['b'].upper()};x\n{SHA['c']};y\nnonsense;z\n")
    ignorable.write_text(f"# list\n{'1' * 32}\n")
    added = add_set(case, known, "k", "1", SetKind.KNOWN)
    assert (added.entries, added.rejected) == (2, 1)
    add_set(case, ignorable, "i", "1", SetKind.IGNORABLE)
    conclude(case)
    found = case.rows("FROM matches ORDER BY kind, sha256")
    assert [(m["kind"], m["sha256"], m["file_present"], m["algorithm"]) for m in found] == [
        ("ignorable", SHA["b"], True, "md5"),
        ("known", SHA["b"], True, "sha256"),
        ("known", SHA["c"], False, "sha256"),
    ]


def test_who_could_have_known_better_is_named(case) -> None:
    publish(
        case, "ES-01", message("ES-01", 0, "k0", pn(2)), message("ES-01", 5, "k5", pn(1)),
        share("ES-01", 5, "k5", pn(1), SHA["b"]),
    )  # fmt: skip
    publish(case, "PT-01", message("PT-01", 9, "k9", pn(2)))
    conclude(case)
    (row,) = case.rows("FROM first_shares")
    assert row["person_id"] == pn(1)
    assert row["certainty"] == "witnessed"
    assert row["could_know_better"] == ["PT-01"]
    said = sentence("first_shares", row)
    assert "PT-01" in said
    assert pn(1) not in said


def test_the_order_of_exhibits_changes_nothing(tmp_path) -> None:
    from clew.casefile import create_case

    results = []
    for order in (("A", "B"), ("B", "A")):
        made = create_case(tmp_path / "".join(order), "t", "a")
        for exhibit in order:
            publish(
                made, exhibit,
                *[message(exhibit, n, f"k{n}", pn(n % 3)) for n in range(40)],
                *[
                    share(exhibit, n, f"k{n}", pn(n % 3), SHA["bcd"[n % 3]])
                    for n in range(0, 40, 4)
                ],
            )  # fmt: skip
        conclude(made)
        results.append({o.file: o.sha256 for d in made.manifests.every() for o in d.outputs})
        made.close()
    assert results[0] == results[1]


def test_the_first_share_among_near_duplicates_is_told(case) -> None:
    prints = [
        f.Fingerprint(
            exhibit_id="ES-01", source_id=SHA[name], locator="picture", algorithm="pdq",
            value=value * 64, quality=100, width=9, height=9, decode_path="test",
            simple_graphic=False,
        )
        for name, value in (("b", "5"), ("c", "5"), ("d", "a"))
    ]  # fmt: skip
    publish(
        case, "ES-01", *prints, *(message("ES-01", n, f"k{n}", pn(n)) for n in (1, 2, 3)),
        share("ES-01", 1, "k1", pn(1), SHA["c"]), share("ES-01", 2, "k2", pn(2), SHA["b"]),
        share("ES-01", 3, "k3", pn(3), SHA["d"]),
    )  # fmt: skip
    conclude(case)
    found = case.rows("FROM first_shares ORDER BY sha256")
    assert [(r["cluster_id"], r["first_in_cluster"]) for r in found] == [
        (SHA["b"], False), (SHA["b"], True), (SHA["d"], True),
    ]  # fmt: skip


def test_groups_overlap_alike_with_and_without_scipy(case, monkeypatch) -> None:
    groups = [f"whatsapp:12036300000000000{n}@g.us" for n in range(4)]
    publish(
        case, "ES-01",
        *[f.Chat(**where("ES-01", n), chat_id=g, platform="whatsapp", chat_type=f.ChatType.GROUP)
          for n, g in enumerate(groups)],
        *[message("ES-01", n * 10 + one, f"k{n}-{one}", pn(one), chat_id=groups[n])
          for n in range(4) for one in range(n, 6 - n)],
        share("ES-01", 2, "k0-2", pn(2), SHA["b"]),
    )  # fmt: skip
    conclude(case)
    with_scipy = case.rows("FROM group_links ORDER BY ALL")
    monkeypatch.setattr(network.importlib.util, "find_spec", lambda _: None)
    conclude(case)
    assert case.rows("FROM group_links ORDER BY ALL") == with_scipy
    assert [row["shared_members"] for row in with_scipy] == [4, 2, 2]
