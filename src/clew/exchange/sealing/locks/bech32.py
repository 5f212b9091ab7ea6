"""Bech32, as identities of age are written.

References:
    - BIP 173, Base32 address format for native v0-16 witness outputs

"""

_SIGNS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BITS = 5
"""Bits of a sign."""
_CHECKSUM = 6
"""Signs of the checksum."""


def decoded(text: str, prefix: str) -> bytes:
    """The bytes that a text stands for; ValueError where it is damaged or begins otherwise."""
    if text != text.upper() and text != text.lower():
        raise ValueError("upper and lower case are mixed")
    begins, _, rest = text.lower().rpartition("1")
    if begins != prefix or len(rest) < _CHECKSUM or set(rest) - set(_SIGNS):
        raise ValueError(f"it is no {prefix}")
    values = [_SIGNS.index(sign) for sign in rest]
    expanded = [ord(sign) >> 5 for sign in begins] + [0] + [ord(sign) & 31 for sign in begins]
    if _polymod([*expanded, *values]) != 1:
        raise ValueError("its checksum is wrong")
    return _octets(values[:-_CHECKSUM])


def _polymod(values: list[int]) -> int:
    found = 1
    for one in values:
        top = found >> 25
        found = (found & 0x1FFFFFF) << 5 ^ one
        for bit, term in enumerate(_GENERATOR):
            found ^= term if top >> bit & 1 else 0
    return found


def _octets(values: list[int]) -> bytes:
    """Groups of five bits as octets; what is left over is less than a group, and zero."""
    number = 0
    for one in values:
        number = number << _BITS | one
    over = _BITS * len(values) % 8
    if over >= _BITS or number & ((1 << over) - 1):
        raise ValueError("there are bits left over")
    return (number >> over).to_bytes(_BITS * len(values) // 8, "big")
