"""Compressed RTF (MS-OXRTFCP), as Outlook puts it into winmail.dat; never more than a limit."""

MAX_UNPACKED = 4_000_000

_COMPRESSED = b"LZFu"
_PLAIN = b"MELA"
_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_WINDOW = 4096


def unpack_rtf(packed: bytes) -> bytes:
    """Return the RTF; what is there of it when the end is missing."""
    kind = packed[8:12]
    if kind == _PLAIN:
        return packed[16 : 16 + MAX_UNPACKED]
    if kind != _COMPRESSED:
        return packed[:MAX_UNPACKED] if packed.startswith(b"{\\rtf") else b""
    size = min(int.from_bytes(packed[4:8], "little"), MAX_UNPACKED)
    return _inflated(packed[16:], size)


def _inflated(packed: bytes, size: int) -> bytes:
    """Undo the LZ77: a bit for each token says a letter, or a place and a length in the window."""
    window = bytearray(_START.ljust(_WINDOW, b"\0"))
    write = len(_START)
    out = bytearray()
    at = 0
    while at < len(packed) and len(out) < size:
        control = packed[at]
        at += 1
        for bit in range(8):
            if control >> bit & 1:
                token = packed[at : at + 2]
                at += 2
                place = int.from_bytes(token) >> 4
                if len(token) < 2 or place == write:
                    return bytes(out)
                # Letter by letter: it may reach into what it is just writing.
                for n in range((token[1] & 15) + 2):
                    letter = window[(place + n) % _WINDOW]
                    window[write] = letter
                    write = (write + 1) % _WINDOW
                    out.append(letter)
            else:
                if at >= len(packed):
                    return bytes(out)
                letter = packed[at]
                at += 1
                window[write] = letter
                write = (write + 1) % _WINDOW
                out.append(letter)
    return bytes(out)
