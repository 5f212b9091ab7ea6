"""A category in full: a code alone means another thing in each country."""


def in_full(scheme: str, country: str | None, version: str | None, code: str) -> str:
    """Scheme, country, version and code, such as ``VICS ES 2.0: 2``."""
    parts = (scheme, country or "country not stated", version)
    return f"{' '.join(part for part in parts if part)}: {code}"
