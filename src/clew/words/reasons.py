"""Reasons as tables hold them, a code and figures such as ``pages=21``, and what they say.

A code is a name of its register, or a name and a kind: ``limit:memory`` is explained by ``limit``.
Figures are quoted as they were met; only here do they become a sentence.

>>> sentence("unread", "torn", ("bytes=4096", "stated=8192"))
'It is torn: 4\u202f096 of 8\u202f192 bytes are there.'
>>> parted(Unreadable("damaged", cause="no such sector").reason)
('damaged', ('cause=no such sector',))
"""

from collections.abc import Iterable, Sequence
from typing import Any

from clew.words.catalogue import Speaker, already_masked, values_of
from clew.words.register import Code, Weight, registers, sentences

_LONGEST = 4096
_BETWEEN = "\x1f"


class Unreadable(Exception):
    """Something can't be read, or not further: it costs a row with a code, and is no user's error.

    ``code`` is registered; ``values`` become the figures of the row.
    """

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(" ".join((code, *figures(**values))))
        self.code = code
        self.values = values

    @property
    def figures(self) -> tuple[str, ...]:
        """Figures as a table holds them."""
        return figures(**self.values)

    @property
    def reason(self) -> str:
        """Code and figures in one text, which ``parted`` takes apart."""
        return joined(self.code, **self.values)


def figures(**values: Any) -> tuple[str, ...]:
    """Figures as a table holds them, in the order given; a list is written value by value."""
    return tuple(
        f"{name}={str(one).encode('utf-8', 'backslashreplace').decode()[:_LONGEST]}"
        for name, value in values.items()
        for one in (value if isinstance(value, list | tuple) else (value,))
        if one is not None
    )


def registered(register: str, code: str) -> Code | None:
    """What the register says of a code, or of the name before its kind."""
    known = registers().get(register, {})
    return known.get(code) or known.get(code.partition(":")[0])


def weight(register: str, code: str) -> Weight:
    """How much a code matters; one of a reader that is not ours is a warning."""
    known = registered(register, code)
    return known.weight if known else Weight.WARNING


def joined(code: str, **values: Any) -> str:
    """A code with its figures in one text, as workers send it."""
    return _BETWEEN.join((code, *(f.replace(_BETWEEN, " ") for f in figures(**values))))


def parted(reason: str) -> tuple[str, tuple[str, ...]]:
    """Code and figures of a reason that came as one text."""
    code, *quoted = reason.split(_BETWEEN)
    return code, tuple(quoted)


def sentence(
    register: str, code: str, quoted: Iterable[str] = (), speaker: Speaker | None = None
) -> str:
    """A code with its figures in words; both as they are where the code is not registered."""
    quoted = tuple(quoted)
    known = registered(register, code)
    if known is None:
        return " ".join((code, *quoted))
    name, _, kind = code.partition(":")
    values = values_of(quoted)
    wanted = known.sentence.figures()
    missing = {name: 0 if name == known.count else "?" for name in wanted - values.keys()}
    exact = code in registers()[register]
    speaker = speaker or Speaker(already_masked)
    return speaker.say(register, code if exact else name, **{**missing, "kind": kind, **values})


def meaning(register: str, code: str, speaker: Speaker | None = None) -> str:
    """What a code means, whatever its figures; the code itself where it is not registered."""
    known = registered(register, code)
    speaker = speaker or Speaker(already_masked)
    return speaker.translated(register, known.meaning) if known else code


def of_problem(register: str, problem: Unreadable) -> str:
    """What a problem says that costs a row, in words."""
    return sentence(register, problem.code, problem.figures)


def worded(rows: list[dict[str, Any]], says: str) -> list[dict[str, Any]]:
    """Rows as they are shown, each with its sentence, where their table or register has one.

    The sentence of a code stands for its figures.
    """
    if rows and {"code", "figures"} <= rows[0].keys():
        return [_coded(says, row) for row in rows]
    if says not in sentences():
        return rows
    speaker = Speaker(already_masked)
    return [{**row, "reason": speaker.sentence(says, row)} for row in rows]


def heads(columns: Sequence[str], says: str) -> tuple[str, ...]:
    """Names of the columns of rows with these columns, once they are worded.

    >>> heads(["code", "figures"], "unread"), heads(["person_id"], "")
    (('code', 'reason'), ('person_id',))
    """
    coded = {"code", "figures"} <= {*columns}
    names = [name for name in columns if not (coded and name == "figures")]
    return tuple(dict.fromkeys([*names, "reason"] if coded or says in sentences() else names))


def _coded(register: str, row: dict[str, Any]) -> dict[str, Any]:
    said = {**row, "reason": sentence(register, row["code"], row["figures"] or ())}
    del said["figures"]
    return said
