"""Answering as the window sees it: drafts in memory, messages that go where a test puts them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from supportdesk.domain.answers import Draft, DraftId, DraftVersion
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessageSummary
from supportdesk.domain.sending import Outgoing, SendState
from supportdesk.domain.settings import Settings
from supportdesk.services.collisions import News
from supportdesk.services.outbox_words import Unsent, unsent_of
from tests.fakes.answers import an_outgoing

NO_SERVER = Problem(title="Support has no server to send through", advice="Enter it.")
_WRITING = SendState.WRITING


class FakeAnswering:
    """Implements the ui's `Answering`; what it was asked for stands in `asked`."""

    def __init__(self, now: Callable[[], datetime], settings: Callable[[], Settings]) -> None:
        self._now = now
        self._settings = settings
        self._drafts: dict[DraftId, Draft] = {}
        self._outgoing: dict[DraftId, Outgoing] = {}
        self.problem: Problem | None = None
        self.full: StoreError | None = None
        self.troubles: dict[DraftId, Problem] = {}
        self.news: dict[DraftId, News] = {}
        self.earlier: dict[DraftId, Sequence[DraftVersion]] = {}
        self.asked: list[str] = []
        self.heads_asked: list[MessageId] = []
        self.attended: MessageSummary | None = None
        self.has_heads = True
        self.moved: Callable[[DraftId], None] = lambda _id: None

    def put(self, draft_id: DraftId, state: SendState, **more: object) -> None:
        """It is in this state from now on."""
        draft = self._drafts[draft_id]
        known = replace(
            an_outgoing(draft_id, state, self._now()),
            account=draft.account,
            message_id=draft.message_id,
            answers=draft.answers,
        )
        self._outgoing[draft_id] = replace(known, **more)  # type: ignore[arg-type]  # any field
        self.moved(draft_id)

    def why_not(self, account: SourceName) -> Problem | None:
        mail = (one for one in self._settings().mail if one.name == account)
        has_server = any(one.smtp is not None for one in mail)
        return self.problem if has_server else NO_SERVER

    def begin(self, draft: Draft) -> None:
        if self.full is not None:
            raise self.full
        self._drafts[draft.draft_id] = draft

    def typed(self, draft: Draft) -> None:
        if draft.draft_id in self._drafts:
            self._drafts[draft.draft_id] = draft

    def close(self, draft_id: DraftId) -> None:
        self.asked.append("close")

    def drop(self, draft_id: DraftId) -> None:
        self._drafts.pop(draft_id, None)
        self._outgoing.pop(draft_id, None)
        self.asked.append("drop")

    def trouble(self, draft_id: DraftId) -> Problem | None:
        return self.troubles.get(draft_id)

    def draft(self, draft_id: DraftId) -> Draft | None:
        return self._drafts.get(draft_id)

    def drafts(self) -> Sequence[Draft]:
        sent = {one.draft_id for one in self._outgoing.values() if one.state is not _WRITING}
        written = [one for one in self._drafts.values() if one.draft_id not in sent]
        return sorted(written, key=lambda one: one.changed_at, reverse=True)

    def versions(self, draft_id: DraftId) -> Sequence[DraftVersion]:
        return self.earlier.get(draft_id, ())

    def what_is_new(self, draft_id: DraftId) -> News:
        return self.news.get(draft_id, ())

    def fetch_head(self, message: MessageSummary) -> bool:
        self.heads_asked.append(message.message_id)
        return self.has_heads

    def attend(self, message: MessageSummary | None) -> None:
        self.attended = message

    def outgoing(self, draft_id: DraftId) -> Outgoing | None:
        return self._outgoing.get(draft_id)

    def unsent(self) -> Sequence[Unsent]:
        told = (
            unsent_of(one, self._drafts.get(one.draft_id), one.problem, has_looked=True)
            for one in self._outgoing.values()
        )
        return [one for one in told if one is not None and one.state is not SendState.COUNTING]

    def counting(self) -> Sequence[DraftId]:
        return [one.draft_id for one in self._outgoing.values() if one.state is SendState.COUNTING]

    def seconds_left(self, draft_id: DraftId) -> float:
        return 8.0

    def send(self, draft_id: DraftId) -> None:
        self._asked("send", draft_id, SendState.COUNTING)

    def undo(self, draft_id: DraftId) -> None:
        self._asked("undo", draft_id, SendState.WRITING)

    def send_now(self, draft_id: DraftId) -> None:
        self._asked("send now", draft_id, SendState.FREEZING)

    def send_anyway(self, draft_id: DraftId) -> None:
        self._asked("send anyway", draft_id, SendState.CHECKING)

    def add_to_mine(self, draft_id: DraftId) -> None:
        self._asked("add to mine", draft_id, SendState.WRITING)

    def edit(self, draft_id: DraftId) -> None:
        self._asked("edit", draft_id, SendState.WRITING)

    def again(self, draft_id: DraftId) -> None:
        self._asked("again", draft_id, SendState.WAITING)

    def it_has_gone(self, draft_id: DraftId) -> None:
        self._asked("it has gone", draft_id, SendState.SENT)

    def look_again(self, draft_id: DraftId) -> None:
        self.asked.append("look again")

    def give_up(self, draft_id: DraftId) -> None:
        self.asked.append("give up")
        self._drafts.pop(draft_id, None)
        self._outgoing.pop(draft_id, None)
        self.moved(draft_id)

    def _asked(self, words: str, draft_id: DraftId, state: SendState) -> None:
        self.asked.append(words)
        self.put(draft_id, state)
