"""Where the signature of an HTML mail begins, if the program that wrote it has marked it.

Marks are the classes and ids that mail programs give to signatures, and a line of `-- ` (RFC 3676,
4.3). Only what ends the message is one: after a mark, words outside of it are the message's.
"""

from supportdesk.adapters.mail.quoted_history import begins_another_mail

MARK = "signature"
"""Class or id of what is marked, once it is cleaned."""
_NAMES = frozenset(
    (
        "applemailsignature",
        "gmail_signature",
        "gmail_signature_prefix",
        "moz-signature",
        "ms-outlook-mobile-signature",
        "protonmail_signature_block",
        "signature",
    )
)
_LONGEST_NAMES = 200
_ATTRIBUTES = (f'class="{MARK}"', f'id="{MARK}"')
# Nobody's words are folded because of an element that was never closed.
_MAX_PIECES = 60
_MAX_SIZE = 12_000


def mark_of(names: str) -> str | None:
    """What becomes of a class or an id: the mark of a signature, or nothing."""
    words = names[:_LONGEST_NAMES].lower().split()
    return MARK if any(word in _NAMES for word in words) else None


def is_marked(attributes: str) -> bool:
    return any(attribute in attributes for attribute in _ATTRIBUTES)


def is_dashes(text: str) -> bool:
    return len(text) <= _LONGEST_NAMES and text.replace("&nbsp;", " ").strip() == "--"


class SignatureWatch:
    """Is told of a message in its order; knows the one place where its signature may begin."""

    def __init__(self) -> None:
        self._has_words = False
        self._place = -1
        self._size = self._pieces = 0
        # How deep the marked elements are that are open.
        self._open: list[int] = []
        self._is_below_dashes = False
        self._is_dashes_line = False

    @property
    def is_inside(self) -> bool:
        return bool(self._open)

    @property
    def may_begin(self) -> bool:
        """Of several marks in a row the first one is meant; without words there is none."""
        return self._place < 0 and self._has_words

    def begins_at(self, place: int, size: int, pieces: int) -> None:
        self._place, self._size, self._pieces = place, size, pieces

    def opened(self, depth: int) -> None:
        self._open.append(depth)

    def closed(self, depth: int) -> None:
        if self._open and self._open[-1] == depth:
            self._open.pop()

    def dashes(self) -> None:
        """Two dashes begin a line, which is a mark if nothing else comes to stand in it."""
        self._is_below_dashes = self._is_dashes_line = self._place >= 0
        self._has_words = True

    def content(self, text: str = "", *, is_in_line: bool) -> None:
        """Words or a picture, perhaps in the same line as the ones before."""
        if (self._is_dashes_line and is_in_line) or begins_another_mail(text):
            self._is_below_dashes = False
        self._is_dashes_line = False
        if not (self._open or self._is_below_dashes):
            self._place = -1
        self._has_words = True

    def quote(self) -> None:
        """A quote or a rule: what follows is no signature, unless it is marked."""
        self._is_below_dashes = False

    def place(self, size: int, pieces: int) -> int:
        """Where it begins, now that the message ends; -1 when there is none for sure."""
        is_short = size - self._size <= _MAX_SIZE and pieces - self._pieces <= _MAX_PIECES
        return self._place if is_short else -1
