"""Kept words (F70, F71): verbatim, with who said them and where they stand, and found again.

Nothing is read from desk.db before the first question: a quiet tray asks none. What is asked of one
mail or one person is read by itself, until all of them are asked for.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from supportdesk.domain.folding import bare, spellings
from supportdesk.domain.voices import Felt, Quote
from supportdesk.services.lessons import Lessons, contact_of
from supportdesk.services.typed_lines import TypedLines
from supportdesk.services.voice_store import VoiceStore


class Voices:
    """All quotes, the newest kept first. What writes raises StoreError."""

    def __init__(self, store: VoiceStore, normalise: Callable[[str], str] = str) -> None:
        """`normalise`: a number in one normal form; "" for a withheld one."""
        self._store = store
        self._normalise = normalise
        self._known: dict[str, Quote] | None = None
        self._newest: tuple[Quote, ...] | None = None
        self._searched: dict[str, str] = {}
        self._of_item: dict[str, dict[str, None]] = {}
        self._of_contact: dict[str, dict[str, None]] = {}
        self.lessons = Lessons(store, normalise)
        self.typed = TypedLines(store, normalise)

    def read_again(self) -> None:
        """What desk.db holds was changed behind our back: it is read at the next question."""
        self._known = None
        self.lessons.read_again()
        self.typed.read_again()

    # --- what is known ------------------------------------------------------------------

    def quote(self, key: str) -> Quote | None:
        return self._quotes.get(key)

    def search(
        self,
        words: str = "",
        *,
        contacts: Iterable[str] | None = None,
        felt: Felt | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> tuple[Quote, ...]:
        """Quotes with all of this.

        Args:
            words: In the quote, its note or its name: whole words or their beginnings, without
                case and accents. Empty: any.
            contacts: The addresses and numbers of a person; None: anybody's.
            felt: None: however they felt.
            since: Kept at this moment or later.
            until: Kept before this moment.
        """
        quotes = self._all_newest() if contacts is None else self.of_person(contacts)
        wanted = [bare(one).split() for one in spellings(words)]
        is_any = not all(wanted)
        if is_any and felt is None and since is None and until is None:
            return quotes
        return tuple(
            quote
            for quote in quotes
            if (felt is None or quote.felt is felt)
            and (since is None or quote.kept_at >= since)
            and (until is None or quote.kept_at < until)
            and (is_any or self._has_words(quote, wanted))
        )

    def of_item(self, item: str) -> tuple[Quote, ...]:
        """What was kept of this mail or call; asked for each message that is opened."""
        if self._known is None:
            return _newest_first(self._store.quotes_of(item))
        return _newest_first(self._known[key] for key in self._of_item.get(item, ()))

    def of_person(self, contacts: Iterable[str]) -> tuple[Quote, ...]:
        """What was kept of whoever has these addresses and numbers."""
        asked = {contact_of(one, self._normalise) for one in contacts} - {""}
        known = self._known
        if known is None:
            return _newest_first(quote for one in asked for quote in self._store.quotes_by(one))
        keys = (key for one in asked for key in self._of_contact.get(one, ()))
        return _newest_first(known[key] for key in keys)

    # --- the founder's acts -------------------------------------------------------------

    def keep(
        self,
        words: str,
        *,
        item: str = "",
        who: str,
        contact: str = "",
        said_at: datetime,
        now: datetime,
        talk_seconds: float | None = None,
    ) -> Quote:
        """Keep these words as they are. Kept once more from the same place they stay one quote."""
        quotes = self._quotes
        if item:
            for key in self._of_item.get(item, ()):
                if quotes[key].words == words:
                    return quotes[key]
        from uuid import uuid4  # as in domain/reading

        quote = Quote(
            key=f"quote/{uuid4()}",
            words=words,
            item=item,
            who=who,
            contact=contact_of(contact, self._normalise),
            said_at=said_at,
            kept_at=now,
            talk_seconds=talk_seconds,
        )
        self.put(quote)
        return quote

    def put(self, quote: Quote) -> None:
        """Keep it as it is: one that was removed or changed and is taken back."""
        known = self._quotes
        self._store.save_quote(quote)
        self._index(known, quote)

    def set_felt(self, key: str, felt: Felt | None) -> Quote | None:
        """What it was before, to be put back; None when nothing changes."""
        quote = self._quotes.get(key)
        if quote is None or quote.felt is felt:
            return None
        self.put(replace(quote, felt=felt))
        return quote

    def edit_note(self, key: str, note: str) -> Quote | None:
        """What it was before, to be put back; None when nothing changes."""
        quote = self._quotes.get(key)
        if quote is None or quote.note == note:
            return None
        self.put(replace(quote, note=note))
        return quote

    def remove(self, key: str) -> Quote | None:
        """What was removed, to be put back."""
        quote = self._quotes.get(key)
        if quote is not None:
            self._store.remove_quote(key)
            self._newest = None
            del self._quotes[key]
            del self._of_item[quote.item][key]
            del self._of_contact[quote.contact][key]
        return quote

    # --- inside -------------------------------------------------------------------------

    @property
    def _quotes(self) -> dict[str, Quote]:
        if self._known is None:
            found = self._store.quotes()
            self._known, self._newest = {}, None
            self._searched.clear()
            self._of_item.clear()
            self._of_contact.clear()
            for quote in found:
                self._index(self._known, quote)
        return self._known

    def _all_newest(self) -> tuple[Quote, ...]:
        """Asked for with each letter that is typed into the search."""
        quotes = self._quotes
        if self._newest is None:
            self._newest = _newest_first(quotes.values())
        return self._newest

    def _has_words(self, quote: Quote, spelled: Iterable[list[str]]) -> bool:
        """All of them, in one of their spellings."""
        text = self._searched.get(quote.key)
        if text is None:
            text = bare(f"{quote.words} {quote.note} {quote.who} {quote.contact}")
            self._searched[quote.key] = text
        for words in spelled:
            for word in words:
                if word not in text:
                    break
            else:
                return True
        return False

    def _index(self, known: dict[str, Quote], quote: Quote) -> None:
        self._newest = None
        self._searched.pop(quote.key, None)
        known[quote.key] = quote
        self._of_item.setdefault(quote.item, {})[quote.key] = None
        self._of_contact.setdefault(quote.contact, {})[quote.key] = None


def _newest_first(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    return tuple(sorted(quotes, key=lambda one: (one.kept_at, one.key), reverse=True))
