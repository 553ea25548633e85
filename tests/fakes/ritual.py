"""What the ritual asks of the outside of the window, recorded."""

from collections.abc import Callable
from typing import Protocol

from supportdesk.domain.errors import Problem
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, mail_key
from supportdesk.domain.search import FoundMail
from tests.fakes.phone_week_store import MemoryPhoneWeekStore
from tests.fakes.scroll_store import MemoryScrollStore
from tests.fakes.words_page import FakeWordsPage


class Recorder(Protocol):
    """Who writes down what was asked."""

    asked: list[str]
    problem: Problem | None


class FakeRitual:
    """RitualActs that answer at once."""

    def __init__(self, acts: Recorder) -> None:
        self._acts = acts
        self.scroll_store = MemoryScrollStore()
        self.words_page = FakeWordsPage()
        self.phone_week_store = MemoryPhoneWeekStore()
        self.filed: dict[str, FoundMail] = {}
        """By ledger key: what lies in mailboxes that nobody listens to."""
        self.unheard: dict[SourceName, Problem] = {}
        """Accounts that cannot be asked, and why."""
        self.is_slow = False
        self.answers: list[Callable[[], None]] = []

    def find_mail(
        self,
        account: SourceName,
        message_id: MessageId,
        done: Callable[[FoundMail | None, Problem | None], None],
    ) -> None:
        key = mail_key(account, message_id)
        self._acts.asked.append(f"find {key}")
        problem = self.unheard.get(account, self._acts.problem)

        def answer() -> None:
            done(None if problem else self.filed.get(key), problem)

        if self.is_slow:
            self.answers.append(answer)
        else:
            answer()

    def export_quotes(self, folder: str, done: Callable[[str, Problem | None], None]) -> None:
        self._acts.asked.append(f"export quotes to {folder}")
        done(f"All kept words are in {folder}.", self._acts.problem)
