"""A HEIC as bytes: one frame by FFmpeg's HEVC encoder, in a container written by hand.

The boxes are those of ISO/IEC 23008-12 (HEIF) for one coded item; the configuration is that of
ISO/IEC 14496-15, which FFmpeg writes into the ``hvcC`` of an MP4.
"""

import io
from struct import pack

import av
from PIL import Image


def box(name: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return pack(">I", 8 + len(content)) + name + content


def full(name: bytes, version: int, *parts: bytes) -> bytes:
    return box(name, bytes([version, 0, 0, 0]), *parts)


def coded(image: Image.Image) -> tuple[bytes, bytes]:
    """The configuration of the decoder, and the frame in units with their lengths."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as film:
        stream = film.add_stream("libx265", rate=1, options={
            "x265-params": "log-level=none:lossless=1:keyint=1:pools=1:frame-threads=1",
        })  # fmt: skip
        stream.width, stream.height, stream.pix_fmt = *image.size, "yuv420p"
        film.mux(stream.encode(av.VideoFrame.from_image(image)))
        film.mux(stream.encode())
    whole = out.getvalue()
    at = whole.index(b"hvcC")
    size = int.from_bytes(whole[at - 4 : at])
    with av.open(io.BytesIO(whole)) as film:
        frame = b"".join(bytes(packet) for packet in film.demux(video=0) if packet.size)
    return whole[at + 4 : at - 4 + size], frame


def heic(image: Image.Image, turned: int = 0) -> bytes:
    """A picture as HEIC; ``turned`` are quarters counter-clockwise that a reader has to turn it."""
    configuration, frame = coded(image)
    properties = [box(b"hvcC", configuration), full(b"ispe", 0, pack(">II", *image.size))]
    if turned:
        properties.append(box(b"irot", bytes([turned])))
    named = bytes([len(properties), *(n + 1 | 0x80 for n in range(len(properties)))])
    kind = box(b"ftyp", b"heic", pack(">I", 0), b"mif1heic")

    def meta(offset: int) -> bytes:
        return full(
            b"meta", 0,
            full(b"hdlr", 0, bytes(4), b"pict", bytes(13)),
            full(b"pitm", 0, pack(">H", 1)),
            full(b"iloc", 0, b"\x44\x00", pack(">HHHHII", 1, 1, 0, 1, offset, len(frame))),
            full(b"iinf", 0, pack(">H", 1), full(b"infe", 2, pack(">HH", 1, 0), b"hvc1\0")),
            box(b"iprp", box(b"ipco", *properties),
                full(b"ipma", 0, pack(">IH", 1, 1), named)),
        )  # fmt: skip

    offset = len(kind) + len(meta(0)) + 8
    return kind + meta(offset) + box(b"mdat", frame)
