"""What the controllers of the ritual ask of the rest of the app; `Acts.ritual` is one."""

from collections.abc import Callable
from typing import Protocol

from supportdesk.domain.errors import Problem
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId
from supportdesk.domain.search import FoundMail
from supportdesk.services.morning_scroll import ScrollStore
from supportdesk.services.phone_week_store import PhoneWeekStore
from supportdesk.ui.controllers.words_page_acts import WordsPageActs


class RitualActs(Protocol):
    """Each returns at once; what comes of it comes through the callback."""

    def export_quotes(self, folder: str, done: Callable[[str, Problem | None], None]) -> None:
        """Write all kept words and lessons into this folder, as Markdown and JSON."""
        ...

    def find_mail(
        self,
        account: SourceName,
        message_id: MessageId,
        done: Callable[[FoundMail | None, Problem | None], None],
    ) -> None:
        """Look for a mail in all mailboxes of this account, also those that nobody listens to."""
        ...

    @property
    def scroll_store(self) -> ScrollStore:
        """Keeps the place in the morning scroll."""
        ...

    @property
    def phone_week_store(self) -> PhoneWeekStore:
        """Keeps who is on the phones in which week."""
        ...

    @property
    def words_page(self) -> WordsPageActs:
        """What the page of a week needs."""
        ...
