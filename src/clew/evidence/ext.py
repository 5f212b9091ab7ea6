"""Which files of an ext file system are encrypted: the Sleuth Kit would give out their cipher text.

References:
    - Linux kernel, Documentation/filesystems/ext4: super block, group descriptors, inode table

"""

import struct

from clew.evidence.media import Media

_SUPER = 1024
_FEATURE_64BIT, _FEATURE_ENCRYPT = 0x80, 0x10000
_FLAG_ENCRYPT = 0x800
_OLD_DESCRIPTOR = 32
_WITH_HIGH_HALF = 64


class Encrypted:
    """Tells of an inode whether its content is encrypted; reads nothing where no file can be."""

    def __init__(self, media: Media, offset: int) -> None:
        self._media, self._offset = media, offset
        head = media.read(offset + _SUPER, 264).ljust(264, b"\0")
        (self._first, shift) = struct.unpack_from("<I4x", head, 20)[0], head[24]
        self._block = 1024 << min(shift, 6)
        (self._per_group,) = struct.unpack_from("<I", head, 40)
        (self._inode_size,) = struct.unpack_from("<H", head, 88)
        (features,) = struct.unpack_from("<I", head, 96)
        (wide,) = struct.unpack_from("<H", head, 254)
        self._descriptor = (
            max(wide, _OLD_DESCRIPTOR) if features & _FEATURE_64BIT else _OLD_DESCRIPTOR
        )
        self._possible = bool(features & _FEATURE_ENCRYPT and self._per_group and self._inode_size)

    def holds(self, inode: int) -> bool:
        """Whether the content of this inode is encrypted."""
        if not self._possible or inode < 1:
            return False
        group, index = divmod(inode - 1, self._per_group)
        table = (self._first + 1) * self._block + group * self._descriptor
        descriptor = self._media.read(self._offset + table, self._descriptor)
        if len(descriptor) < self._descriptor:
            return False
        (start,) = struct.unpack_from("<I", descriptor, 8)
        if self._descriptor >= _WITH_HIGH_HALF:
            start |= struct.unpack_from("<I", descriptor, 40)[0] << 32
        at = self._offset + start * self._block + index * self._inode_size
        found = self._media.read(at, 36)
        # to the end of the flags
        return len(found) == 36 and bool(struct.unpack_from("<I", found, 32)[0] & _FLAG_ENCRYPT)
