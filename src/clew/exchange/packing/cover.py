"""The cover page: what the package is and how it may be used, in the receiver's language.

It names nobody of the case and needs no program but a browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from gettext import NullTranslations
from importlib import resources

from clew.exchange.packing.compose import Content
from clew.exchange.packing.request import ENGLISH, Request
from clew.words import Speaker, code
from clew.words.catalogue import in_language


def _text(_kind: str, value: str) -> str:
    """Words of our own authority, which stand as they are."""
    return value


def cover(content: Content, request: Request, language: str) -> str:
    """The page, as HTML; in English, which it says, where the language has no translation."""
    import jinja2

    asked, title = in_language(language), code("cover", "title").say
    is_translated = language == ENGLISH or asked.pgettext("cover", title) != title
    speaker = Speaker(_text, asked if is_translated else NullTranslations())
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    source = resources.files("clew.exchange.packing").joinpath("templates/cover.html.j2")
    return environment.from_string(source.read_text("utf-8")).render(
        language=language if is_translated else ENGLISH,
        untranslated="" if is_translated
        else speaker.say("cover", "untranslated", language=language),
        title=speaker.say(
            "cover", "title", sender=request.sender.name,
            receivers=", ".join(one.name for one in request.receivers),
        ),
        marking=list(_marking(content, speaker)),
        lines=list(_lines(content, request, speaker)),
    )  # fmt: skip


def _marking(content: Content, speaker: Speaker) -> Iterator[str]:
    marking = content.referral.marking
    yield from (speaker.say("handling", str(code)) for code in marking.handling)
    if marking.restrictions:
        yield speaker.say("cover", "restrictions", words=marking.restrictions)
    yield speaker.say("cover", "label", tlp=str(marking.tlp))


def _lines(content: Content, request: Request, speaker: Speaker) -> Iterator[str]:
    said, counts = content.referral, content.counts
    if request.desk:
        yield speaker.say("cover", "desk")
    yield speaker.say("cover", "package", package=said.package_id, case=said.case_reference,
                      at=said.made_at)  # fmt: skip
    yield speaker.say("cover", "basis", basis=said.legal_basis, purpose=said.purpose)
    yield speaker.say("cover", "keep", day=said.keep_until.isoformat())
    named = len(said.assessments.persons)
    yield speaker.say("cover", "persons", named=named, counted=content.counted)
    if gradings := sorted({
        f"{g.scheme} {g.source}{g.information}"
        for person in said.assessments.persons if (g := person.grading)
    }):  # fmt: skip
        yield speaker.say("cover", "grading", gradings=", ".join(gradings))
    yield speaker.say("cover", "presumption")
    if content.tokens:
        yield speaker.say("cover", "tokens", tokens=content.tokens)
    if counts.texts_withheld:
        yield speaker.say("cover", "texts_withheld", texts=counts.texts_withheld)
    if counts.texts:
        yield speaker.say("cover", "texts_sent", texts=counts.texts, mentions=counts.mentions)
    sent = sum(c.rows.num_rows for c in content.chosen)
    total = sum(c.total for c in content.chosen) + sum(content.not_sent.values())
    yield speaker.say("cover", "rows", sent=sent, total=total)
    if unread := sum(row["times"] for row in content.not_read):
        yield speaker.say("cover", "not_read", n=unread)
