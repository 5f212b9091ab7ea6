"""One export while it is read: who is in it, what it is, and its rows."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from clew import records
from clew.facts import exports, text, whatsapp
from clew.facts.reader_api import Found
from clew.facts.readers.whatsapp_text.clock import INVISIBLE, MARKS
from clew.facts.readers.whatsapp_text.cut_notices import beginning_of_notice, is_cut_notice
from clew.facts.readers.whatsapp_text.marks import Mark, marks_of
from clew.facts.readers.whatsapp_text.system import Line, line_of, may_begin_notice
from clew.facts.source_columns import Address
from clew.schema import Batch, Id, Row, batch

_NUMBER = re.compile(r"\+?[\d\s()\u2010-\u2015.-]{7,25}")
_SIGN = "\u200e"
"""What iPhones set before whatever no person wrote."""
_URL_OF_MAP = re.compile(r"https://(?:maps\.google\.com|www\.google\.com/maps|goo\.gl/maps)")
_ENDS = {"left": records.MemberState.LEFT, "removed": records.MemberState.REMOVED}
_JOINS = frozenset({"added", "joined_by_link", "joined_by_invitation", "joined_from_community"})
_OF_TWO = frozenset({"added", "removed"})
_OF_GROUPS = _JOINS | {"created", "subject_changed", "left", "removed", "promoted", "link_reset"}


class Chunk(msgspec.Struct):
    """Some messages, complete, field by field."""

    lines: list[int]
    stamps: list[str]
    locals: list[str | None]
    precisions: list[str]
    orders: list[str]
    readings: list[tuple[str, str] | None]
    """Local time, day first and month first, where no date of the file proves the order; no entry
    at all where every order is proved."""
    names: list[str | None]
    texts: list[str]


class _Happened(NamedTuple):
    """Where and when a notice stands, and its words."""

    line: int
    local: str | None
    text: str


class Chat(exports.Export):
    """What an export says, gathered while its messages pass."""

    def __init__(
        self, found: Found, flavour: str, odd_labels: Callable[[], Counter[str]] = Counter
    ) -> None:
        """``odd_labels`` counts, in the whole file, the labels that may be no names."""
        super().__init__(found, whatsapp.PLATFORM)
        self._odd_labels = odd_labels
        self.flavour = flavour
        self.chat_id = Id[records.Chat](f"whatsapp:export:{found.source_id}")
        self.labels: dict[str, int] = {}
        """Every label, with the first line it stands in."""
        self.authors: Counter[str] = Counter()
        self.titles: set[str] = set()
        """Labels in front of notices: on iPhones, the title of the group."""
        self.subject: str | None = None
        self.is_group = False
        self.files = 0
        self.unknown = 0
        """Notices that no rule knows."""
        self.first_unknown = ""
        self._side_by_side: list[tuple[_Happened, Line]] = []
        self._may_be_notice = cache(may_begin_notice)
        self._states: dict[str, tuple[records.MemberState, int, str]] = {}
        self._holder = Id[records.Account](f"whatsapp:owner:{found.item_id}")
        self._names_holder = False
        self._labelled: dict[str | None, Id[records.Account]] = {}

    def labelled(self, label: str | None, line: int) -> Id[records.Account] | None:
        """Account of a label; it means nothing outside this export."""
        if label is None or label in self._labelled:
            return self._labelled.get(label)
        plain = MARKS.sub("", label).strip() or label
        self.labels.setdefault(plain, line)
        self._labelled[label] = Id(f"whatsapp:label:{self.found.source_id[:16]}:{plain}")
        return self._labelled[label]

    def rows(self, chunk: Chunk) -> Iterator[Row | Batch]:
        """Messages, files and events of a chunk."""
        self._join_notices(chunk)
        texts = _column(chunk.texts)
        marks = marks_of(chunk.texts, texts)
        kinds = [mark.kind if mark else "text" for mark in marks]
        events = self._sorted(chunk, marks, kinds, texts)
        self.authors.update(name for name in chunk.names if name is not None)
        self.authors.subtract(name for n, _ in events if (name := chunk.names[n]) is not None)
        self.authors += Counter()
        named = zip(chunk.names, chunk.lines, strict=True)
        senders = [self.labelled(name, line) for name, line in named]
        yield self._messages(chunk, kinds, texts, senders)
        yield from self._readings(chunk)
        yield from self._shares(chunk, marks, senders)
        for n, said in events:
            happened = _Happened(chunk.lines[n], chunk.locals[n], chunk.texts[n])
            if said and said.both:
                self._side_by_side.append((happened, said))
            else:
                yield self._event(happened, said)

    def late(self) -> Iterator[records.GroupEvent]:
        """Events whose names only the labels of the whole chat tell apart."""
        for happened, said in self._side_by_side:
            yield self._event(happened, self._distinguished(said))

    def _sorted(
        self, chunk: Chunk, marks: list[Mark | None], kinds: list[str], texts: pa.Array
    ) -> list[tuple[int, Line | None]]:
        """Notices among the messages; what else no person wrote gets its kind."""
        events: list[tuple[int, Line | None]] = []
        signed = pc.match_substring_regex(texts, f"^[{INVISIBLE}]").to_pylist()
        mapped = pc.match_substring(texts, "google").to_pylist()
        pairs = zip(chunk.names, signed, strict=True)
        plainly = {name for name, sign in pairs if not sign} if any(signed) else set()
        for n, (name, body) in enumerate(zip(chunk.names, chunk.texts, strict=True)):
            if name is None or (signed[n] and marks[n] is None):
                kind, said = self._notice(name, body, plainly)
                kinds[n] = kind or kinds[n]
                if kind == "system":
                    events.append((n, said))
            elif mapped[n] and kinds[n] == "text" and _URL_OF_MAP.search(body):
                kinds[n] = "location"
        return events

    def _notice(
        self, name: str | None, body: str, plainly: set[str | None]
    ) -> tuple[str | None, Line | None]:
        """Kind of what may be a notice, and what it says; None for what a person wrote."""
        said = line_of(body)
        if said and said.action == "call" and name is not None:
            return "call", None
        if said or name is None or (body[0] == _SIGN and not self._writes(name, plainly)):
            self.titles |= {name} if name is not None else set()
            return "system", said
        return ("unknown" if body[0] == _SIGN else None), None  # a person's, of no known wording

    def _writes(self, name: str, plainly: set[str | None]) -> bool:
        """Whether a label stands before what a person wrote, here or on earlier lines."""
        return name in plainly or name in self.authors

    def _join_notices(self, chunk: Chunk) -> None:
        """Put a notice with a colon in it together again: what stood before was read as a name."""
        odd = {name for name in set(chunk.names) if name is not None and self._may_be_notice(name)}
        cut = {name for name in set(chunk.names) if name is not None and beginning_of_notice(name)}
        for n, name in enumerate(chunk.names) if odd or cut else ():
            whole = f"{name}: {chunk.texts[n]}"
            if (name in odd and line_of(whole)) or (name in cut and self._is_cut(name, whole)):
                chunk.names[n], chunk.texts[n] = None, whole

    def _is_cut(self, name: str, whole: str) -> bool:
        """Whether a notice of no known wording was read as a name and a text."""
        text = whole[len(name) + 2 :]
        is_notice = is_cut_notice(name, text, times=lambda: self._odd_labels()[name])
        return is_notice and marks_of([text], _column([text]))[0] is None

    def settle(self) -> None:
        """Enter an account for each label, and who is seen in the chat."""
        for label, line in self.labels.items():
            where = f"line/{line}"
            is_title = label in self.titles - set(self.authors) - set(self._states)
            kind = records.IdType.SERVICE if is_title else records.IdType.LABEL
            number = exports.e164(label) if _NUMBER.fullmatch(label) else None
            account = self.labelled(label, line) or self._holder
            self.account(Address(account, kind, label, number), where)
            if not is_title:
                self.name(account, label, records.NameKind.EXPORT_LABEL, where)
        if self._names_holder:
            named = Address(self._holder, records.IdType.OWNER, self.found.item_id)
            self.account(named, "file", is_owner=True)
        for label in (*sorted(self.authors), *sorted(set(self._states) - set(self.authors))):
            of_nobody = (records.MemberState.UNKNOWN_PAST, 0, "")
            state, line, action = self._states.get(label, of_nobody)
            line = line or self.labels.get(MARKS.sub("", label).strip() or label, 1)
            self.member(
                self.chat_id, self.labelled(label, line) or "", f"line/{line}",
                records.MembershipBasis["SENDER_ONLY" if label in self.authors else "EVENT"],
                state=state,
                joined_how=records.GroupAction(action) if action in _JOINS else None,
            )  # fmt: skip

    def chat_type(self) -> records.ChatType:
        """Kind of chat, as far as the export shows."""
        if self.is_group or len(self.authors) > 2:  # two make a conversation
            return records.ChatType.GROUP
        return records.ChatType.ONE_TO_ONE if self.authors else records.ChatType.UNKNOWN

    def _messages(
        self, chunk: Chunk, kinds: list[str], texts: pa.Array, senders: Sequence[str | None]
    ) -> Batch:
        locators = pc.binary_join_element_wise("line", pa.array(chunk.lines).cast("string"), "/")
        self.tally.emitted("message", records.Message, len(chunk.lines))
        return batch(
            records.Message,
            len(chunk.lines),
            **self.at(locators),
            event_id=pc.binary_join_element_wise(self.found.item_id, locators, "#"),
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

    def _readings(self, chunk: Chunk) -> Iterator[Batch]:
        found = [(f"line/{n}", b) for n, b in zip(chunk.lines, chunk.readings, strict=False) if b]
        if found:
            locators = [locator for locator, _ in found]
            yield batch(
                records.DateReading,
                len(found),
                **self.at(locators),
                event_id=[self.found.event(locator) for locator in locators],
                day_first=[both[0] for _, both in found],
                month_first=[both[1] for _, both in found],
            )

    def _shares(
        self, chunk: Chunk, marks: list[Mark | None], senders: Sequence[str | None]
    ) -> Iterator[Batch]:
        shared = [n for n, mark in enumerate(marks) if mark and mark.share]
        if not shared:
            return
        lines = [chunk.lines[n] for n in shared]
        found = [mark for n in shared if (mark := marks[n])]
        names = [mark.name for mark in found]
        self.files += sum(name is not None for name in names)
        locators = [f"line/{line}" for line in lines]
        yield batch(
            records.Share,
            len(shared),
            **self.at(locators),
            event_id=[self.found.event(locator) for locator in locators],
            ordinal=0,
            chat_id=self.chat_id,
            sender_account_id=_column([senders[n] for n in shared]),
            sent_local=_column([chunk.locals[n] for n in shared]),
            name=_column(names),
            state=records.ShareState.ABSENT.value,
            caption=_column([mark.caption for mark in found]),
            record_state="live",
        )

    def _event(self, happened: _Happened, said: Line | None) -> records.GroupEvent:
        line = happened.line
        if not said:
            self.unknown += 1
            self.first_unknown = self.first_unknown or f"line/{line}"
        action = records.GroupAction(said.action) if said else records.GroupAction.UNKNOWN
        actor = self.labelled(said.actor, line) if said else None
        targets = [self.labelled(t, line) for t in said.targets] if said else []
        if said:
            self.is_group |= said.action in _OF_GROUPS
            self._names_holder |= said.by_owner or said.to_owner
            if said.new and said.action in ("created", "subject_changed"):
                self.subject = said.new
            actor = self._holder if said.by_owner else actor
            targets += [self._holder] if said.to_owner else []
            self._moved(said, line)
        return records.GroupEvent(
            **self.at(f"line/{line}"),
            event_id=Id(self.found.event(f"line/{line}")),
            chat_id=self.chat_id,
            at_local=happened.local,
            action=action,
            action_raw=happened.text,
            actor=actor,
            targets=tuple(t for t in targets if t),
            old_value=said.old if said else None,
            new_value=said.new if said else None,
            certainty=records.Certainty.WORDING,
        )

    def _distinguished(self, said: Line) -> Line:
        """Who did what to whom, where a label of the chat tells where a name ends; else nobody."""
        both = said.both or ""
        labels = sorted((MARKS.sub("", name).strip() for name in self.authors), key=len)
        for label in reversed(labels):
            before, after = both.startswith(f"{label} "), both.endswith(f" {label}")
            actor, target = (label, both[len(label) + 1 :]) if before else (both, label)
            if before and said.action not in _OF_TWO:
                return msgspec.structs.replace(said, actor=label)
            if said.action in _OF_TWO and (before or after):
                actor = label if before else both[: -len(label) - 1]
                return msgspec.structs.replace(said, actor=actor, targets=(target,))
        return said

    def _moved(self, said: Line, line: int) -> None:
        """Remember who came and who went."""
        who = said.targets or ((said.actor,) if said.actor and said.action != "added" else ())
        for label in who:
            if said.action in _ENDS:
                self._states[label] = (_ENDS[said.action], line, said.action)
            elif said.action in _JOINS:
                self._states[label] = (records.MemberState.UNKNOWN_PAST, line, said.action)


def _column(values: Sequence[str | None]) -> pa.Array:
    """A column of text; half a surrogate pair is written out."""
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        mended = (v and v.encode("utf-8", "backslashreplace").decode() for v in values)
        return pa.array(mended, pa.string())
