"""What stands for a link in a shown document."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument

_LONGEST = 500
_MOST_PIECES = 20_000


def words_of_link(document: QTextDocument, url: str) -> str:
    """The words of every link to this address, a line each: the same one may stand there twice."""
    wanted = QUrl(url)
    found: list[str] = []
    is_open = False
    block = document.begin()
    pieces = 0
    while block.isValid() and pieces < _MOST_PIECES:
        place = block.begin()
        while not place.atEnd():
            pieces += 1
            fragment = place.fragment()
            place += 1
            form = fragment.charFormat()
            if not (form.isAnchor() and QUrl(form.anchorHref()) == wanted):
                is_open = False
            elif is_open:
                found[-1] += fragment.text()
            else:
                found.append(fragment.text())
                is_open = True
        is_open = False
        block = block.next()
    return "\n".join(found)[:_LONGEST]
