"""Whatever happens and in whatever order: one dot a message, and nothing vanishes.

A model of the mail server and of the workers obeys the commands of the outbox; events come late,
twice or never, runs are killed between any two steps, disks fill up and clocks are set.
"""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import assert_never

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from supportdesk.domain.answers import AnswerKind, DraftId
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.events import Event, MessagesArrived
from supportdesk.domain.mail import MessageId, MessageSummary
from supportdesk.domain.send_events import (
    AnswerFlagged,
    CopyFiled,
    SendAccepted,
    SendDoubtful,
    SendFailed,
    SendFrozen,
    SendMarked,
    SendPoised,
    SendStep,
    SendUnmarked,
    SentLookedFor,
    ThreadChecked,
)
from supportdesk.domain.sending import Outgoing, SendState
from supportdesk.services.collisions import seen_in
from supportdesk.services.own_answer import own_answer
from supportdesk.services.send_commands import (
    CheckThread,
    Discard,
    FileCopy,
    Flag,
    Freeze,
    GiveUp,
    GoOn,
    LearnKeepsSent,
    LookFor,
    Mark,
    Send,
    SendCommand,
    ShowAnswer,
    Unmark,
)
from supportdesk.services.send_steps import Commands
from tests.fakes.answers import SUPPORT
from tests.fakes.happenings import a_message
from tests.fakes.outbox_rig import DOWN, PLACE, QUESTION, UNDO_SECONDS, OutboxRig

FINAL = Problem(title="Nobody lives there", advice="Look at the address.", is_for_founder=True)
CHANCES = st.lists(st.integers(min_value=0, max_value=9), min_size=1, max_size=16)
LOST = Problem(title="The link went", advice="It is looked for.")


class AnyLife(RuleBasedStateMachine):
    """`dots` counts what the server has got, `clicks` what the founder wanted sent once more."""

    def __init__(self) -> None:
        super().__init__()
        self.rig = OutboxRig()
        self.clock_of_the_dead = self.rig.clock
        self.asked: deque[SendCommand] = deque()
        self.told: deque[Event] = deque()
        self.dots: Counter[MessageId] = Counter()
        self.clicks: Counter[MessageId] = Counter()
        self.in_sent: Counter[MessageId] = Counter()
        self.wanted: dict[DraftId, MessageId] = {}
        self.given_up: set[DraftId] = set()
        self.at_the_dot: Outgoing | None = None
        self.may_go_on = False
        self.uids = 100
        self.names = 0

    # --- the founder -------------------------------------------------------------------------

    @rule(is_answer=st.booleans())
    def write_and_send(self, is_answer: bool) -> None:
        self.names += 1
        if self.rig.store.is_full:
            return
        kind = AnswerKind.REPLY if is_answer else AnswerKind.NEW
        draft = self.rig.written(f"draft{self.names}", kind)
        seen = seen_in(draft.answers, self.rig.inbox.conversation(draft.answers))
        self.rig.drafts.keep(replace(draft, base=seen))
        self._take(draft.draft_id)

    @rule(is_answer=st.booleans(), chances=CHANCES)
    def one_goes_out(self, is_answer: bool, chances: list[int]) -> None:
        """As far as it comes: what happens next meets it there."""
        self.write_and_send(is_answer=is_answer)
        self.time_passes(seconds=UNDO_SECONDS + 1)
        self.a_while(chances=chances)

    def _take(self, draft_id: DraftId) -> None:
        outbox, now = self.rig.outbox, self.rig.now
        self._act(lambda: outbox.send(draft_id, UNDO_SECONDS, now))
        draft = self.rig.drafts.draft(draft_id)
        if draft is not None:
            self.wanted[draft_id] = draft.message_id

    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        """Any button, whether it fits or not."""
        known = sorted(self.wanted.keys() - self.given_up)
        if not known:
            return
        draft_id = data.draw(st.sampled_from(known))
        outbox, now = self.rig.outbox, self.rig.now
        button = data.draw(st.sampled_from(["undo", "now", "anyway", "again", "gone", "look"]))
        row = outbox.outgoing(draft_id)
        match button:
            case "undo":
                self._act(lambda: outbox.take_back(draft_id, now))
            case "now":
                self._act(lambda: outbox.send_now(draft_id, now))
            case "anyway":
                self._act(lambda: outbox.send_anyway(draft_id, now))
            case "again":
                if row is not None and row.state is SendState.DOUBTFUL:
                    self.clicks[row.message_id] += 1
                self._act(lambda: outbox.again(draft_id, now))
            case "gone":
                # The founder is asked to be sure; here they are when it is true.
                if row is not None and self.dots[row.message_id]:
                    self._act(lambda: outbox.it_has_gone(draft_id, now))
            case _:
                self._act(lambda: outbox.look_again(draft_id, now))

    @rule(data=st.data())
    def send_what_came_back(self, data: st.DataObject) -> None:
        back = [
            one.draft_id
            for one in self.rig.drafts.drafts()
            if (row := self.rig.outbox.outgoing(one.draft_id)) is None
            or row.state is SendState.WRITING
        ]
        if back:
            self._take(data.draw(st.sampled_from(sorted(back))))

    @rule(data=st.data())
    def give_up(self, data: st.DataObject) -> None:
        known = sorted(self.wanted.keys() - self.given_up)
        if not known:
            return
        draft_id = data.draw(st.sampled_from(known))
        row = self.rig.outbox.outgoing(draft_id)
        self._act(lambda: self.rig.outbox.give_up(draft_id, self.rig.now))
        if row is not None and self.rig.outbox.outgoing(draft_id) is None:
            self.given_up.add(draft_id)

    def _act(self, act: Callable[[], Commands]) -> None:
        try:
            self.asked.extend(act())
        except StoreError:
            assert self.rig.store.is_full

    # --- the world ---------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([0.1, 5.0, 11.0, 40.0, 100.0, 2_000.0]))
    def time_passes(self, seconds: float) -> None:
        self.rig.clock.go_on(seconds)
        self.asked.extend(self.rig.outbox.due(self.rig.now))

    @rule(hours=st.integers(min_value=-10_000, max_value=10_000))
    def the_clock_is_set(self, hours: int) -> None:
        self.rig.clock.at += timedelta(hours=hours)

    @rule()
    def the_disk_fills_up_or_is_emptied(self) -> None:
        self.rig.store.is_full = not self.rig.store.is_full

    @rule()
    def the_network_changes(self) -> None:
        self.asked.extend(self.rig.outbox.try_again(self.rig.now))

    @rule()
    def the_settings_change(self) -> None:
        """The worker is stopped, and heard to the end; then another one begins."""
        self._stop_worker()
        for event in self.told:
            if not isinstance(event, SendPoised | ThreadChecked):
                self.rig.outbox.apply(event, self.rig.now)
        self.asked.clear()
        self.told.clear()
        self.asked.extend(self.rig.outbox.worker_ended(SUPPORT, self.rig.now))

    @rule(luck=st.integers(min_value=0, max_value=3))
    def somebody_writes(self, luck: int) -> None:
        if luck:
            return
        self.uids += 1
        at = self.rig.clock.at
        message = a_message(self.uids, at=at, who="Jana", references=[QUESTION.message_id])
        self._arrives(message)

    @rule()
    def killed(self) -> None:
        """With the app goes the worker. What the server had been told is told."""
        self.asked.clear()
        self.told.clear()
        self._forget_try()
        try:
            self.asked.extend(self.rig.restart())
        except StoreError:
            assert self.rig.store.is_full

    def _arrives(self, message: MessageSummary) -> None:
        self.rig.arrive(message)
        event = MessagesArrived(account=SUPPORT, messages=(message,), at=self.rig.clock.at)
        self.asked.extend(self.rig.outbox.apply(event, self.rig.now))

    # --- the worker --------------------------------------------------------------------------

    @rule(chances=CHANCES)
    def a_while(self, chances: list[int]) -> None:
        """The undisturbed course of things."""
        for chance in chances:
            if self.asked:
                self._go_on(chance)
            if self.told and chance % 5:
                self.an_event_is_heard()

    @precondition(lambda self: self.told)
    @rule()
    def an_event_is_heard(self) -> None:
        self.asked.extend(self.rig.outbox.apply(self.told.popleft(), self.rig.now))

    @precondition(lambda self: self.asked)
    @rule(chance=st.integers(min_value=0, max_value=7))
    def the_worker_goes_on(self, chance: int) -> None:
        self._go_on(chance)

    def _go_on(self, chance: int) -> None:
        """One command, in order; the dot alone is waited for beside them."""
        command = self.asked[0]
        passing = (GoOn, GiveUp, CheckThread, ShowAnswer, Discard, LearnKeepsSent)
        if self.at_the_dot is not None and not isinstance(command, passing):
            self._behind_the_dot(chance)
            return
        self.asked.popleft()
        self._obey(command, chance)

    def _behind_the_dot(self, chance: int) -> None:
        later = [one for one in self.asked if isinstance(one, (GoOn, GiveUp))]
        if later:
            self.asked.remove(later[0])
            self._obey(later[0], chance)
        elif not self.told:
            self._too_late()

    def _obey(self, command: SendCommand, chance: int) -> None:
        match command:
            case Send():
                self._begin_try(command.outgoing, chance)
            case GoOn():
                self._dot(command.draft_id, chance)
            case GiveUp():
                if self.at_the_dot is not None and self.at_the_dot.draft_id == command.draft_id:
                    self._too_late()
            case ShowAnswer():
                self._arrives(own_answer(command.outgoing, command.draft))
            case FileCopy():
                self._file(command.outgoing, chance)
            case CheckThread():
                problem = DOWN if chance == 0 else None
                told = ThreadChecked(account=SUPPORT, token=command.token, problem=problem)
                self.told.append(told)
            case LearnKeepsSent() | Discard():
                pass
            case _:
                self._obey_simply(command, chance)

    def _obey_simply(self, command: Freeze | Mark | Unmark | LookFor | Flag, chance: int) -> None:
        """What is told in one word, or fails."""
        if isinstance(command, Freeze):
            draft_id = command.draft.draft_id
            self._say_or_fail(SendFrozen(account=SUPPORT, draft_id=draft_id, wire_bytes=9), chance)
            return
        row = command.outgoing
        match command:
            case Mark():
                others = ("$SD-sending-bert-9999",) if chance == 1 else ()
                mark = "" if others else "$SD-sending-anna-1234"
                event = SendMarked(account=SUPPORT, draft_id=row.draft_id, mark=mark, others=others)
                self._say_or_fail(event, chance)
            case Unmark():
                self.told.append(SendUnmarked(account=SUPPORT, draft_id=row.draft_id))
            case LookFor():
                place = PLACE if self.in_sent[row.message_id] else None
                found = SentLookedFor(account=SUPPORT, draft_id=row.draft_id, place=place)
                self._say_or_fail(found, chance)
            case Flag():
                self._say_or_fail(AnswerFlagged(account=SUPPORT, draft_id=row.draft_id), chance)
            case _:
                assert_never(command)

    def _say_or_fail(self, event: SendStep, chance: int) -> None:
        if chance == 0:
            event = SendFailed(account=SUPPORT, draft_id=event.draft_id, problem=DOWN)
        self.told.append(event)

    def _begin_try(self, row: Outgoing, chance: int) -> None:
        failed = SendFailed(account=SUPPORT, draft_id=row.draft_id, problem=DOWN)
        if chance == 0:
            self.told.append(failed)
        elif chance == 1:
            self.told.append(replace(failed, problem=FINAL, is_final=True))
        else:
            self.at_the_dot = row
            self.told.append(SendPoised(account=SUPPORT, draft_id=row.draft_id))

    def _dot(self, draft_id: DraftId, chance: int) -> None:
        row = self.at_the_dot
        if row is None or row.draft_id != draft_id:
            return
        # The one moment at which a message goes out: it must be on disk that it may have.
        kept = self.rig.store.on_its_way[draft_id]
        assert kept.state is SendState.POISED
        self._forget_try()
        failed = SendFailed(account=SUPPORT, draft_id=draft_id, problem=DOWN)
        if chance == 0:  # the server says no
            self.told.append(failed)
            return
        self.dots[row.message_id] += 1
        if chance == 1:
            self.in_sent[row.message_id] += 1  # this server files copies itself
        if chance in (1, 2):
            lost = SendDoubtful(account=SUPPORT, draft_id=draft_id, problem=LOST)
            self.told.append(lost)
        else:
            self.told.append(SendAccepted(account=SUPPORT, draft_id=draft_id))

    def _file(self, row: Outgoing, chance: int) -> None:
        if chance == 0:
            self.told.append(SendFailed(account=SUPPORT, draft_id=row.draft_id, problem=DOWN))
            return
        self.in_sent[row.message_id] = self.in_sent[row.message_id] or 1
        place = None if chance == 1 else PLACE
        self.told.append(CopyFiled(account=SUPPORT, draft_id=row.draft_id, place=place))

    def _too_late(self) -> None:
        """Nobody said that the dot may go out."""
        row = self.at_the_dot
        assert row is not None
        self._forget_try()
        self.told.append(SendFailed(account=SUPPORT, draft_id=row.draft_id, problem=DOWN))

    def _stop_worker(self) -> None:
        if self.at_the_dot is not None:
            self._too_late()

    def _forget_try(self) -> None:
        self.at_the_dot = None

    # --- what holds --------------------------------------------------------------------------

    @invariant()
    def never_twice(self) -> None:
        for message_id, dots in self.dots.items():
            assert dots <= 1 + self.clicks[message_id], f"{message_id} went out {dots} times"

    @invariant()
    def nothing_vanishes(self) -> None:
        """What was sent is on its way, a draft again, or with the customer."""
        for draft_id, message_id in self.wanted.items():
            if draft_id in self.given_up:
                continue
            kept = self.rig.store.on_its_way.get(draft_id)
            is_text_there = draft_id in self.rig.store.kept
            # A month later the row of what has gone out is gone too.
            is_done = kept is None or kept.state is SendState.DONE
            assert is_text_there or is_done, f"{message_id} is gone"
            if not is_text_there or (kept is not None and kept.state is SendState.DONE):
                assert self.dots[message_id if kept is None else kept.message_id], draft_id

    @invariant()
    def what_is_open_is_told(self) -> None:
        """Whoever looks at the outbox sees each that is not through."""
        shown = {one.outgoing.draft_id for one in self.rig.outbox.unsent()}
        for draft_id in self.wanted.keys() - self.given_up:
            row = self.rig.outbox.outgoing(draft_id)
            if row is not None and row.state in (SendState.WAITING, SendState.DOUBTFUL):
                assert draft_id in shown

    def teardown(self) -> None:
        """On a good day all of it ends: nothing waits for ever without a founder's choice."""
        self.rig.store.is_full = False
        for _ in range(12):
            self.rig.clock.go_on(2_000.0)
            self.asked.extend(self.rig.outbox.try_again(self.rig.now))
            self.asked.extend(self.rig.outbox.due(self.rig.now))
            for _ in range(60):
                if self.asked:
                    self._go_on(7)
                if self.told:
                    self.an_event_is_heard()
        for draft_id in self.wanted.keys() - self.given_up:
            row = self.rig.outbox.outgoing(draft_id)
            ends = (SendState.WRITING, SendState.HELD, SendState.REFUSED, SendState.DOUBTFUL)
            assert row is None or row.state in ends, row
        self.never_twice()
        self.nothing_vanishes()


AnyLife.TestCase.settings = settings(
    max_examples=30,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestAnyLife = AnyLife.TestCase
