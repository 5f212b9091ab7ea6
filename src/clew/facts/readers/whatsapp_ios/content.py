"""What messages carry beyond their text: places, polls, and previews of links.

``ZLATITUDE`` and ``ZLONGITUDE`` are a place in messages of type 5 alone: beside a picture they hold
its width and height. A preview (``ZWAMESSAGEDATAITEM``) names what its link leads to.
"""

from collections.abc import Iterator

from clew.facts.database import Values, said
from clew.facts.geolocation import sent
from clew.facts.invitations import invited
from clew.facts.messages import Page
from clew.facts.readers.whatsapp_ios.blobs import Poll
from clew.facts.readers.whatsapp_ios.database import Database
from clew.facts.text import InviteLink, invite_links
from clew.records import Invite, InviteSource, MessageKind, PollOption
from clew.schema import Id, Row

PREVIEWS = "ZWAMESSAGEDATAITEM"


def places(base: Database, page: Page, media: dict[str, Values]) -> Iterator[Row]:
    """Places sent in messages; what can be none is told."""
    for n, kind in enumerate(page.kind):
        if kind != MessageKind.LOCATION.value or media["Z_PK"][n] is None:
            continue
        where = f"{page.table}/{page.row[n]}"
        held = (media["ZLATITUDE"][n], media["ZLONGITUDE"][n])
        yield from sent(base, where, where, held, media["ZTITLE"][n])


def options(base: Database, where: str, poll: Poll) -> Iterator[Row]:
    """The answers of a poll, each with who chose it."""
    for ordinal, option in enumerate(poll.options):
        chosen = [vote for vote in poll.votes if ordinal in vote.chosen]
        accounts = (base.account(vote.jid) for vote in chosen)
        yield PollOption(
            **base.at(where), event_id=base.found.event(where), ordinal=ordinal,
            option=option, voters=tuple(dict.fromkeys(a for a in accounts if a)),
            votes=len(chosen),
        )  # fmt: skip
    beyond = {n for vote in poll.votes for n in vote.chosen if n >= len(poll.options)}
    if beyond:
        base.report(where, "poll_vote", answer=sorted(beyond))


class Previews:
    """Previews of links: those of invitations are kept by message, the rest are counted."""

    def __init__(self, base: Database) -> None:
        self._base = base
        self._of: dict[object, list[tuple[object, str | None, InviteLink]]] = {}
        self._read()

    def invitations(self, page: Page) -> Iterator[Row]:
        """Invitations of these messages, with the name of the group as the preview states it."""
        base = self._base
        for n, message in enumerate(page.row):
            for row, title, link in self._of.get(message, ()):
                at = base.time(f"{page.table}.ZMESSAGEDATE", page.sent[n], message)
                yield Invite(
                    **base.at(f"{PREVIEWS}/{row}"),
                    **invited(link),
                    group_name_stated=title,
                    event_id=Id(base.found.event(f"{page.table}/{message}")),
                    seen_chat_id=page.chat[n].chat_id,
                    seen_account_id=page.sender[n],
                    seen_at=at,
                    found_in=InviteSource.LINK_PREVIEW,
                )

    def _read(self) -> None:
        base = self._base
        names = "ZMESSAGE ZTITLE ZMATCHEDTEXT ZCONTENT1 ZCONTENT2"
        for row, message, title, *links in base.each(PREVIEWS, names, needs="ZMESSAGE", key="Z_PK"):
            found = invite_links("\n".join(said(link) or "" for link in links))
            if found:
                base.tally.emitted(PREVIEWS, Invite)
            else:
                base.tally.skipped(PREVIEWS, "link_preview")
            for link in found:
                self._of.setdefault(message, []).append((row, said(title) or None, link))
