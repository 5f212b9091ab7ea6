"""What a commander reads before a step of deconfliction: what each side learns, in plain words.

The sentences are of the catalogue; the page is static HTML without scripts, and names no number.
"""

from collections.abc import Iterable, Mapping
from html import escape

import msgspec

from clew.exchange.deconfliction.dealing import MOST_ASKED
from clew.exchange.deconfliction.wire import TAG, Step
from clew.words.catalogue import Speaker, already_masked, language

_LEARNS = {
    Step.OFFER: ("offer_partner", "offer_holder", "other"),
    Step.ASK: ("ask_holder", "ask_asker", "other"),
    Step.ANSWER: ("answer_holder", "answer_asker", "other"),
    Step.NOTICE: ("ask_asker", "read_holder", "other"),
}
_LIMITS = ("offers_less", "invents", "guesses", "officers", "chance", "request")
_STYLE = """body{font:16px/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse}th,td{text-align:left;padding:.2rem 1rem .2rem 0;vertical-align:top}
th{font-weight:600}li{margin:.4rem 0}"""


class About(msgspec.Struct, frozen=True, kw_only=True):
    """A step of deconfliction, in figures."""

    step: Step
    partner: str
    kind: str
    period: str
    points: int
    """Size of the file, padded."""
    own: int | None = None
    """Identifiers of this case in it."""
    persons: int | None = None
    hits: int | None = None
    day: str = ""
    """When the key of the offer is destroyed."""
    holds_until: str = ""
    legal_basis: str = ""
    by: str = ""
    left_out: Mapping[str, int] = {}
    tags: int = 0
    """Tags of the offer, which say how likely a hit by chance is."""


def learns(about: About) -> list[str]:
    """What each side learns, one sentence each."""
    figures = msgspec.structs.asdict(about)
    return [_speaker().say("deconflict_learns", code, **figures) for code in _LEARNS[about.step]]


def limits(about: About) -> list[str]:
    """What is not prevented, and what a hit means."""
    odds = 2 ** (8 * TAG) // (about.tags or about.points or 1)
    figures = {"most": MOST_ASKED, "odds": f"{odds:,}"}
    return [_speaker().say("deconflict_limit", code, **figures) for code in _LIMITS]


def left_out(about: About) -> list[str]:
    """What was left out, and why."""
    say = _speaker().say
    return [f"{n}: {say('deconflict_left_out', code)}" for code, n in about.left_out.items()]


def page(about: About) -> str:
    """The whole page."""
    say = _speaker().say
    title = say("deconflict_page", "title", partner=about.partner, what=about.step)
    names = ("kind", "period", "points", "own", "persons", "hits", "holds_until", "legal_basis",
             "by")  # fmt: skip
    figures = ((say("deconflict_page", name), getattr(about, name)) for name in names)
    rows = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>"
        for name, value in figures if value not in (None, "")
    )  # fmt: skip
    parts = [
        ("about", f"<table>{rows}</table>"),
        ("learns", _listed(learns(about))),
        ("left_out", _listed(left_out(about))),
        ("limits", _listed(limits(about))),
    ]
    body = "".join(
        f"<h2>{escape(say('deconflict_page', name))}</h2>{part}" for name, part in parts if part
    )
    return (
        f'<!doctype html><html lang="{escape(language())}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1>{body}</body></html>\n"
    )


def _listed(lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def _speaker() -> Speaker:
    return Speaker(already_masked)
