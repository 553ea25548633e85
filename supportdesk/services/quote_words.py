"""A kept quote for the clipboard: as text or as Markdown, with the name shown or masked.

A masked one says neither who it was nor where it stands: a link to the source would tell.
"""

from collections.abc import Iterator
from datetime import datetime

from supportdesk.domain.app_links import link_to
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.voices import Quote
from supportdesk.domain.words_page import Passage
from supportdesk.services.masking import A_CUSTOMER
from supportdesk.services.naming import Naming
from supportdesk.services.passage_lines import source_of
from supportdesk.services.said_where import said_where
from supportdesk.services.words_markdown import escaped, quote_markdown
from supportdesk.services.words_text import passage_text


def copied_text(quote: Quote, to_local: ToLocal, now: datetime, naming: Naming) -> str:
    """The words in quotation marks, and below them who said them, where and when."""
    return passage_text(_passage(quote, to_local, now, naming)) + "\n"


def copied_markdown(quote: Quote, to_local: ToLocal, now: datetime, naming: Naming) -> str:
    """The words as a block quote; what is shown with its name leads back to its source."""
    passage = _passage(quote, to_local, now, naming)
    return "\n\n".join(_parts(passage, "" if naming.is_masked else quote.item)) + "\n"


def _parts(passage: Passage, item: str) -> Iterator[str]:
    yield quote_markdown(passage.words)
    by, about = (escaped(part) for part in source_of(passage))
    if item:
        about = f"[{about}]({link_to(item)})"
    yield f"— {by}, {about}"


def _passage(quote: Quote, to_local: ToLocal, now: datetime, naming: Naming) -> Passage:
    where = said_where(
        quote.item, quote.said_at, to_local, now=now, talk_seconds=quote.talk_seconds
    )
    words = naming.words(quote.words, quote.who, quote.contact)
    by = naming.name(quote.who, quote.contact) or quote.contact or A_CUSTOMER
    return Passage(words=words, by=by, about=where)
