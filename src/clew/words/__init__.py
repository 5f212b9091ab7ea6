"""What codes and figures mean in words: tables hold codes, and a person reads sentences.

``codes/*.toml`` registers each reason code; ``sentences/*.toml`` says the rows of a table. From
both, ``docs/catalogue.py`` makes the template for translators, whose catalogues stand in
``locale/LANGUAGE/LC_MESSAGES/clew.po``.
"""

from clew.words.catalogue import Speaker, already_masked, say, sentence
from clew.words.register import (
    Code,
    Sentence,
    Weight,
    code,
    countries,
    registers,
    sentences,
    unregistered,
)

__all__ = [
    "Code",
    "Sentence",
    "Speaker",
    "Weight",
    "already_masked",
    "code",
    "countries",
    "registers",
    "say",
    "sentence",
    "sentences",
    "unregistered",
]
