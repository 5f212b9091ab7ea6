"""What messages carry beyond their text: locations, polls, and previews of links.

``ZLATITUDE`` and ``ZLONGITUDE`` are a location in messages of type 5 alone: beside a picture they
hold its width and height. A preview (``ZWAMESSAGEDATAITEM``) names what its link leads to.
"""

from collections import defaultdict
from collections.abc import Iterator

from clew.facts.database import SourceRow
from clew.facts.invitations import invited
from clew.facts.messages import Page
from clew.facts.readers.whatsapp_ios.blobs import Poll
from clew.facts.readers.whatsapp_ios.database import Database
from clew.facts.text import InviteLink, invite_links
from clew.records import Invite, InviteSource, PollOption
from clew.schema import Id, Row

PREVIEWS = "ZWAMESSAGEDATAITEM"


def options(base: Database, where: str, poll: Poll) -> Iterator[Row]:
    """The answers of a poll, each with who chose it."""
    for ordinal, option in enumerate(poll.options):
        chosen = [vote for vote in poll.votes if ordinal in vote.chosen]
        accounts = (base.account(vote.jid) for vote in chosen)
        yield PollOption(
            **base.at(where),
            event_id=base.found.event(where),
            ordinal=ordinal,
            option=option,
            voters=tuple(dict.fromkeys(a for a in accounts if a)),
            votes=len(chosen),
        )
    beyond = {n for vote in poll.votes for n in vote.chosen if n >= len(poll.options)}
    if beyond:
        base.report(where, "poll_vote", answer=sorted(beyond))


def previews_of_invitations(base: Database) -> dict[object, list[tuple[SourceRow, InviteLink]]]:
    """Previews of links to groups, by message; the rest are counted."""
    of = defaultdict[object, list[tuple[SourceRow, InviteLink]]](list)
    links = ("ZMATCHEDTEXT", "ZCONTENT1", "ZCONTENT2")
    names = f"ZMESSAGE ZTITLE {' '.join(links)}"
    for row in base.each(PREVIEWS, names, needs="ZMESSAGE", key="Z_PK"):
        found = invite_links("\n".join(row.text(link) or "" for link in links))
        if found:
            row.became(Invite)
        else:
            row.skipped("link_preview")
        of[row["ZMESSAGE"]] += [(row, link) for link in found]
    return of


def invitation(
    base: Database, page: Page, position: int, link: InviteLink, preview: SourceRow | None = None
) -> Invite:
    """An invitation of a message: sent as such or, with its ``preview``, as a link."""
    locator = f"{page.table}/{page.row[position]}"
    at = base.time(f"{page.table}.ZMESSAGEDATE", page.sent[position], page.row[position])
    return Invite(
        **(preview.at if preview else base.at(locator)),
        **invited(link),
        group_name_stated=preview.text("ZTITLE") or None if preview else None,
        event_id=Id(base.found.event(locator)),
        seen_chat_id=page.chat[position].chat_id,
        seen_account_id=page.sender[position],
        seen_at=at,
        found_in=InviteSource.LINK_PREVIEW if preview else InviteSource.INVITE_MESSAGE,
    )
