"""How far archives are opened: what a bomb costs is what stands here."""

import msgspec

from clew.errors import UsageError


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """Limits on what comes out of one file of the evidence and all archives within it.

    Whatever reaches one is reported as ``limit:`` and its name, with what came out until then, and
    everything beside it goes on. They can be changed for an exhibit, which the custody log shows.
    """

    depth: int = 8
    """Archives within archives that are opened."""
    members: int = 1_000_000
    """Members of one archive."""
    root_members: int = 5_000_000
    """Members of all archives within one file."""
    member_bytes: int = 64 << 30
    """Bytes of one member."""
    total_bytes: int = 100 << 30
    """Bytes out of one file, or 20 times its size where that is more."""
    ratio: int = 250
    """Bytes out for each byte in, beyond the first ``ratio_from`` bytes of a member."""
    ratio_from: int = 1 << 20
    root_ratio: int = 100
    """Bytes out for each byte of the whole file, beyond the first ``root_ratio_from``."""
    root_ratio_from: int = 1 << 30

    def total(self, size: int) -> int:
        """Bytes that may come out of a file of this size."""
        swollen = max(self.root_ratio_from, self.root_ratio * size)
        return min(max(self.total_bytes, 20 * size), swollen)


def bounds_from(settings: tuple[str, ...]) -> Bounds:
    """Bounds with some changed, each as ``name=number``; UsageError where one is unknown."""
    names = Bounds.__struct_fields__
    changed: dict[str, int] = {}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name not in names or not value.isascii() or not value.isdigit() or not int(value):
            raise UsageError(
                f"--limit {setting} is no limit",
                do=f"Write NAME=NUMBER, with a name of: {', '.join(names)}.",
            )
        changed[name] = int(value)
    return Bounds(**changed)
