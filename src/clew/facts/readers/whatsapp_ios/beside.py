"""The databases beside the conversations: address book, hidden ids, and calls."""

from collections.abc import Iterator

from clew.facts.database import Values, said
from clew.facts.readers.whatsapp_ios.database import Database, People, name_of
from clew.facts.whatsapp import chat_of
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
_NAMES = (
    ("ZFULLNAME", NameKind.ADDRESS_BOOK), ("ZNICKNAME", NameKind.ADDRESS_BOOK),
    ("ZBUSINESSNAME", NameKind.PROFILE), ("ZUSERNAME", NameKind.PROFILE),
)  # fmt: skip
_ENDED = 0


def read_contacts(base: Database) -> Iterator[Row]:
    """Accounts, names and contacts of the address book, with the hidden ids it knows."""
    people = People(base)
    for row, *values in base.each(CONTACTS, _WORDS, key="Z_PK"):
        known = dict(zip(_WORDS.split(), (said(v) or None for v in values), strict=True))
        where = f"{CONTACTS}/{row}"
        number = _jid(known["ZWHATSAPPID"] or known["ZPHONENUMBER"], "s.whatsapp.net")
        lid = _jid(known["ZLID"], "lid")
        base.tally.emitted(CONTACTS, Contact)
        for jid in (number, lid):
            yield from people.met(
                jid, where, about=known["ZABOUTTEXT"], company=known["ZBUSINESSNAME"]
            )
        account = base.account(number) or base.account(lid)
        yield from _same(base, where, base.account(lid), base.account(number))
        for column, kind in _NAMES:
            yield from base.named(where, account, known[column], kind)
        yield Contact(
            **base.at(where),
            account_id=account,
            entry=known["ZIDENTIFIER"],
            display_name=known["ZFULLNAME"],
            given_name=known["ZGIVENNAME"],
            family_name=known["ZLASTNAME"],
            nickname=known["ZNICKNAME"],
            company=known["ZBUSINESSNAME"],
            phones=(known["ZPHONENUMBER"],) if known["ZPHONENUMBER"] else (),
        )


def read_lids(base: Database) -> Iterator[Row]:
    """Which number stands behind a hidden id."""
    people = People(base)
    for table, column in LIDS:
        names = f"{column} ZPHONENUMBER ZDISPLAYNAME"
        for row, identifier, phone, name in base.each(table, names, needs=column, key="Z_PK"):
            where = f"{table}/{row}"
            lid, number = _jid(identifier, "lid"), _jid(phone, "s.whatsapp.net")
            a, b = base.account(lid), base.account(number)
            for jid in (lid, number):
                yield from people.met(jid, where)
            yield from base.named(where, a, name, NameKind.PUSH)
            if not a or not b:
                base.tally.skipped(table, "no_number_or_id")
                continue
            base.tally.emitted(table, AccountAlias)
            yield from _same(base, where, a, b)


def read_calls(base: Database) -> Iterator[Row]:
    """Calls and their parties."""
    people = People(base)
    gathered = base.has(CALLS, "Z1CALLEVENTS") and base.has(GATHERED, "Z_PK")
    own = base.columns(
        CALLS,
        "ZDATE ZDURATION ZOUTCOME ZCALLIDSTRING ZGROUPJIDSTRING ZGROUPCALLCREATORUSERJIDSTRING",
        "c",
    )
    shared = base.columns(GATHERED, "ZINCOMING ZVIDEO", "g") if gathered else "NULL, NULL"
    join = base.join(GATHERED, "g", "g.Z_PK = c.Z1CALLEVENTS") if gathered else ""
    select = f"SELECT c.Z_PK, {own}, {shared} FROM {CALLS} AS c {join}"
    parties = _parties(base)
    for row, *values in base.rows(CALLS, select, "c.Z_PK"):
        base.tally.emitted(CALLS, Call)
        with_whom = parties.pop(row, [])
        where = f"{CALLS}/{row}"
        for jid in (values[5], *(jid for _, jid, _ in with_whom)):
            yield from people.met(jid, where)
        call = _call(base, row, values, [jid for _, jid, _ in with_whom])
        yield call
        for number, jid, outcome in with_whom:
            yield from _party(base, call.call_id, number, jid, outcome)
    left = sum(len(found) for found in parties.values())
    base.tally.skipped(PARTIES, "call_gone", left)
    base.tally.emitted(GATHERED, Call, base.count(GATHERED) if gathered else 0)


def _call(base: Database, row: object, values: Values, jids: list[object]) -> Call:
    at, seconds, outcome, key, group, creator, incoming, video = values
    lasted = round(seconds) if isinstance(seconds, int | float) and abs(seconds) < 1e9 else None
    other = next((account for jid in jids if (account := base.account(jid))), None)
    began = base.account(creator)
    mine = incoming == 0 if incoming is not None else bool(began and other and began != other)
    known = incoming is not None or began is not None
    chat = group or next((j for j in jids if base.account(j)), None)
    answered = outcome == _ENDED and bool(lasted)
    return Call(
        **base.at(f"{CALLS}/{row}"),
        call_id=Id(base.found.event(f"{CALLS}/{row}")),
        call_key=said(key),
        chat_id=chat_of(chat).chat_id if isinstance(chat, str) else None,
        caller=base.owner if known and mine else (began or (other if known else None)),
        from_owner=mine if known else None,
        started_at=base.moment(f"{CALLS}.ZDATE", at, row),
        duration_s=lasted,
        video=video == 1 if video is not None else None,
        result="answered" if answered else name_of("call", outcome) or "unknown",
        result_raw=said(outcome),
    )


def _party(
    base: Database, call: Id[Call], number: object, jid: object, outcome: object
) -> Iterator[Row]:
    account = base.account(jid)
    if account is None:
        base.tally.skipped(PARTIES, "no_address")
        return
    base.tally.emitted(PARTIES, CallParty)
    yield CallParty(
        **base.at(f"{PARTIES}/{number}"),
        call_id=call,
        account_id=account,
        result=name_of("call", outcome) or "unknown",
        result_raw=said(outcome),
    )


def _parties(base: Database) -> dict[object, list[tuple[object, object, object]]]:
    """Parties by the row of their call: row number, address, outcome."""
    found: dict[object, list[tuple[object, object, object]]] = {}
    names = "Z1PARTICIPANTS ZJIDSTRING ZOUTCOME"
    for row, call, jid, outcome in base.each(PARTIES, names, needs="Z1PARTICIPANTS", key="Z_PK"):
        found.setdefault(call, []).append((row, jid, outcome))
    return found


def _same(
    base: Database, where: str, lid: Id[Account] | None, number: Id[Account] | None
) -> Iterator[Row]:
    if lid and number and lid != number:
        yield AccountAlias(**base.at(where), a=lid, b=number, relation=Relation.LID_OF)


def _jid(value: object, server: str) -> str | None:
    """An address, also where digits alone were stored."""
    shown = said(value)
    if not shown or "@" in shown:
        return shown or None
    digits = "".join(c for c in shown if c.isdigit())
    return f"{digits}@{server}" if digits else None
