"""HTML mail for a QTextBrowser: safe, flat and light.

QTextBrowser takes minutes for nested tables, so tables become blocks, unless they hold figures;
blocks are never nested, depth, number and size are capped, and endless words get places to break.
Colours and sizes go, so that a dark theme stays readable and nothing can hide. What comes out is
divided into parts, each of them shown in a few milliseconds.

A link that is not what its words say is marked with where it really goes.
"""

import html
import re
from dataclasses import dataclass

from supportdesk.adapters.mail.html_cleaning import clean_html
from supportdesk.adapters.mail.html_flattener import MAX_OUTPUT, Flattener
from supportdesk.adapters.mail.html_images import ImageLedger
from supportdesk.adapters.mail.html_parts import light_pieces, with_breaks
from supportdesk.adapters.mail.html_survey import Survey
from supportdesk.domain.mail import PART_BREAK

_WORDS = re.compile(r"(?:^|>)[^<]*\w")


@dataclass(frozen=True, slots=True, kw_only=True)
class WashedHtml:
    """What a QTextBrowser may see of an HTML mail.

    Attributes:
        html: In parts divided by `PART_BREAK`; its images are `cid:ID` and `remote:N`.
        remote_images: The addresses behind `remote:N`; an empty one is a tracking image.
    """

    html: str
    remote_images: tuple[str, ...] = ()


class HtmlWash:
    """Washes the HTML parts of one message, whose images are numbered together."""

    def __init__(self) -> None:
        self._images = ImageLedger()

    @property
    def remote_images(self) -> tuple[str, ...]:
        return self._images.remote

    def wash(self, source: str) -> str:
        cleaned = clean_html(source)
        seen = len(self._images.remote)
        washed = self._flat(cleaned)
        if washed or not _WORDS.search(cleaned):
            return washed
        # Better what the sender hid than nothing at all.
        self._images.forget_after(seen)
        return self._flat(cleaned, shows_hidden=True)

    def _flat(self, cleaned: str, *, shows_hidden: bool = False) -> str:
        survey = Survey(shows_hidden=shows_hidden)
        survey.walk(cleaned)
        return Flattener(self._images, survey, shows_hidden=shows_hidden).flatten(cleaned)


def wash_html(source: str) -> WashedHtml:
    """Return HTML that QTextBrowser shows quickly and that can fetch nothing."""
    wash = HtmlWash()
    return WashedHtml(html=wash.wash(source), remote_images=wash.remote_images)


def escape_text(text: str) -> str:
    """Return plain text as HTML, in parts."""
    escaped = html.escape(text[:MAX_OUTPUT], quote=False)
    pieces = light_pieces(with_breaks(escaped))
    return PART_BREAK.join("<p>" + piece.replace("\n", "<br>\n") + "</p>" for piece in pieces)
