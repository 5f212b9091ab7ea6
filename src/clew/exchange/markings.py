"""Handling codes, traffic light and gradings, each as its scheme writes it and never converted.

References:
    - Europol handling codes H0-H3 and grading 4x4: Regulation (EU) 2016/794, Articles 19 and 29,
      and the Council's guidelines of 2018
    - Traffic Light Protocol 2.0, FIRST, 2022
    - UK 3x5x2: College of Policing, intelligence report (APP), since 2016
    - Admiralty code: NATO AJP-2.1, as MISP's taxonomy ``admiralty-scale`` writes it

"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Handling(StrEnum):
    """Europol's handling code."""

    H0 = "H0"
    """Only for preventing and combating crime."""
    H1 = "H1"
    """Not in judicial proceedings without the provider's permission."""
    H2 = "H2"
    """Not to be passed on without the provider's permission."""
    H3 = "H3"
    """Other restrictions, which the text says."""


class Tlp(StrEnum):
    """Label of the Traffic Light Protocol 2.0."""

    CLEAR = "TLP:CLEAR"
    GREEN = "TLP:GREEN"
    AMBER = "TLP:AMBER"
    AMBER_STRICT = "TLP:AMBER+STRICT"
    RED = "TLP:RED"

    @property
    def rank(self) -> int:
        """How strict it is, from 0."""
        return list(Tlp).index(self)


class Scheme(StrEnum):
    """Scheme of a grading."""

    EUROPOL = "europol-4x4"
    UK = "uk-3x5x2"
    ADMIRALTY = "admiralty"


GRADES = {
    Scheme.EUROPOL: ("ABCX", "1234"),
    Scheme.UK: ("123", "ABCDE"),
    Scheme.ADMIRALTY: ("ABCDEF", "123456"),
}
"""Grades of the source and of the information in each scheme."""


class Marking(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True,
              kw_only=True):  # fmt: skip
    """How something may be handled."""

    handling: tuple[Handling, ...]
    """Handling codes, in their order."""
    tlp: Tlp
    """Traffic light."""
    restrictions: str | None = None
    """What H3 restricts, in words; there with H3 and only with it."""

    def __post_init__(self) -> None:
        """Refuse what is no marking."""
        if not self.handling or list(self.handling) != sorted(set(self.handling)):
            raise ValueError("handling codes are one or more, each once and in their order")
        if (Handling.H3 in self.handling) != bool(self.restrictions and self.restrictions.strip()):
            raise ValueError("H3 has its restrictions in words, and no other code has")


class Grading(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How reliable a source and its information are, in one scheme."""

    scheme: Scheme
    """Scheme."""
    source: str
    """Grade of the source, such as ``A``."""
    information: str
    """Grade of the information, such as ``1``."""

    def __post_init__(self) -> None:
        """Refuse grades that the scheme does not have."""
        sources, informations = GRADES[self.scheme]
        for grade, grades in ((self.source, sources), (self.information, informations)):
            if len(grade) != 1 or grade not in grades:
                raise ValueError(f"{grade!r} is no grade of {self.scheme}: {', '.join(grades)}")


def strictest(markings: list[Marking]) -> Marking:
    """The marking of a whole: every code of its parts, the strictest light, every restriction."""
    said = dict.fromkeys(m.restrictions for m in markings if m.restrictions)
    return Marking(
        handling=tuple(sorted({code for m in markings for code in m.handling})),
        tlp=max((m.tlp for m in markings), key=lambda light: light.rank),
        restrictions="; ".join(said) or None,
    )
