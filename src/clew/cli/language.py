"""Texts of the command line in the language of the person, which ``CLEW_LANGUAGE`` names."""

import os
from typing import Any


def here(text: str, /, **figures: Any) -> str:
    """A text in the person's language, with its figures; in English the catalogue is not read."""
    if os.environ.get("CLEW_LANGUAGE"):
        from clew.words import catalogue

        text = catalogue.here(text)
    return text.format(**figures) if figures else text
