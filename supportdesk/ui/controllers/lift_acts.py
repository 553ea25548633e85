"""What the team lifts to the founder: its card, the way to what it is about, and the thanks.

What becomes of thanks that were sent, `services/lift_thanks` follows.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta

from PySide6.QtCore import QObject

from supportdesk.domain.answers import AnswerKind, DraftId, Recipients
from supportdesk.domain.calls import Call, Outcome
from supportdesk.domain.errors import StoreError
from supportdesk.domain.lifts import THANKS, Lift
from supportdesk.domain.mail import Mailer, MessageSummary
from supportdesk.services.desk import Desk
from supportdesk.services.lifts import Lifts
from supportdesk.ui import rows
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.compose_controller import ComposeController
from supportdesk.ui.controllers.open_message import OpenMessage
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.lifts import (
    carrier_notice,
    lift_card,
    lift_notice,
    thanks_card,
)
from supportdesk.ui.rows import Action

_THANKS_WITHIN = timedelta(hours=8)
_NEWEST_CALLS = 50


class LiftActs(QObject):
    """Thanks go out as an answer like any other."""

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        acts: Acts,
        *,
        shown: OpenMessage,
        compose: ComposeController,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._acts = acts
        self._open = shown
        self._compose = compose

    # --- what is shown -----------------------------------------------------------------

    def card(self) -> rows.Notice | None:
        """The first lift that waits for the founder; none that is just being read."""
        lifts = self._desk.known_lifts
        if lifts is None:
            return None
        known = [(lift, about) for lift in lifts.open() if (about := self._about(lift))]
        if not known:
            return self._thanks_card(lifts)
        lift, about = known[0]
        able = self._desk.calls.capabilities(about.phone) if isinstance(about, Call) else None
        return lift_card(
            lift,
            about,
            self._acts.now(),
            others=len(known) - 1,
            can_take=able is not None and able.can_take,
        )

    def notices(self) -> Iterable[rows.Notice]:
        """Above the message on show."""
        lifts, conversation = self._desk.known_lifts, self._open.conversation
        if lifts is None or conversation is None:
            return
        lift = lifts.of(one.key for one in conversation.messages)
        if lift is not None:
            yield lift_notice(lift, self._acts.now())
        carried = lifts.carried_by(self._open.key)
        if carried is not None and carried != lift:
            yield carrier_notice(carried)

    # --- what the founder does ---------------------------------------------------------

    def handlers(self) -> dict[Action, Callable[[str], None]]:
        return {
            Action.THANK_LIFT: self._thank,
            Action.OPEN_LIFTED: self._window.choices.item_chosen.emit,
            Action.LIFT_NOT_NOW: self._put_away,
        }

    def _put_away(self, item: str) -> None:
        lifts = self._desk.lifts
        self._acts.perform(
            lambda now: self._desk.change_lifts(lambda: lifts.seen([item], now), now)
        )

    def _thank(self, key: str) -> None:
        lift = self._desk.lifts.lift(key)
        if lift is None:
            return
        inbox = self._desk.inbox
        carrier, message = inbox.message(lift.carrier), inbox.message(lift.item)
        call = self._desk.calls.call(lift.item)
        if call is not None:
            self._thank_for_call(lift, call)
        elif carrier is not None:
            self._compose.begin(AnswerKind.REPLY, carrier, words=THANKS)
        elif message is not None:
            # Nobody wrote to the founder: the customer's mail goes back with what it taught.
            operator = Mailer(name=lift.by, email=lift.by_address)
            to = Recipients(to=(operator,) if lift.by_address else ())
            self._compose.begin(AnswerKind.FORWARD, message, words=THANKS, to=to)

    def _thanks_card(self, lifts: Lifts) -> rows.Notice | None:
        """After a talk that somebody brought the founder: once, until they say thanks or not."""
        if not self._acts.settings().mail:
            return None
        since = self._acts.now() - _THANKS_WITHIN
        for call in self._desk.calls.history.calls()[:_NEWEST_CALLS]:
            is_over = call.outcome is Outcome.TAKEN and call.closed_at is not None
            lift = lifts.of([call.key]) if is_over and call.started_at > since else None
            is_new = lift is not None and lift.thanked_at is None and lift.seen_at is None
            if lift is not None and is_new and not self._are_thanks_sent(lift):
                return thanks_card(lift, call)
        return None

    def _are_thanks_sent(self, lift: Lift) -> bool:
        """They are on their way, and can be written on no more."""
        draft = self._acts.answering.draft(DraftId(lift.thanks_draft))
        return draft is not None and not self._compose.is_writable(draft)

    def _thank_for_call(self, lift: Lift, call: Call) -> None:
        """A call has no mail to answer: a new one goes to whoever lifted it."""
        known = self._acts.answering.draft(DraftId(lift.thanks_draft))
        if known is not None:
            self._compose.go_on(known.draft_id)
            return
        operator = Mailer(name=lift.by, email=lift.by_address)
        draft_id = self._compose.begin_new(
            Recipients(to=(operator,) if lift.by_address else ()),
            subject=f"Your call with {call.label}",
            words=THANKS,
        )
        if draft_id is None:
            return
        lifts = self._desk.lifts
        try:
            self._acts.perform(
                lambda now: self._desk.change_lifts(
                    lambda: lifts.thanks_begun(lift.key, draft_id), now
                )
            )
        except StoreError as error:
            self._compose.said.emit(rows.Notice(title=error.title, text=error.advice))

    def _about(self, lift: Lift) -> Call | MessageSummary | None:
        return self._desk.calls.call(lift.item) or self._desk.inbox.message(lift.item)
