"""Which message is on show, its conversation and its text; also for mail the desk does not hold."""

from collections.abc import Sequence
from dataclasses import replace

from supportdesk.domain.events import MessageTextFetched
from supportdesk.domain.health import Hearing, SourceHealth
from supportdesk.domain.mail import Conversation, MessageSummary, MessageText
from supportdesk.domain.waiting import in_order, is_from_customer, without_prefixes
from supportdesk.services.desk import Desk
from supportdesk.services.reading_clock import ReadMessage
from supportdesk.ui.controllers.acts import Acts

_READ_HERE = "read here"
"""What `Inbox.why_handled` says of a message that the founder has had open."""


class OpenMessage:
    """At most one message is open. What is known of it stays when it leaves the mailbox."""

    def __init__(self, desk: Desk, acts: Acts) -> None:
        self._desk = desk
        self._acts = acts
        self._asked_while: SourceHealth | None = None
        self._older: tuple[MessageSummary, ...] = ()
        self._is_old = False
        self.message: MessageSummary | None = None
        self.conversation: Conversation | None = None
        self.text: MessageText | None = None
        self.problem = ""
        self.is_gone = False
        self.new: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        return self.message.key if self.message is not None else ""

    def open(self, message: MessageSummary, text: MessageText | None = None) -> None:
        """Show this one; the same one again only asks for a text that is not here yet.

        A `text` that came with it is asked of nobody.
        """
        is_same = message.key == self.key
        is_near = self.conversation is not None and message.key in _keys(self.conversation)
        self.message = message
        if not is_same:
            self.text, self.problem, self.is_gone = None, "", False
        if not is_near:
            self.new = frozenset()
            self._older = self._older_than_the_desk(message)
        self._is_old = self._desk.inbox.message(message.key) is None
        self._find_conversation(message)
        self._note_new()
        self.text = text or self.text
        if self.text is None:
            self.ask_for_text()

    def close(self) -> None:
        self.message = self.conversation = self.text = None
        self.problem, self.is_gone, self._is_old = "", False, False
        self.new, self._older = frozenset(), ()

    def look_again(self) -> None:
        """Take over what the desk knows now."""
        if self.message is None:
            return
        known = self._desk.inbox.message(self.message.key)
        if known is not None:
            self.message, self.is_gone, self._is_old = known, False, False
            self._find_conversation(known)
            self._note_new()
        elif not self._is_old:
            self.is_gone = True
        self._ask_when_heard()

    def take_text(self, event: MessageTextFetched) -> bool:
        """False when it is for another message."""
        message = self.message
        if message is None or (event.account, event.message_id) != (
            message.account,
            message.message_id,
        ):
            return False
        self.text, self.problem = event.text, event.problem
        return True

    def ask_for_text(self) -> None:
        message = self.message
        if message is None:
            return
        self.problem = ""
        self._asked_while = self.health()
        self.text = self._acts.cached_text(message)
        if self.text is None:
            self._acts.fetch_text(message)

    def health(self) -> SourceHealth | None:
        """How well the account of the message is heard."""
        return self._desk.health.health(self.message.account) if self.message else None

    def owns(self, target: str) -> bool:
        """The target is a message of the conversation on show."""
        return self.conversation is not None and target in _keys(self.conversation)

    def summary(self, key: str) -> MessageSummary | None:
        """A message of the conversation on show, or one that the desk knows."""
        mine = self.conversation.messages if self.conversation is not None else ()
        known = next((one for one in mine if one.key == key), None)
        return self._desk.inbox.message(key) or known

    def as_read(self, message: MessageSummary) -> ReadMessage:
        """What the reading clock must know: the open message alone, not its conversation."""
        text = self.text
        return ReadMessage(
            key=message.key,
            label=f"{message.sender.label}: {message.subject}",
            words=text.words if text else 0,
            images=text.images if text else 0,
            is_robot=message.is_robot,
        )

    # --- inside ------------------------------------------------------------------------

    def _find_conversation(self, message: MessageSummary) -> None:
        known = self._desk.inbox.conversation(message.key)
        if known is None:
            known = _conversation_of((*self._older, message), message)
        elif self._older:
            known = replace(known, messages=_joined(self._older, known.messages))
        self.conversation = known

    def _older_than_the_desk(self, message: MessageSummary) -> tuple[MessageSummary, ...]:
        """What mail.db has of the thread beyond what the desk holds."""
        inbox = self._desk.inbox
        found = self._acts.cached_conversation(message.account, message.message_id)
        return tuple(one for one in found if inbox.message(one.key) is None)

    def _note_new(self) -> None:
        """What came unread at the end of the thread stays marked while it is on show."""
        conversation = self.conversation
        if conversation is None or not conversation.is_unread_by_me:
            return
        inbox = self._desk.inbox
        fresh = set(self.new)
        for message in reversed(conversation.messages):
            is_theirs = not (message.is_ours or message.is_sent_copy)
            if is_theirs and inbox.why_handled(message.key) == _READ_HERE:
                break
            if not is_theirs:
                break
            fresh.add(message.key)
        self.new = frozenset(fresh)

    def _ask_when_heard(self) -> None:
        """Whoever was asked in an earlier connection cannot answer any more, or could not then."""
        if self.text is not None:
            return
        asked, now = _listening(self._asked_while), _listening(self.health())
        if now is not None and (asked is None or asked.since != now.since):
            self.ask_for_text()


def _listening(health: SourceHealth | None) -> SourceHealth | None:
    return health if health is not None and health.hearing is Hearing.LISTENING else None


def _keys(conversation: Conversation) -> list[str]:
    return [one.key for one in conversation.messages]


def _joined(
    older: Sequence[MessageSummary], known: Sequence[MessageSummary]
) -> tuple[MessageSummary, ...]:
    whole = {one.key: one for one in (*older, *known)}
    return tuple(sorted(whole.values(), key=in_order))


def _conversation_of(messages: Sequence[MessageSummary], shown: MessageSummary) -> Conversation:
    """Old mail as a conversation: nobody waits in it, and the founder's acts do not change it."""
    thread = _joined(messages, (shown,))
    theirs = [one for one in thread if is_from_customer(one)]
    newest = (theirs or [shown])[-1]
    return Conversation(
        key=newest.key,
        account=shown.account,
        customer=newest.sender,
        subject=without_prefixes(shown.subject),
        preview=newest.preview,
        newest_at=thread[-1].sent_at,
        waiting_since=None,
        answer=None,
        is_robot=not theirs,
        is_unread_by_me=False,
        needs_no_reply=False,
        messages=thread,
    )
