"""The life of one outgoing message, as a table; and what is kept of it on disk.

The theory. A message arrives if and only if the server got its last dot (RFC 5321, 4.1.1.4). So
there is one commit directly before the dot: POISED. A run that dies before it has surely not sent;
one that dies after it may have, and nothing but proof or the founder leads out of DOUBTFUL. No
path leads from POISED or DOUBTFUL to a second dot by itself.

    WRITING -> COUNTING -> FREEZING -> WAITING -> CHECKING -> TRYING -> POISED -> SENT
                                          ^          |           |         |        |
                                          +----------+-----------+---------+     FILING -> FILED
                                          |       (HELD)     (REFUSED)  DOUBTFUL             |
                                                                                           DONE

To change it: an event that a state does not name is an error, never ignored. Whatever is added
must keep that only SEND_AGAIN, a click of the founder's, leads from DOUBTFUL to another try.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from supportdesk.domain.answers import DraftId
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageAddress, MessageId, mail_key


class SendState(Enum):
    """Where an outgoing message is."""

    WRITING = "writing"
    COUNTING = "counting"
    """The founder sent it and can still undo."""
    FREEZING = "freezing"
    """Its wire form is being made; the same bytes go out at every try."""
    WAITING = "waiting"
    """For the network, or for the next try."""
    CHECKING = "checking"
    """Has anything come meanwhile, or does somebody else answer right now?"""
    HELD = "held"
    """Something has; the founder decides."""
    TRYING = "trying"
    """The server is told all but the last dot: surely not sent."""
    POISED = "poised"
    """The dot goes out, or has gone out: perhaps sent."""
    DOUBTFUL = "doubtful"
    """Perhaps sent, and nobody heard what the server said."""
    SENT = "sent"
    """The customer has it. Its copy is not yet in Sent."""
    FILING = "filing"
    FILED = "filed"
    """The copy is there; the question is not yet marked as answered."""
    DONE = "done"
    REFUSED = "refused"
    """For good, in words of the server or of ours; the founder edits it or gives it up."""


class SendEvent(Enum):
    """What happens to an outgoing message."""

    SEND = "the founder sends it"
    TAKE_BACK = "the founder goes on writing"
    COUNTED = "the time to undo is over"
    FROZEN = "its wire form is on disk"
    DUE = "it is time for a try"
    NEW = "something came that its writer has not seen"
    CLEAR = "nothing stands against sending"
    SEND_ANYWAY = "the founder has seen what came, and sends"
    POISED = "the server waits for the last dot"
    FAILED = "it did not work, and may the next time"
    REFUSED = "it will never work as it is"
    ACCEPTED = "the server has it"
    LOST = "the link went after the dot and before the answer"
    FOUND = "proof that it has gone out"
    IT_HAS_GONE = "the founder says that it has gone out"
    SEND_AGAIN = "the founder wants it sent once more"
    FILE = "its copy is to be put into Sent"
    FILED = "its copy lies in Sent"
    FLAGGED = "the question is marked as answered, as far as that goes"
    RESTARTED = "a new run met it"
    COPIED_HERE = "this desk.db came from another computer"


def _many(states: Iterable[SendState], event: SendEvent, then: SendState) -> "_Table":
    return {(state, event): then for state in states}


_Table = dict[tuple[SendState, SendEvent], SendState]
_S = SendState
_E = SendEvent
_BEFORE_THE_DOT = (_S.COUNTING, _S.FREEZING, _S.WAITING, _S.CHECKING, _S.HELD, _S.TRYING)
_AFTER_IT = (_S.DOUBTFUL, _S.SENT, _S.FILED, _S.DONE)

NEXT: _Table = {
    (_S.WRITING, _E.SEND): _S.COUNTING,
    **_many((*_BEFORE_THE_DOT, _S.REFUSED), _E.TAKE_BACK, _S.WRITING),
    (_S.COUNTING, _E.COUNTED): _S.FREEZING,
    (_S.FREEZING, _E.FROZEN): _S.WAITING,
    (_S.WAITING, _E.DUE): _S.CHECKING,
    (_S.CHECKING, _E.NEW): _S.HELD,
    (_S.CHECKING, _E.CLEAR): _S.TRYING,
    (_S.HELD, _E.SEND_ANYWAY): _S.CHECKING,
    (_S.TRYING, _E.POISED): _S.POISED,
    (_S.POISED, _E.ACCEPTED): _S.SENT,
    (_S.POISED, _E.LOST): _S.DOUBTFUL,
    (_S.FREEZING, _E.FAILED): _S.FREEZING,
    # From POISED: no dot was sent after all, or the server said "not now" to it.
    **_many((_S.WAITING, _S.CHECKING, _S.TRYING, _S.POISED), _E.FAILED, _S.WAITING),
    **_many((_S.FREEZING, _S.CHECKING, _S.TRYING, _S.POISED), _E.REFUSED, _S.REFUSED),
    **_many(
        (_S.WAITING, _S.CHECKING, _S.TRYING, _S.HELD, _S.REFUSED, _S.DOUBTFUL), _E.FOUND, _S.SENT
    ),
    (_S.DOUBTFUL, _E.IT_HAS_GONE): _S.SENT,
    # A worker that was given up may have heard the answer after all.
    (_S.DOUBTFUL, _E.ACCEPTED): _S.SENT,
    (_S.DOUBTFUL, _E.SEND_AGAIN): _S.WAITING,
    (_S.REFUSED, _E.SEND_AGAIN): _S.WAITING,
    (_S.SENT, _E.FILE): _S.FILING,
    (_S.FILING, _E.FILED): _S.FILED,
    (_S.FILING, _E.FAILED): _S.SENT,
    (_S.FILED, _E.FLAGGED): _S.DONE,
    (_S.FILED, _E.FAILED): _S.FILED,
    **{
        (state, event): state
        for state in (*_AFTER_IT, _S.WRITING, _S.REFUSED)
        for event in (_E.RESTARTED, _E.COPIED_HERE)
    },
    (_S.COUNTING, _E.RESTARTED): _S.WRITING,
    **{(state, _E.RESTARTED): state for state in (_S.FREEZING, _S.WAITING, _S.HELD)},
    **_many((_S.CHECKING, _S.TRYING), _E.RESTARTED, _S.WAITING),
    # The other computer may send it too.
    **_many(_BEFORE_THE_DOT, _E.COPIED_HERE, _S.WRITING),
    **{(_S.POISED, event): _S.DOUBTFUL for event in (_E.RESTARTED, _E.COPIED_HERE)},
    **{(_S.FILING, event): _S.SENT for event in (_E.RESTARTED, _E.COPIED_HERE)},
}

UNSENT = frozenset({*_BEFORE_THE_DOT, _S.POISED, _S.DOUBTFUL, _S.REFUSED}) - {_S.COUNTING}
"""What the founder sent and the customer may not have: counted beside the icon until it has."""
GONE = frozenset({_S.SENT, _S.FILING, _S.FILED, _S.DONE})
"""The customer has it."""


def after(state: SendState, event: SendEvent) -> SendState:
    """The state that follows. One that has no word for the event is our bug: ValueError."""
    try:
        return NEXT[state, event]
    except KeyError:
        raise ValueError(f"{event.name} in {state.name}") from None


def can(state: SendState, event: SendEvent) -> bool:
    """Has this state a word for the event?"""
    return (state, event) in NEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """What is kept of an outgoing message beside its draft.

    Attributes:
        answers: Ledger key of the message that it answers; empty for none.
        question: Where that message was last seen, for its flag and our mark.
        state: Where it is; never changed but by `after`.
        since: When the founder sent it: its age is counted from here.
        tries: How often it was begun.
        next_at: When to try again, by the wall clock of the last failure; None: at once.
        problem: Why it waits, is held or refused, or came back to be written on.
        refused: Addresses that the server would not have, and its words on each.
        place: Where its copy lies in Sent.
        mark: Our sending mark that lies on the question; empty for none.
        poised_at: When the last dot was allowed; None where surely none went out. Whoever edits
            such a message sends another one: it needs another Message-ID.
        is_sent_anyway: The founder has seen what stands against it.
        installation: Which installation wrote this row.
    """

    draft_id: DraftId
    account: SourceName
    message_id: MessageId
    state: SendState
    since: datetime
    installation: str
    answers: str = ""
    question: MessageAddress | None = None
    tries: int = 0
    next_at: datetime | None = None
    problem: Problem | None = None
    refused: tuple[tuple[str, str], ...] = ()
    place: MessageAddress | None = None
    mark: str = ""
    poised_at: datetime | None = None
    sent_at: datetime | None = None
    is_sent_anyway: bool = False

    @property
    def question_id(self) -> MessageId | None:
        """Message-ID of what it answers."""
        start = mail_key(self.account, MessageId(""))
        is_ours = self.answers.startswith(start) and self.answers != start
        return MessageId(self.answers.removeprefix(start)) if is_ours else None
