"""An outbox with an inbox, clocks and a worker that are moved by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from supportdesk.adapters.clock import SystemClock
from supportdesk.domain.answers import AnswerKind, Draft, DraftId
from supportdesk.domain.errors import Problem
from supportdesk.domain.events import Event, MessagesArrived
from supportdesk.domain.mail import (
    Conversation,
    MessageAddress,
    MessageId,
    MessageSummary,
    mail_key,
)
from supportdesk.domain.send_events import (
    AnswerFlagged,
    CopyFiled,
    SendAccepted,
    SendFailed,
    SendFrozen,
    SendMarked,
    SendPoised,
    SentLookedFor,
    ThreadChecked,
)
from supportdesk.domain.sending import Outgoing, SendState
from supportdesk.services.drafts import Drafts
from supportdesk.services.inbox import Inbox
from supportdesk.services.outbox import Outbox
from supportdesk.services.outbox_waits import Moment
from supportdesk.services.send_commands import CheckThread, SendCommand
from supportdesk.services.send_steps import Commands, InboxView
from tests.fakes.answer_store import MemoryAnswerStore
from tests.fakes.answers import AT, HERE, SUPPORT, a_draft
from tests.fakes.happenings import a_message
from tests.fakes.stores import MemoryDeskStore

UNDO_SECONDS = 10.0
ONE = DraftId("one")
DOWN = Problem(title="The server is down", advice="It is tried again.", sort="ConnectionLost")
PLACE = MessageAddress(mailbox="Sent", uidvalidity=3, uid=8)
QUESTION = a_message(42, at=AT, message_id="<question@customer.example>", who="Jana")


class RigClock(SystemClock):
    """Both clocks go on by hand, and the wall clock can be set."""

    def __init__(self) -> None:
        self.at = AT
        self.seconds = 1_000.0

    def now(self) -> datetime:
        return self.at

    def monotonic_seconds(self) -> float:
        return self.seconds

    def go_on(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.seconds += seconds


class OutboxRig:
    """`done` has all commands in order; a new run on the same store begins with `restart`."""

    def __init__(self, store: MemoryAnswerStore | None = None) -> None:
        self.store = store or MemoryAnswerStore()
        self.clock = RigClock()
        self.inbox = Inbox(MemoryDeskStore())
        self.done: list[SendCommand] = []
        self.arrive(QUESTION)
        self.new_run()

    def new_run(self, installation: str = HERE) -> None:
        """A kill, and a start: nothing but the store is left."""
        self.drafts = Drafts(self.store, self.clock)
        self.outbox = Outbox(
            self.store,
            self.drafts,
            InboxView(conversation=self._conversation, message=self.inbox.message),
            installation=installation,
            new_message_id=lambda draft: MessageId(draft.message_id.replace("<", "<new-")),
            chance=lambda: 0.0,
        )
        self.outbox.use([SUPPORT])

    def _conversation(self, key: str) -> Conversation | None:
        return self.inbox.conversation(key)

    def restart(self, installation: str = HERE) -> Commands:
        self.new_run(installation)
        return self.take(self.outbox.restore(self.now))

    @property
    def now(self) -> Moment:
        return Moment(at=self.clock.at, seconds=self.clock.seconds)

    def take(self, commands: Commands) -> Commands:
        self.done.extend(commands)
        return commands

    def arrive(self, *messages: MessageSummary) -> None:
        """Folded into the inbox; the outbox is told by `tell`."""
        event = MessagesArrived(account=SUPPORT, messages=messages, at=self.clock.at)
        self.inbox.apply(event, self.clock.at)

    def tell(self, event: Event) -> Commands:
        return self.take(self.outbox.apply(event, self.now))

    def wait(self, seconds: float) -> Commands:
        self.clock.go_on(seconds)
        return self.take(self.outbox.due(self.now))

    def row(self, draft_id: DraftId = ONE) -> Outgoing:
        row = self.outbox.outgoing(draft_id)
        assert row is not None
        return row

    def state(self, draft_id: DraftId = ONE) -> SendState:
        return self.row(draft_id).state

    def states(self) -> Sequence[str]:
        return self.store.states_of(ONE)

    # --- a message on its way ------------------------------------------------------------

    def written(self, name: str = "one", kind: AnswerKind = AnswerKind.REPLY) -> Draft:
        draft = replace(a_draft(name), kind=kind, base=frozenset({QUESTION.key}))
        self.drafts.begin(draft)
        return draft

    def sent(self, name: str = "one", kind: AnswerKind = AnswerKind.REPLY) -> DraftId:
        """The founder has clicked; it counts."""
        draft_id = self.written(name, kind).draft_id
        self.take(self.outbox.send(draft_id, UNDO_SECONDS, self.now))
        return draft_id

    def checking(self, name: str = "one", kind: AnswerKind = AnswerKind.REPLY) -> DraftId:
        """It is counted down and frozen; its mark is asked for."""
        draft_id = self.sent(name, kind)
        self.wait(UNDO_SECONDS)
        self.tell(SendFrozen(account=SUPPORT, draft_id=draft_id, wire_bytes=1_000))
        return draft_id

    def token(self) -> str:
        """Of the last look into the thread."""
        return [one.token for one in self.done if isinstance(one, CheckThread)][-1]

    def checked(self, problem: Problem | None = None) -> Commands:
        return self.tell(ThreadChecked(account=SUPPORT, token=self.token(), problem=problem))

    def marked(self, draft_id: DraftId = ONE, others: tuple[str, ...] = ()) -> Commands:
        mark = "" if others else "$SD-sending-anna-1234"
        event = SendMarked(account=SUPPORT, draft_id=draft_id, mark=mark, others=others)
        return self.tell(event)

    def trying(self, name: str = "one") -> DraftId:
        draft_id = self.checking(name)
        self.marked(draft_id)
        self.checked()
        return draft_id

    def poised(self, name: str = "one") -> DraftId:
        draft_id = self.trying(name)
        self.tell(SendPoised(account=SUPPORT, draft_id=draft_id))
        return draft_id

    def accepted(self, name: str = "one") -> DraftId:
        """The server has it; its copy is being filed."""
        draft_id = self.poised(name)
        self.tell(SendAccepted(account=SUPPORT, draft_id=draft_id))
        return draft_id

    def filed(self, name: str = "one") -> DraftId:
        draft_id = self.accepted(name)
        self.tell(CopyFiled(account=SUPPORT, draft_id=draft_id, place=PLACE))
        return draft_id

    def finished(self, name: str = "one") -> DraftId:
        draft_id = self.filed(name)
        self.tell(AnswerFlagged(account=SUPPORT, draft_id=draft_id))
        return draft_id

    def fail(
        self,
        draft_id: DraftId = ONE,
        problem: Problem = DOWN,
        refused: tuple[tuple[str, str], ...] = (),
        *,
        is_final: bool = False,
    ) -> Commands:
        event = SendFailed(
            account=SUPPORT,
            draft_id=draft_id,
            problem=problem,
            refused=refused,
            is_final=is_final,
        )
        return self.tell(event)

    def looked(self, draft_id: DraftId = ONE, place: MessageAddress | None = None) -> Commands:
        return self.tell(SentLookedFor(account=SUPPORT, draft_id=draft_id, place=place))


def key_of(message_id: str) -> str:
    return mail_key(SUPPORT, MessageId(message_id))
