"""The databases beside the conversations: address book, hidden ids, and calls."""

from collections.abc import Iterator

from clew.facts.database import Join, Selection, SourceRow
from clew.facts.readers.whatsapp_ios.database import Database, name_of
from clew.facts.source_columns import said
from clew.facts.whatsapp import chat_id
from clew.records import Account, AccountAlias, Call, CallParty, Contact, NameKind, Relation
from clew.schema import Id, Row

CONTACTS = "ZWAADDRESSBOOKCONTACT"
CALLS, PARTIES, GATHERED = "ZWACDCALLEVENT", "ZWACDCALLEVENTPARTICIPANT", "ZWAAGGREGATECALLEVENT"
LIDS = (("ZWAZACCOUNT", "ZIDENTIFIER"), ("ZWAPHONENUMBERLIDPAIR", "ZLID"))
"""Tables of hidden ids, today's and an earlier one, with the column of the id."""
_WORDS = (
    "ZWHATSAPPID ZLID ZFULLNAME ZGIVENNAME ZLASTNAME ZPHONENUMBER ZBUSINESSNAME ZABOUTTEXT "
    "ZUSERNAME ZNICKNAME ZIDENTIFIER"
)
_NAMES = {
    "ZFULLNAME": NameKind.ADDRESS_BOOK,
    "ZNICKNAME": NameKind.ADDRESS_BOOK,
    "ZBUSINESSNAME": NameKind.PROFILE,
    "ZUSERNAME": NameKind.PROFILE,
}
_GROUP, _CREATOR = "ZGROUPJIDSTRING", "ZGROUPCALLCREATORUSERJIDSTRING"
_CALL = Selection(
    CALLS,
    f"ZDATE ZDURATION ZOUTCOME ZCALLIDSTRING {_GROUP} {_CREATOR}",
    (Join(GATHERED, "g", f"Z_PK = {CALLS}.Z1CALLEVENTS", "ZINCOMING ZVIDEO"),),
    "Z_PK",
)
_ENDED = 0


def read_contacts(base: Database) -> Iterator[Row]:
    """Accounts, names and contacts of the address book, with the hidden ids it knows."""
    for row in base.each(CONTACTS, _WORDS, key="Z_PK"):
        known = {name: row.text(name) or None for name in _WORDS.split()}
        phone, company = known["ZPHONENUMBER"], known["ZBUSINESSNAME"]
        number = _jid(known["ZWHATSAPPID"] or phone, "s.whatsapp.net")
        lid = _jid(known["ZLID"], "lid")
        yield from base.met_by(row.locator, number, lid, about=known["ZABOUTTEXT"], company=company)
        account = base.account(number) or base.account(lid)
        yield from _same(row, base.account(lid), base.account(number))
        for column, kind in _NAMES.items():
            yield from base.named(row.locator, account, known[column], kind)
        yield Contact(
            **row.became(Contact),
            account_id=account,
            entry=known["ZIDENTIFIER"],
            display_name=known["ZFULLNAME"],
            given_name=known["ZGIVENNAME"],
            family_name=known["ZLASTNAME"],
            nickname=known["ZNICKNAME"],
            company=company,
            phones=(phone,) if phone else (),
        )


def read_lids(base: Database) -> Iterator[Row]:
    """Which number stands behind a hidden id."""
    for table, column in LIDS:
        for row in base.each(
            table, f"{column} ZPHONENUMBER ZDISPLAYNAME", needs=column, key="Z_PK"
        ):
            lid = _jid(row[column], "lid")
            number = _jid(row["ZPHONENUMBER"], "s.whatsapp.net")
            a, b = base.account(lid), base.account(number)
            yield from base.met_by(row.locator, lid, number)
            yield from base.named(row.locator, a, row["ZDISPLAYNAME"], NameKind.PUSH)
            if not a or not b:
                row.skipped("no_number_or_id")
                continue
            row.became(AccountAlias)
            yield from _same(row, a, b)


def read_calls(base: Database) -> Iterator[Row]:
    """Calls and their parties."""
    parties: dict[object, list[SourceRow]] = {}
    names = "Z1PARTICIPANTS ZJIDSTRING ZOUTCOME"
    for party in base.each(PARTIES, names, needs="Z1PARTICIPANTS", key="Z_PK"):
        parties.setdefault(party["Z1PARTICIPANTS"], []).append(party)
    for row in base.rows_of(_CALL):
        with_whom = parties.pop(row.key, [])
        jids = [party["ZJIDSTRING"] for party in with_whom]
        yield from base.met_by(row.locator, row[_CREATOR], *jids)
        yield _call(base, row, jids)
        for party, jid in zip(with_whom, jids, strict=True):
            account = base.account(jid)
            if account is None:
                party.skipped("no_address")
                continue
            yield CallParty(
                **party.became(CallParty),
                call_id=Id(row.event),
                account_id=account,
                result=name_of("call", party["ZOUTCOME"]) or "unknown",
                result_raw=party.text("ZOUTCOME"),
            )
    base.tally.skipped(PARTIES, "call_gone", sum(map(len, parties.values())))
    gathered = base.has(CALLS, "Z1CALLEVENTS") and base.has(GATHERED, "Z_PK")
    base.tally.emitted(GATHERED, Call, base.count(GATHERED) if gathered else 0)


def _call(base: Database, row: SourceRow, jids: list[object]) -> Call:
    seconds, outcome, incoming = row["ZDURATION"], row["ZOUTCOME"], row["g.ZINCOMING"]
    lasted = round(seconds) if isinstance(seconds, int | float) and abs(seconds) < 1e9 else None
    other = next((account for jid in jids if (account := base.account(jid))), None)
    began = base.account(row[_CREATOR])
    mine = incoming == 0 if incoming is not None else bool(began and other and began != other)
    known = incoming is not None or began is not None
    chat = row[_GROUP] or next((j for j in jids if base.account(j)), None)
    answered = outcome == _ENDED and bool(lasted)
    return Call(
        **row.became(Call),
        call_id=Id(row.event),
        call_key=row.text("ZCALLIDSTRING"),
        chat_id=chat_id(chat) if isinstance(chat, str) else None,
        caller=base.owner if known and mine else (began or (other if known else None)),
        from_owner=mine if known else None,
        started_at=row.time("ZDATE"),
        duration_s=lasted,
        video=row["g.ZVIDEO"] == 1 if row["g.ZVIDEO"] is not None else None,
        result="answered" if answered else name_of("call", outcome) or "unknown",
        result_raw=row.text("ZOUTCOME"),
    )


def _same(row: SourceRow, lid: Id[Account] | None, number: Id[Account] | None) -> Iterator[Row]:
    if lid and number and lid != number:
        yield AccountAlias(**row.at, a=lid, b=number, relation=Relation.LID_OF)


def _jid(value: object, server: str) -> str | None:
    """An address, also where digits alone were stored."""
    shown = said(value)
    if not shown or "@" in shown:
        return shown or None
    digits = "".join(c for c in shown if c.isdigit())
    return f"{digits}@{server}" if digits else None
