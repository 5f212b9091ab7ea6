"""What the codes of a format stand for: ``codes.toml`` beside its reader."""

from clew.facts.reader_api import data_file


class Codes:
    """Meanings of codes, by the name of their list."""

    def __init__(self, package: str) -> None:
        lists = data_file(package, "codes.toml")
        self._sets = {name: frozenset(c.pop("codes")) for name, c in lists.items() if "codes" in c}
        self._meanings = {
            name: {int(code, 0): m["is"] if isinstance(m, dict) else m for code, m in codes.items()}
            for name, codes in lists.items()
        }

    def of(self, name: str) -> dict[int, str]:
        """Meaning of each code, in the order of the list."""
        return self._meanings[name]

    def set_of(self, name: str) -> frozenset[int]:
        """Codes of a list that has no meanings of its own."""
        return self._sets[name]

    def meaning(self, name: str, code: object) -> str | None:
        """What a code stands for; None where it is not known."""
        return self._meanings[name].get(code) if isinstance(code, int) else None
