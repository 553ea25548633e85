"""Content-Transfer-Encoding undone piece by piece (RFC 2045, section 6): bytes in, bytes out.

Whatever the size of the whole, a decoder keeps less than one line. Broken input never raises: what
is no base64 is passed over, as every mail program does.
"""

import binascii
import re
from typing import Protocol

_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
)
_LONGEST_LINE = 64 * 1024
_UU_BEGIN = re.compile(rb"begin(-base64)? [0-7]{3,4} ")


class TransferDecoder(Protocol):
    """Fed in order, closed once."""

    def feed(self, data: bytes) -> bytes:
        """Add a piece and return what is decoded so far and was not returned yet."""
        ...

    def close(self) -> bytes:
        """Return what is left at the end."""
        ...

    @property
    def is_torn(self) -> bool:
        """True when it ended where it should not have: something is missing."""
        ...


def decoder_for(encoding: str) -> TransferDecoder:
    match encoding.strip().lower():
        case "base64":
            return Base64Decoder()
        case "quoted-printable":
            return QuotedPrintableDecoder()
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return UuDecoder()
        case _:
            return PlainDecoder()


class PlainDecoder:
    """7bit, 8bit, binary, and whatever nobody knows."""

    is_torn = False

    def feed(self, data: bytes) -> bytes:
        return data

    def close(self) -> bytes:
        return b""


class Base64Decoder:
    """Letters in groups of four; a `=` ends a run, and another run may follow."""

    def __init__(self) -> None:
        self._letters = b""
        self.is_torn = False

    def feed(self, data: bytes) -> bytes:
        runs = (self._letters + data.translate(None, _NOT_BASE64)).split(b"=")
        self._letters = runs.pop()
        done = b"".join(_whole_run(run) for run in runs if run)
        whole = len(self._letters) // 4 * 4
        decoded = binascii.a2b_base64(self._letters[:whole])
        self._letters = self._letters[whole:]
        return done + decoded

    def close(self) -> bytes:
        self.is_torn = bool(self._letters)
        rest, self._letters = self._letters, b""
        return _whole_run(rest)


def _whole_run(letters: bytes) -> bytes:
    """Decode letters that ended in `=`; a single one left over tells nothing."""
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


class QuotedPrintableDecoder:
    """Line by line, so that soft breaks and spaces at the end of a line are seen whole."""

    is_torn = False

    def __init__(self) -> None:
        self._line = b""

    def feed(self, data: bytes) -> bytes:
        whole, self._line = _whole_lines(self._line + data)
        return binascii.a2b_qp(whole)

    def close(self) -> bytes:
        rest, self._line = self._line, b""
        return binascii.a2b_qp(rest)


def _whole_lines(data: bytes) -> tuple[bytes, bytes]:
    end = data.rfind(b"\n") + 1
    if len(data) - end > _LONGEST_LINE:
        # A line without end: never cut within `=C3`.
        escape = data.rfind(b"=", len(data) - 2)
        end = escape if escape >= 0 else len(data)
    return data[:end], data[end:]


class UuDecoder:
    """What stands between `begin` and `end` (POSIX uuencode)."""

    def __init__(self) -> None:
        self._line = b""
        self._has_begun = False
        self._has_ended = False
        self.is_torn = False

    def feed(self, data: bytes) -> bytes:
        whole, self._line = _whole_lines(self._line + data)
        return b"".join(self._decoded(line) for line in whole.splitlines())

    def close(self) -> bytes:
        rest, self._line = self._line, b""
        decoded = self._decoded(rest.rstrip(b"\r\n")) if rest else b""
        self.is_torn = not self._has_ended
        return decoded

    def _decoded(self, line: bytes) -> bytes:
        if not self._has_begun:
            self._has_begun = bool(_UU_BEGIN.match(line))
            return b""
        if self._has_ended or line.rstrip() == b"end":
            self._has_ended = True
            return b""
        return _uu_line(line) if line else b""


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        return _uu_line_of_other_encoders(line)


def _uu_line_of_other_encoders(line: bytes) -> bytes:
    """Some leave out spaces at the end, some add a letter: the first letter tells the length."""
    if not 32 <= line[0] <= 96:
        return b""
    letters = (((line[0] - 32) & 63) * 4 + 5) // 3
    try:
        return binascii.a2b_uu(line[:letters].ljust(letters))
    except binascii.Error:
        return b""
