"""Who the customer of the message on show is: their card, and what is joined or split by hand."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal

from supportdesk.domain.mail import Mailer
from supportdesk.domain.people import Person
from supportdesk.domain.voices import Quote
from supportdesk.domain.waiting import is_from_customer
from supportdesk.services.desk import Desk
from supportdesk.services.people import PersonChange
from supportdesk.services.person_suggestions import Suggestion
from supportdesk.services.signature_numbers import numbers_in
from supportdesk.services.wording import fit
from supportdesk.ui import rows
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.open_message import OpenMessage
from supportdesk.ui.controllers.person_editor import PersonEditor
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.people import PersonFacts, call_words, number_key
from supportdesk.ui.presenter.words import since_words
from supportdesk.ui.theme.theme import Theme

_CALLERS = 6
_NAME = 40
# The menu of a message asks with the key of what is on show.
_OF_A_MAIL = "mail/"


class Results(Protocol):
    """Says what was done beside the message, and takes it back when asked."""

    def done(self, title: str, undo: Callable[[], None]) -> None: ...

    def back_to(self, key: str) -> None: ...


class PersonActs(QObject):
    """Nothing is joined but by a click of the founder; each click can be taken back.

    Signals:
        forget_asked: The `Person` on show shall be forgotten.
    """

    forget_asked = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        acts: Acts,
        *,
        theme: Theme,
        shown: OpenMessage,
        results: Results,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._acts = acts
        self._theme = theme
        self._open = shown
        self._results = results
        self._editor = PersonEditor(window, desk, acts, theme)
        self._editor.forget_asked.connect(self.forget_asked)
        self._signed: tuple[str, tuple[str, ...]] = ("", ())

    def facts(self) -> PersonFacts | None:
        """For the card; None while a machine's mail is open, or none."""
        customer = self._customer()
        if customer is None or self._open.conversation is None:
            return None
        person = self._desk.people.behind_email(customer.email, customer.label)
        on_show = {one.key for one in self._open.conversation.messages}
        return PersonFacts(
            person=person,
            contacts=self._desk.contacts.latest(person, but=on_show),
            suggestions=self._suggestions(customer),
            promises=self._desk.promises.of_person(person),
            quotes=[one for one in self._quotes(customer, person) if one.item not in on_show],
            call_back=self._call_back(person),
        )

    def _quotes(self, customer: Mailer, person: Person) -> tuple[Quote, ...]:
        contacts = {customer.email, *person.emails, *person.numbers}
        return self._desk.voices.of_person(contacts)

    def offers(self) -> tuple[rows.ActionButton, ...]:
        """For the menu of the message; numbers only where calls are heard at all."""
        if self._customer() is None:
            return ()
        about = rows.ActionButton(
            action=rows.Action.EDIT_PERSON,
            label="About this person…",
            shortcut="p",
            rank=rows.ButtonRank.GHOST,
        )
        if not self._acts.settings().phone:
            return (about,)
        return (
            about,
            rows.ActionButton(
                action=rows.Action.JOIN_NUMBER,
                label="Numbers of this person…",
                rank=rows.ButtonRank.GHOST,
            ),
        )

    def edit(self) -> None:
        """Ask who the customer on show is."""
        customer = self._customer()
        if customer is None:
            return
        key = self._open.key
        person = self._desk.people.behind_email(customer.email, customer.label)
        if not person.name:
            person = replace(person, name=customer.label)

        def done(title: str, undo: Callable[[], None]) -> None:
            def take_back() -> None:
                undo()
                self._results.back_to(key)

            self._results.done(title, take_back)

        self._editor.edit(person, done)

    def join(self, target: str) -> None:
        """The customer on show calls from this number; which one is asked if it is none."""
        customer = self._customer()
        if customer is None:
            return
        if not target or target.startswith(_OF_A_MAIL):
            self._ask(customer)
        else:
            self._join(customer, target)

    # --- inside ------------------------------------------------------------------------

    def _customer(self) -> Mailer | None:
        conversation = self._open.conversation
        if conversation is None or conversation.is_robot:
            return None
        return conversation.customer

    def _suggestions(self, customer: Mailer) -> tuple[Suggestion, ...]:
        if not self._desk.calls.by_number.newest():
            return ()
        return self._desk.suggestions.for_mail(customer, self._numbers_signed(customer))

    def _numbers_signed(self, customer: Mailer) -> tuple[str, ...]:
        """Looked for once in each message that the customer wrote."""
        message, text = self._open.message, self._open.text
        if message is None or text is None or not is_from_customer(message):
            return ()
        if message.sender.email.casefold() != customer.email.casefold():
            return ()
        if self._signed[0] != message.key:
            found = numbers_in(text.text, text.quoted, self._desk.calls.normal_number)
            self._signed = (message.key, found)
        return self._signed[1]

    def _call_back(self, person: Person) -> str:
        """By the newest call of theirs: its phone system is the one to ring with."""
        calls = self._desk.calls.by_number.of(person.numbers)
        if calls:
            return calls[-1].key
        return number_key(person.numbers[0]) if person.numbers else ""

    def _join(self, customer: Mailer, number: str) -> None:
        people = self._desk.people
        act = partial(people.join_number, customer.email, number, customer.label)
        self._change(act, f"{number} is {fit(people.name_of(customer), _NAME)} now")

    def _split(self, number: str) -> None:
        act = partial(self._desk.people.split_number, number)
        self._change(act, f"{number} is nobody's now")

    def _change(self, act: Callable[[], PersonChange | None], title: str) -> None:
        key = self._open.key
        made: list[PersonChange] = []

        def change() -> None:
            done = act()
            if done is not None:
                made.append(done)

        def undo() -> None:
            take_back = partial(self._desk.people.undo, made[0].number)
            self._acts.perform(lambda now: self._desk.change_people(take_back, now))
            self._results.back_to(key)

        self._acts.perform(lambda now: self._desk.change_people(change, now))
        if made:
            self._results.done(title, undo)

    def _ask(self, customer: Mailer) -> None:
        # Rarely asked for: a quiet window does without it.
        from supportdesk.ui.inbox.number_dialog import NumberChoice, NumberDialog

        people = self._desk.people
        theirs = people.behind_email(customer.email).numbers
        now = self._acts.now()
        callers = [
            NumberChoice(
                call.number,
                " · ".join(
                    part
                    for part in (
                        people.named(call).name,
                        call_words(call),
                        since_words(call.started_at, now),
                    )
                    if part
                ),
            )
            for call in self._desk.calls.by_number.newest()
            if self._desk.calls.normal_number(call.number) not in theirs
        ]
        dialog = NumberDialog(
            self._theme,
            fit(people.name_of(customer), _NAME),
            theirs,
            callers[:_CALLERS],
            self._window,
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.join_asked.connect(lambda number: self._join(customer, number))
        dialog.split_asked.connect(self._split)
        dialog.open()
