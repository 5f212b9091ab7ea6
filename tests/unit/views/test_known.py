"""Every known file stands with whoever sent it, and with each holder of a device that shows it."""

from __future__ import annotations

from builders.findings import GROUP, SHA, START, message, pn, share, where
from builders.publishing import publish, publish_step

from clew.casefile.step_manifest import WHOLE_CASE
from clew.pipeline import perform
from clew.records import (
    Account,
    Chat,
    ChatType,
    Exhibit,
    ExhibitKind,
    FileCategory,
    IdType,
    Item,
    ItemKind,
    Match,
    MatchedIn,
    Outcome,
    SetKind,
    Tier,
)
from clew.views import view

ADA, BEN, EVE = pn(1), pn(2), pn(3)
LABEL = "whatsapp:label:e:Cy"
KNOWN, GONE, UNSURE, KEPT = SHA["a"], SHA["b"], SHA["c"], SHA["d"]
MD5 = "e" * 32
PATHS = {KNOWN: "DCIM/1.jpg", KEPT: "Download/2.jpg"}


def owner(exhibit: str, account: str) -> list:
    kind = Exhibit(
        exhibit_id=exhibit, kind=ExhibitKind.PHONE, country="ES", authority="o", hash_only=False,
        content_sha256=SHA["f"],
    )  # fmt: skip
    return [kind, Account(**where(exhibit, 0), account_id=account, platform="whatsapp",
                          id_type=IdType.PHONE, identifier=account[12:],
                          is_owner=True)]  # fmt: skip


def match(number: int, sha256: str | None, tier: Tier = Tier.EXACT, **more) -> Match:
    given = {"query_hash": sha256, "category": "VICS 1.3 ES 1", "exhibit_id": "ES-01", **more}
    return Match(
        match_id=str(number), sha256=sha256, set="national", version="7", kind=SetKind.KNOWN,
        record="1", algorithm="sha256", distance=0, file_present=True, tier=tier,
        matched_in=MatchedIn.ITEM, **given,
    )  # fmt: skip


def made(case) -> list[dict]:
    items = [
        Item(item_id=sha, exhibit_id="ES-01", path=path, in_archive=False, kind=ItemKind.FILE,
             outcome=Outcome.PROCESSED, sha256=sha)
        for sha, path in PATHS.items()
    ]  # fmt: skip
    for exhibit, account in (("ES-01", ADA), ("PT-01", BEN)):
        kind, held = owner(exhibit, account)
        publish_step(case, "intake", exhibit, kind, *(items if exhibit == "ES-01" else ()))
        rows = [
            message(exhibit, n, f"{'k' * 16}{n}", sender)
            for n, sender in ((1, ADA), (2, BEN), (3, EVE), (4, EVE))
        ] + [
            share(exhibit, 1, "k1", ADA, KNOWN),
            share(exhibit, 2, "k2", BEN, UNSURE),
            share(exhibit, 3, "k3", EVE, "9" * 64, md5=MD5),
        ]
        if exhibit == "PT-01":
            rows += [share(exhibit, 4, "k4", EVE, GONE), message(exhibit, 9, "l", LABEL),
                     share(exhibit, 9, "l", LABEL, KNOWN)]  # fmt: skip
            rows.append(Account(**where(exhibit, 0), account_id=LABEL, platform="whatsapp",
                                id_type=IdType.LABEL, identifier="Cy"))  # fmt: skip
        chat = Chat(**where(exhibit, 0), chat_id=GROUP, platform="whatsapp",
                    chat_type=ChatType.GROUP, subject="Bread")  # fmt: skip
        publish(case, exhibit, held, chat, *rows)
    perform(case, "resolve", "merge")
    publish_step(
        case, "match", WHOLE_CASE, match(1, KNOWN, item_id=KNOWN), match(2, KEPT, item_id=KEPT),
        match(3, GONE), match(4, UNSURE, Tier.REVIEW), match(5, None, query_hash=MD5),
    )  # fmt: skip
    judged = FileCategory(number=1, sha256=KNOWN, scheme="VICS", country="PT", code="2",
                          judged_by="A", reason="seen", judged_at=START)  # fmt: skip
    publish_step(case, "categorise", WHOLE_CASE, judged)
    perform(case, "network")
    return case.rows(view("known").sql)


def test_what_is_known_stands_with_sender_and_holders_in_the_order_of_time(case) -> None:
    rows = made(case)
    assert [(r["person_id"], r["act"], r["hash"], r["exhibits"]) for r in rows] == [
        (LABEL, "sent", KNOWN, ["PT-01"]),
        (ADA, "sent", KNOWN, ["ES-01", "PT-01"]),
        (ADA, "received", MD5, ["ES-01"]),
        (ADA, "stored", KEPT, ["ES-01"]),
        (BEN, "received", KNOWN, ["PT-01"]),
        (BEN, "received", MD5, ["PT-01"]),
        (BEN, "received", GONE, ["PT-01"]),
        (BEN, "shown", KNOWN, ["PT-01"]),
        (EVE, "sent", MD5, ["ES-01", "PT-01"]),
        (EVE, "sent", GONE, ["PT-01"]),
    ]
    assert UNSURE not in {r["hash"] for r in rows}


def test_a_row_says_what_proves_it(case) -> None:
    rows = made(case)
    by = {(r["person_id"], r["act"], r["hash"]): r for r in rows}
    sent, kept = by[ADA, "sent", KNOWN], by[ADA, "stored", KEPT]
    assert (sent["own_device"], by[EVE, "sent", GONE]["own_device"]) == (True, False)
    assert (sent["path"], sent["files"], sent["subject"]) == ("DCIM/1.jpg", 1, "Bread")
    assert sent["categories"] == ["VICS 1.3 ES 1", "VICS PT 2"]
    assert sent["sets"] == ["national 7"]
    assert (kept["path"], kept["chat_id"], kept["ever_sent"]) == ("Download/2.jpg", None, False)
    assert by[BEN, "received", GONE]["files"] == 0
