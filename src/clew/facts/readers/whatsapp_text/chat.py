"""One export while it is read: who is in it, what it is, and its rows."""

import re
from collections import Counter
from collections.abc import Iterator

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from clew import records
from clew.facts import text, whatsapp
from clew.facts.reader_api import Found, FromFile, Tally
from clew.facts.readers.whatsapp_text.clock import INVISIBLE
from clew.facts.readers.whatsapp_text.marks import Mark, marks_of
from clew.facts.readers.whatsapp_text.system import Line, line_of
from clew.schema import Batch, Id, Row, batch

_NUMBER = re.compile(r"\+?[\d\s()\u2010-\u2015.-]{7,25}")
_SIGN = re.compile(f"[{INVISIBLE}]")
_URL_OF_PLACE = re.compile(r"https://(?:maps\.google\.com|www\.google\.com/maps|goo\.gl/maps)")
_ENDS = {
    "left": records.MemberState.LEFT,
    "removed": records.MemberState.REMOVED,
}
_JOINS = frozenset({"added", "joined_by_link", "joined_by_invitation", "joined_from_community"})
_OF_GROUPS = _JOINS | {"created", "subject_changed", "left", "removed", "promoted", "link_reset"}


class Chunk(msgspec.Struct):
    """Some messages, complete, field by field."""

    lines: list[int]
    stamps: list[str]
    locals: list[str | None]
    precisions: list[str]
    orders: list[str]
    names: list[str | None]
    texts: list[str]


class Chat(FromFile):
    """What an export says, gathered while its messages pass."""

    def __init__(self, found: Found, flavour: str) -> None:
        super().__init__(found)
        self.tally = Tally()
        self.flavour = flavour
        self.chat_id = Id[records.Chat](f"whatsapp:export:{found.source_id}")
        self.owner = Id[records.Account](f"whatsapp:owner:{found.item_id}")
        self.labels: dict[str, int] = {}
        """Every label, with the first line it stands in."""
        self.authors: Counter[str] = Counter()
        self.titles: set[str] = set()
        """Labels in front of notices: on iPhones, the title of the group."""
        self.subject: str | None = None
        self.is_group = False
        self.files = 0
        self._states: dict[str, tuple[records.MemberState, int, str]] = {}
        self._names_owner = False
        self._accounts: dict[str | None, str] = {}

    def account(self, label: str | None, line: int) -> str | None:
        """Account of a label; it means nothing outside this export."""
        if label is None or label in self._accounts:
            return self._accounts.get(label)
        plain = _SIGN.sub("", label).strip() or label
        self.labels.setdefault(plain, line)
        self._accounts[label] = f"whatsapp:label:{self.found.source_id[:16]}:{plain}"
        return self._accounts[label]

    def rows(self, chunk: Chunk) -> Iterator[Row | Batch]:
        """Messages, files and events of a chunk."""
        texts = _column(chunk.texts)
        marks = marks_of(chunk.texts, texts)
        kinds = [mark.kind if mark else "text" for mark in marks]
        events: list[tuple[int, Line | None]] = []
        signed = pc.match_substring_regex(texts, f"^[{INVISIBLE}]").to_pylist()
        placed = pc.match_substring(texts, "google").to_pylist()
        for place in self._looked_at(chunk, signed, placed):
            name, body = chunk.names[place], chunk.texts[place]
            if name is None or (signed[place] and marks[place] is None):
                said = line_of(body)
                if name is None or said:
                    self.titles |= {name} if name is not None else set()
                    kinds[place] = "system"
                    events.append((place, said))
            elif kinds[place] == "text" and _URL_OF_PLACE.search(body):
                kinds[place] = "location"
        self.authors.update(name for name in chunk.names if name is not None)
        self.authors.subtract(name for n, _ in events if (name := chunk.names[n]) is not None)
        self.authors += Counter()
        locators = pc.binary_join_element_wise("line", pa.array(chunk.lines).cast("string"), "/")
        ids = pc.binary_join_element_wise(self.found.item_id, locators, "#")
        for name, line in zip(chunk.names, chunk.lines, strict=True):
            if name not in self._accounts:
                self.account(name, line)
        senders = [self._accounts.get(name) for name in chunk.names]
        yield self._messages(chunk, kinds, (texts, locators, ids), senders)
        yield from self._shares(chunk, marks, senders)
        for place, said in events:
            yield from self._event(chunk, place, said)

    def members(self) -> Iterator[records.Membership]:
        """Who is seen in the chat: authors, and those whom notices name."""
        for label, number in sorted(self.authors.items()):
            state, line, action = self._states.get(label, (records.MemberState.UNKNOWN_PAST, 0, ""))
            yield self._member(label, state, records.MembershipBasis.SENDER_ONLY, line, action)
            del number
        for label, (state, line, action) in sorted(self._states.items()):
            if label not in self.authors:
                yield self._member(label, state, records.MembershipBasis.EVENT, line, action)

    def accounts(self) -> Iterator[Row]:
        """An account and a name for each label."""
        for label, line in self.labels.items():
            account = self.account(label, line)
            assert account
            digits = re.sub(r"\D", "", label) if _NUMBER.fullmatch(label) else ""
            where = self.at(f"line/{line}")
            is_title = label in self.titles - set(self.authors) - set(self._states)
            yield records.Account(
                **where,
                account_id=Id(account),
                platform=whatsapp.PLATFORM,
                id_type=records.IdType.SERVICE if is_title else records.IdType.LABEL,
                identifier=label,
                e164=whatsapp.e164(digits) if label.lstrip().startswith("+") else None,
            )
            if not is_title:
                yield records.AccountName(
                    **where,
                    account_id=Id(account),
                    name=label,
                    name_kind=records.NameKind.EXPORT_LABEL,
                )
        if self._names_owner:
            yield records.Account(
                **self.at("file"),
                account_id=Id(self.owner),
                platform=whatsapp.PLATFORM,
                id_type=records.IdType.OWNER,
                identifier=self.found.item_id,
                is_owner=True,
            )

    def chat_type(self) -> records.ChatType:
        """Kind of chat, as far as the export shows."""
        if self.is_group or len(self.authors) > 2:  # two make a conversation
            return records.ChatType.GROUP
        return records.ChatType.ONE_TO_ONE if self.authors else records.ChatType.UNKNOWN

    @staticmethod
    def _looked_at(chunk: Chunk, signed: list[bool], placed: list[bool]) -> list[int]:
        """Places of messages that are perhaps not what they seem."""
        columns = zip(chunk.names, signed, placed, strict=True)
        return [n for n, (name, sign, place) in enumerate(columns) if name is None or sign or place]

    def _messages(
        self,
        chunk: Chunk,
        kinds: list[str],
        columns: tuple[pa.Array, pa.Array, pa.Array],
        senders: list[str | None],
    ) -> Batch:
        texts, locators, ids = columns
        self.tally.emitted("message", records.Message, len(chunk.lines))
        return batch(
            records.Message,
            len(chunk.lines),
            **self.at(locators),
            event_id=ids,
            chat_id=self.chat_id,
            sender_account_id=_column(senders),
            kind=pa.array(kinds, pa.string()),
            text=texts,
            text_normal=text.normal_column(texts),
            sent_local=_column(chunk.locals),
            sent_text=_column(chunk.stamps),
            ts_precision=_column(chunk.precisions),
            tz_basis=records.TimeBasis.EXPORT_LOCAL.value,
            date_order=_column(chunk.orders),
            urls=text.links_column(texts),
            state="live",
        )

    def _shares(
        self, chunk: Chunk, marks: list[Mark | None], senders: list[str | None]
    ) -> Iterator[Batch]:
        places = [n for n, mark in enumerate(marks) if mark and mark.share]
        if not places:
            return
        lines = [chunk.lines[n] for n in places]
        found = [mark for n in places if (mark := marks[n])]
        names = [mark.name for mark in found]
        self.files += sum(name is not None for name in names)
        locators = [f"line/{line}" for line in lines]
        yield batch(
            records.Share,
            len(places),
            **self.at(locators),
            event_id=[self.found.event(locator) for locator in locators],
            ordinal=0,
            chat_id=self.chat_id,
            sender_account_id=_column([senders[n] for n in places]),
            sent_local=_column([chunk.locals[n] for n in places]),
            name=_column(names),
            state=records.ShareState.ABSENT.value,
            caption=_column([mark.caption for mark in found]),
            record_state="live",
        )

    def _event(self, chunk: Chunk, place: int, said: Line | None) -> Iterator[Row]:
        line, body = chunk.lines[place], chunk.texts[place]
        action = records.GroupAction(said.action) if said else records.GroupAction.UNKNOWN
        actor = self.account(said.actor, line) if said else None
        targets = [self.account(t, line) for t in said.targets] if said else []
        if said:
            self.is_group |= said.action in _OF_GROUPS
            self._names_owner |= said.by_owner or said.to_owner
            if said.new and said.action in ("created", "subject_changed"):
                self.subject = said.new
            actor = self.owner if said.by_owner else actor
            targets += [self.owner] if said.to_owner else []
            self._moved(said, line)
        yield records.GroupEvent(
            **self.at(f"line/{line}"),
            event_id=Id(self.found.event(f"line/{line}")),
            chat_id=self.chat_id,
            at_local=chunk.locals[place],
            action=action,
            action_raw=body,
            actor=Id(actor) if actor else None,
            targets=tuple(Id(t) for t in targets if t),
            old_value=said.old if said else None,
            new_value=said.new if said else None,
            certainty=records.Certainty.WORDING,
        )

    def _moved(self, said: Line, line: int) -> None:
        """Remember who came and who went."""
        who = said.targets or ((said.actor,) if said.actor and said.action != "added" else ())
        for label in who:
            if said.action in _ENDS:
                self._states[label] = (_ENDS[said.action], line, said.action)
            elif said.action in _JOINS:
                self._states[label] = (records.MemberState.UNKNOWN_PAST, line, said.action)

    def _member(
        self,
        label: str,
        state: records.MemberState,
        basis: records.MembershipBasis,
        line: int,
        action: str,
    ) -> records.Membership:
        line = line or self.labels.get(_SIGN.sub("", label).strip() or label, 1)
        return records.Membership(
            **self.at(f"line/{line}"),
            chat_id=self.chat_id,
            account_id=Id(self.account(label, line) or ""),
            role=records.Role.MEMBER,
            state=state,
            joined_how=records.GroupAction(action) if action in _JOINS else None,
            basis=basis,
        )


def _column(values: list[str] | list[str | None]) -> pa.Array:
    """A column of text; half a surrogate pair is written out."""
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        mended = [
            v if v is None else v.encode("utf-8", "backslashreplace").decode() for v in values
        ]
        return pa.array(mended, pa.string())
