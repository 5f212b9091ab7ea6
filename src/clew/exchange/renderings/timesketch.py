"""A timeline as CSV for Timesketch: what is dated at its time, all else when the referral was made.

References:
    - Timesketch, user guide "Import from JSON or CSV": ``message``, ``datetime`` (ISO 8601) and
      ``timestamp_desc`` are mandatory; ``timestamp`` is in microseconds; further columns are kept

"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from clew.exchange import referral as r
from clew.exchange.renderings import common

NAME = "timesketch/timeline.csv"
_COLUMNS = ("message", "timestamp", "datetime", "timestamp_desc", "kind", "id", "account",
            "group", "file", "handling", "source_reference")  # fmt: skip
_MADE = "Referral made"
Row = tuple[object, ...]


def render(referral: r.Referral) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The one member."""
    yield NAME, common.rows(_COLUMNS, _Sheet(referral).rows())


class _Sheet(common.Rendering):
    """Rows of one referral."""

    def row(self, said: str, kind: str, *ids: str, **of: Any) -> Row:
        """A row; ``of`` says its time and what that is of, and its proof.

        What has no time stands at the referral's own, and says so.
        """
        at = of.get("at")
        when = at or self.referral.made_at
        where = "; ".join(common.readings(of.get("proof", ())))
        what = of["what"] if at else _MADE
        return (said, round(when.timestamp() * 1_000_000), common.moment(when), what, kind,
                *(*ids, *[""] * 4)[:4], self.handling, where)  # fmt: skip

    def rows(self) -> Iterator[Row]:
        referral = self.referral
        for line in common.header(referral):
            yield self.row(line, "referral", referral.package_id)
        for person in referral.assessments.persons:
            said = f"Person {person.person_id}: {common.WORDS[person.category]}"
            yield self.row(said, "person", person.person_id)
        for token in referral.facts.tokens:
            yield self.row("A person who is not named", "token", token.token)
        for one in referral.facts.accounts:
            ids = (one.account_id, one.account_id)
            yield self.row(f"Account {one.account_id}", "account", *ids, proof=one.proof)
        for group in referral.facts.groups:
            yield self.row(common.group_words(group), "group", group.chat_id, "", group.chat_id,
                           proof=group.proof)  # fmt: skip
        yield from self.dated()

    def dated(self) -> Iterator[Row]:
        """What has a time of its own, mostly."""
        facts = self.referral.facts
        for member in facts.memberships:
            ids = (member.account_id, member.account_id, member.chat_id)
            said = f"{member.account_id} is {member.role} of {member.chat_id} ({member.state})"
            yield self.row(said, "membership", *ids, at=member.joined_at, what="Joined",
                           proof=member.proof)  # fmt: skip
        for file in facts.files:
            first = file.first
            yield self.row(common.file_words(file), "file", file.sha256, "", "", file.sha256,
                           at=first and first.sent_at, what="First known sending",
                           proof=first.proof if first else ())  # fmt: skip
        for share in facts.shares:
            said = f"{share.account_id} sent a file in {share.chat_id}"
            ids_of = (share.event_id, share.account_id, share.chat_id, share.sha256)
            yield self.row(said, "share", *ids_of, at=share.sent_at, what="Sent",
                           proof=share.proof)  # fmt: skip
