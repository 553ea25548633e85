"""What the founder puts beside the conversation on show: snooze, notes, labels, claims."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal

from supportdesk.domain.errors import StoreError
from supportdesk.domain.mail import Conversation
from supportdesk.domain.side_events import ClaimSettled, NoteNotShared, TagSettled
from supportdesk.domain.side_marks import MailNote, Tag
from supportdesk.domain.tag_keywords import tag_keyword
from supportdesk.services.claims import ClaimLost
from supportdesk.services.desk import Desk
from supportdesk.services.desk_state import Turn
from supportdesk.services.wording import fit
from supportdesk.ui import rows
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.note_controller import Asked, NoteController
from supportdesk.ui.controllers.open_message import OpenMessage
from supportdesk.ui.controllers.person_acts import Results
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.side import (
    SideFacts,
    called,
    moment_words,
    side_facts,
    side_view,
)
from supportdesk.ui.rows import Action, ActionButton, ButtonRank
from supportdesk.ui.rows.note import NoteKind, NoteView
from supportdesk.ui.rows.side import SideView
from supportdesk.ui.theme.theme import Theme

_NAME = 40


class SideActs(QObject):
    """Each act can be taken back; into a mailbox go claims, and what the settings let be shared.

    Signals:
        said: A `Notice` for beside the message.
    """

    said = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        acts: Acts,
        *,
        theme: Theme,
        shown: OpenMessage,
        results: Results,
        notes: NoteController,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._acts = acts
        self._theme = theme
        self._open = shown
        self._results = results
        self._notes = notes
        self._came_back: tuple[str, datetime | None] = ("", None)

    # --- what is shown -----------------------------------------------------------------

    def view(self) -> SideView:
        conversation, now = self._open.conversation, self._acts.now()
        if conversation is None:
            return SideView()
        facts = side_facts(conversation, self._desk.side, now)
        return side_view(replace(facts, back_since=self._back(conversation, facts)), now)

    def offers(self) -> tuple[ActionButton, ...]:
        """For the menu of the message."""
        conversation = self._open.conversation
        if conversation is None:
            return ()
        offers = [
            _offer(Action.NOTE_MAIL, "Internal note…", "n"),
            _offer(Action.ADD_TAG, "Add a tag…", "#"),
        ]
        is_known = self._desk.inbox.message(self._open.key) is not None
        if is_known and (conversation.waiting_since or conversation.put_off_until):
            offers.insert(0, _offer(Action.SNOOZE, "Put off until…", "z"))
        if is_known and not conversation.is_robot:
            held = self._desk.side.claims.of(self._items(), self._acts.now())
            is_mine = held is not None and self._desk.side.claims.is_mine(held)
            label = "Let go: not mine any more" if is_mine else "Mine: I answer this"
            offers.append(_offer(Action.LET_GO if is_mine else Action.CLAIM, label, "m"))
        return tuple(offers)

    def handlers(self) -> dict[Action, Callable[[str], None]]:
        return {
            Action.SNOOZE: lambda _target: self._ask_until(),
            Action.SNOOZE_UNTIL: lambda until: self._put_off(datetime.fromisoformat(until)),
            Action.WAKE: lambda _target: self._wake(),
            Action.CLAIM: lambda _target: self._claim(),
            Action.LET_GO: lambda _target: self._let_go(),
            Action.NOTE_MAIL: lambda _target: self._ask_for_note(),
            Action.EDIT_NOTE: self._edit_note,
            Action.REMOVE_NOTE: self._remove_note,
            Action.ADD_TAG: lambda _target: self._ask_for_tag(),
            Action.REMOVE_TAG: self._remove_tag,
        }

    # --- snooze ------------------------------------------------------------------------

    def _ask_until(self) -> None:
        # Only who puts something off needs the menu.
        from supportdesk.ui.inbox.snooze_menu import LastEntry, MomentRow, open_moment_menu

        conversation, now = self._open.conversation, self._acts.now()
        if conversation is None:
            return
        snooze = self._desk.side.snooze
        moments = [(one.label, one.until) for one in snooze.choices(now)]
        again = snooze.same_time_again(self._items(), now)
        if again is not None and conversation.put_off_until is None:
            moments.insert(0, ("Same time again", again))
        is_asleep = conversation.put_off_until is not None
        open_moment_menu(
            self._window,
            [MomentRow(label, moment_words(until, now), until) for label, until in moments],
            chosen=self._put_off,
            pick=self._pick,
            last=LastEntry("Wake it now", self._wake) if is_asleep else None,
        )

    def _pick(self) -> None:
        from supportdesk.ui.inbox.snooze_menu import MomentDialog

        dialog = MomentDialog(self._theme, self._window, now=self._acts.now())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._put_off)
        dialog.open()

    def _put_off(self, until: datetime) -> None:
        conversation = self._open.conversation
        if conversation is None:
            return
        key, before, until = conversation.key, conversation.put_off_until, until.astimezone(UTC)

        def undo() -> None:
            if before is None:
                self._acts.perform(lambda now: self._desk.wake(key, now))
            else:
                self._acts.perform(lambda now: self._desk.put_off(key, before, now))
            self._results.back_to(key)

        if self._tried(lambda now: self._desk.put_off(key, until, now)):
            self._results.done(f"Put off until {moment_words(until, self._acts.now())}", undo)

    def _wake(self) -> None:
        conversation = self._open.conversation
        if conversation is None or conversation.put_off_until is None:
            return
        key, before = conversation.key, conversation.put_off_until

        def undo() -> None:
            self._acts.perform(lambda now: self._desk.put_off(key, before, now))
            self._results.back_to(key)

        self._acts.perform(lambda now: self._desk.wake(key, now))
        self._results.done("It waits again", undo)

    # --- notes -------------------------------------------------------------------------

    def _ask_for_note(self) -> None:
        message = self._open.message
        if message is not None:
            self._ask_note(message.key, self._desk.side.notes.new_key(message.key), "")

    def _edit_note(self, key: str) -> None:
        note = self._desk.side.notes.note(key)
        if note is not None:
            self._ask_note(note.item, key, note.words)

    def _ask_note(self, item: str, key: str, words: str) -> None:
        notes, conversation = self._desk.side.notes, self._open.conversation
        about = conversation.customer.email if conversation is not None else ""

        def keep(typed: str) -> None:
            at = self._acts.now()
            self._change(lambda: notes.write(key, item, typed, at, about=about))

        def drop() -> None:
            # What was typed of a new one is taken back; one that was there stays as it was.
            if words:
                self._change(lambda: notes.write(key, item, words, self._acts.now()))
            elif notes.note(key) is not None:
                self._change(lambda: notes.remove(key))

        view = NoteView(
            call=item, label=self._whom(), words=words, kind=NoteKind.MAIL, is_wanted=True
        )
        ended = partial(self._acts.share_note, key)
        self._notes.ask(Asked(view=view, keep=keep, drop=drop, ended=ended))

    def _remove_note(self, key: str) -> None:
        shown, notes = self._open.key, self._desk.side.notes
        gone: list[MailNote] = []

        def remove() -> None:
            gone.extend(note for note in (notes.remove(key),) if note is not None)

        def undo() -> None:
            self._change(lambda: notes.put(gone[0]))
            self._acts.share_note(key)
            self._results.back_to(shown)

        if self._tried(lambda now: self._desk.change_side(remove, now)) and gone:
            self._acts.take_back_note(gone[0])
            self._results.done("The note is removed", undo)

    # --- labels ------------------------------------------------------------------------

    def _ask_for_tag(self) -> None:
        message, tags = self._open.message, self._desk.side.tags
        if message is None:
            return
        items = self._items_to_tag()

        def keep(words: str) -> None:
            added: list[str] = []
            self._change(lambda: added.append(tags.add(items, words)))
            self._tag_added(added[0])

        there = tags.of(items)
        view = NoteView(
            call=message.key,
            label=self._whom(),
            kind=NoteKind.TAG,
            suggestions=tuple(one for one in tags.known() if one not in there),
            is_wanted=True,
        )
        self._notes.ask(Asked(view=view, keep=keep, is_kept_as_typed=False))

    def _remove_tag(self, name: str) -> None:
        shown, items, tags = self._open.key, self._items(), self._desk.side.tags
        gone: list[Tag] = []

        def put_back() -> None:
            for tag in gone:
                tags.put_back(tag)

        def undo() -> None:
            self._change(put_back)
            self._acts.share_tags()
            self._results.back_to(shown)

        def remove() -> None:
            gone.extend(tags.remove(items, name))

        if self._tried(lambda now: self._desk.change_side(remove, now)) and gone:
            self._acts.share_tags()
            self._results.done(f"The tag “{name}” is taken off", undo)

    def _items_to_tag(self) -> list[str]:
        """The last one gets it: the customer's newest, which lies where colleagues look."""
        conversation, items = self._open.conversation, self._items()
        newest = conversation.key if conversation is not None else ""
        return [one for one in items if one != newest] + [one for one in items if one == newest]

    def _tag_added(self, name: str) -> None:
        if name and self._desk.side.tags.are_shared and not tag_keyword(name):
            self._tag_kept_here(
                name, "Its name is too long for a mail server", "A shorter one is shared."
            )
        self._acts.share_tags()

    def tag_settled(self, event: TagSettled) -> None:
        """It could not be set or taken off where colleagues see it."""
        problem = event.problem
        if problem is None:
            return
        advice = problem.advice
        if not event.is_final:
            advice += " Colleagues see it once the mailbox can be reached."
        self._tag_kept_here(event.name, problem.title, advice)

    def _tag_kept_here(self, name: str, why: str, advice: str) -> None:
        text = f"What you did with the tag “{name}” is kept on this computer. {advice}"
        self._tell(f"Not shared: {why}", text)

    # --- claims ------------------------------------------------------------------------

    def typed(self, key: str) -> None:
        """An answer to this message is being written: a claim of the founder's goes on."""
        conversation = self._desk.inbox.conversation(key)
        if conversation is not None:
            wish = self._desk.side.claims.typed(_keys(conversation), self._acts.now())
            if wish is not None:
                self._acts.claim(wish)

    def lost(self, lost: ClaimLost) -> None:
        """Somebody else has what the founder had, or wished to have."""
        who = called(lost.who)
        self._tell(
            f"{who} has this one",
            f"{who} was quicker, or has taken it over. Nothing of yours is lost.",
        )

    def note_not_shared(self, event: NoteNotShared) -> None:
        text = f"The note is kept on this computer. {event.problem.advice}"
        self._tell(f"Not shared: {event.problem.title}", text)

    def failed(self, settled: ClaimSettled) -> None:
        if settled.problem is not None:
            self._tell(settled.problem.title, settled.problem.advice)

    def _claim(self) -> None:
        claims, items, now = self._desk.side.claims, self._items(), self._acts.now()
        if not claims.me:
            self._tell(
                "By which name do you claim?",
                "Your login has no letters for it. Write one into the settings, at Answering.",
            )
            return
        held = claims.of(items, now)
        if held is None:
            self._wish(items)
        elif not claims.is_mine(held):
            self._ask_to_take_over(called(held.who), items)

    def _ask_to_take_over(self, who: str, items: list[str]) -> None:
        from supportdesk.ui.widgets.second_question import SecondQuestion

        question = SecondQuestion(
            self._theme,
            self._window,
            title="Take over",
            question=f"Take this over from {who}?",
            goes=f"{who} said that they answer it. They are told that you do now.",
            stays="Ask them first if they may be writing already.",
            keep=f"Leave it to {who}",
            delete="Take over",
        )
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.agreed.connect(lambda: self._wish(items, over=True))
        question.open()

    def _wish(self, items: list[str], *, over: bool = False) -> None:
        wish = self._desk.side.claims.take(items, self._acts.now(), over=over)
        if wish is not None:
            self._acts.claim(wish)

    def _let_go(self) -> None:
        for wish in self._desk.side.claims.let_go(self._items()):
            self._acts.claim(wish)

    # --- inside ------------------------------------------------------------------------

    def _back(self, conversation: Conversation, facts: SideFacts) -> datetime | None:
        """Opening it takes the mark off at once; while it stays open it is said all the same."""
        if facts.back_since is not None:
            self._came_back = (conversation.key, facts.back_since)
        key, since = self._came_back
        is_on_show = key == conversation.key and facts.asleep_until is None
        return since if is_on_show and conversation.waiting_since is not None else None

    def _items(self) -> list[str]:
        return _keys(self._open.conversation) if self._open.conversation is not None else []

    def _whom(self) -> str:
        conversation = self._open.conversation
        if conversation is None:
            return ""
        return fit(self._desk.people.name_of(conversation.customer), _NAME)

    def _change(self, act: Callable[[], object]) -> None:
        self._acts.perform(lambda now: self._desk.change_side(act, now))

    def _tried(self, act: Callable[[datetime], Turn]) -> bool:
        try:
            self._acts.perform(act)
        except StoreError as error:
            self._tell(error.problem.title, f"Nothing was changed. {error.problem.advice}")
            return False
        return True

    def _tell(self, title: str, text: str) -> None:
        self.said.emit(rows.Notice(title=title, text=text, tone=rows.Tone.AMBER))


def _keys(conversation: Conversation) -> list[str]:
    return [one.key for one in conversation.messages]


def _offer(action: Action, label: str, shortcut: str) -> ActionButton:
    return ActionButton(action=action, label=label, shortcut=shortcut, rank=ButtonRank.GHOST)
