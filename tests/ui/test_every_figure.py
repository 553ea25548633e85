"""No number without words (F86): on every page of the window each figure opens its sentences.

The window is the real one, on a desk where something of everything has happened. A figure is a
number that we have counted: not a time of day, a date, an address, nor what somebody wrote. It has
to be a button that leads somewhere, part of a row that opens, or the heading of the very rows that
it counts. A page that is added, or a number on one, fails here until that is so.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QModelIndex, Qt, SignalInstance
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from supportdesk.domain.reading import Span, SpanKind
from supportdesk.domain.voices import Felt
from supportdesk.ui.gallery.make_believe import TRAY
from supportdesk.ui.rows import Action, Page, SectionRow
from supportdesk.ui.theme import Theme
from supportdesk.ui.tray import Tray
from supportdesk.ui.voices.quote_card import QuoteCardButton
from supportdesk.ui.widgets.chips import Chip
from supportdesk.ui.widgets.label import Label
from supportdesk.ui.widgets.segments import FigureSegment
from tests.fakes.happenings import T0, a_caller, a_member, a_message, after, arrived, joined
from tests.ui.looking import settle
from tests.ui.rig import Rig
from tests.ui.test_promises import promised_by_mail, promised_by_phone

# What is no figure: when something is, and how somebody is reached.
_MONTH = r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_DAY = rf"\d{{1,2}} {_MONTH}( \d{{4}})?"
_NO_FIGURES = (
    r"\d{1,2}:\d\d",
    r"\+\d[\d ]+",
    rf"\d{{1,2}} – \w{{3}} {_DAY}",
    _DAY,
    r"\d{4}-\d\d-\d\d",
)
_OF_EVERY_OBJECT = ("destroyed", "objectNameChanged")
_SETTINGS = (QLineEdit, QAbstractSpinBox, QComboBox)

# Figures that are no button themselves, and where what they count stands and can be opened.
_STANDS_BESIDE: dict[Page, dict[str, str]] = {
    Page.INBOX: {
        r"[\d,]+ waiting, (longest|third tries) first( · \d+ promises? due)?": "rows of the list",
        r"first 3 s are free": "a rule of the clock",
        r"\d+ min|\d+ h \d+|1 day|\d+ days": "how long this very row waits",
    },
    Page.CALLS: {
        r"\d+": "the rows of who waits",
        r"longest first · one ring is \d+ s": "a setting",
        r"\d+ (person|people)( and \d+ unknown)? still waiting.*": "rows of the list below",
        r"nobody is waiting for a call back.*": "rows of the list below",
        r"\d+ of \d+ (busy|free)": "the members below",
        r"of \d+ calls|None of \d+ calls": "the rest of the button beside it",
    },
    Page.VOICES: {
        r"\d+ quotes?.*One page.*": "the page that the button beside it opens",
        r"\d+ lessons?.*|\d+": "the rows below",
    },
    Page.WEEK: {
        r"of \d+ minutes with customers": "the rest of the button before it",
        r"\d+ to go\..*": "what that button leaves of the goal",
        r"Oldest missed call, .*": "the button below calls back",
        r".*, \w+day \d\d:\d\d, \d+ min\..*": "the talk that the button beside it opens",
        r"12 weeks": "a disc each",
        r"\d+ of \d+ reached \d+": "discs with a tick",
        r"counted, .*not counted": "the sum of the rows below",
        r" counted,  not counted": "the sum of the rows below",
    },
    Page.HEALTH: {},
    Page.SETTINGS: {
        r".*": "what a setting means",
    },
    Page.MORNING: {
        r"\d+ of \d+": "the pieces of the scroll, one after the other",
        r"\d+ (person|people) wrote or called since .*": "the pieces above, each of them whole",
    },
}


@pytest.fixture
def quiet(theme: Theme, qtbot: QtBot) -> Iterator[Rig]:
    """A desk where something of everything has happened; no name or subject has a number."""
    made = Rig(theme, qtbot)
    made.window.resize(1400, 1000)
    made.desk.listen(a_member("Anna"))
    for uid, who in enumerate(("Ingrid Solheim", "Noor Haddad", "Deirdre Walsh"), 1):
        mail = a_message(uid, who=who, subject="Flour", preview="Twice again", at=after(uid * 60))
        made.desk.apply(arrived(mail))
    made.miss("1")
    made.miss("2", number="+33112233", name="Maison Aubry", at=30)
    promised_by_phone(made, "Ring back in an hour !")
    mail = promised_by_mail(made, "Flour in an hour !", uid=9)
    made.ask(Action.NO_REPLY, mail.key)
    made.desk.desk.voices.keep(
        "I trust the sheet", item=mail.key, who="Ingrid Solheim", said_at=T0, now=after(60)
    )
    kept = made.desk.desk.voices.keep("Thank you", who="Noor Haddad", said_at=T0, now=after(61))
    made.desk.desk.voices.set_felt(kept.key, Felt.RELIEVED)
    kinds = (SpanKind.READ, SpanKind.REPLY, SpanKind.TALK)
    made.log.record(a_span(number, kind, mail.key) for number, kind in enumerate(kinds))
    made.desk.wait(4000)
    made.refresh()
    settle()
    yield made
    made.controller.stop()


@pytest.fixture
def rig(quiet: Rig) -> Rig:
    """Somebody waits on the phone as well."""
    caller = a_caller("7", number="+4790000000", name="Pavel", at=quiet.desk.now)
    quiet.desk.apply(joined(caller))
    quiet.desk.wait(20)
    quiet.refresh()
    settle()
    return quiet


def a_span(number: int, kind: SpanKind, item: str) -> Span:
    """One after the other: minutes that lie over one another are counted once."""
    return Span(
        span_id=str(number),
        kind=kind,
        item=item,
        label="Flour",
        started_at=after(number * 900),
        utc_offset=timedelta(),
        counted_seconds=600.0,
    )


def turn_to(rig: Rig, page: Page) -> None:
    """As the founder does; what the figure before has changed is as it was."""
    for menu in rig.window.findChildren(QWidget):
        if menu.isWindow() and menu.isVisible() and menu is not rig.window:
            menu.close()
    rig.controller.open_page(page)
    rig.refresh()
    settle()


def has_figure(words: str) -> bool:
    for pattern in _NO_FIGURES:
        words = re.sub(pattern, "", words)
    return re.search(r"\d", words) is not None


def said_by(widget: QWidget) -> str:
    if isinstance(widget, Label):
        return widget.text()
    if isinstance(widget, Chip):
        return widget.accessibleName()
    if isinstance(widget, QAbstractButton):
        return widget.accessibleName() or widget.text()
    return ""


def button_of(widget: QWidget) -> QAbstractButton | None:
    """The button that these words are part of."""
    holder: QWidget | None = widget
    while holder is not None and not isinstance(holder, QAbstractButton):
        holder = holder.parentWidget()
    return holder


def figures(rig: Rig) -> list[tuple[QWidget, str]]:
    """Everything on show that says one."""
    on_show = (one for one in rig.window.findChildren(QWidget) if one.isVisible())
    said = ((one, said_by(one)) for one in on_show if not isinstance(one, _SETTINGS))
    return [(one, words) for one, words in said if has_figure(words)]


def lists(rig: Rig) -> list[QAbstractItemView]:
    return [one for one in rig.window.findChildren(QAbstractItemView) if one.isVisible()]


# What is on show already, so that nothing is left to open; a test below counts it.
_ON_SHOW = {Page.VOICES: r"All kept words: \d+"}


class Told:
    """What the founder's choices lead to from now on; also a window or a fold that opens."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self.choices: list[str] = []
        choices = rig.window.choices
        for name in dir(type(choices)):
            signal = getattr(choices, name)
            if isinstance(signal, SignalInstance) and name not in _OF_EVERY_OBJECT:
                signal.connect(self._hears(name))
        self._page = rig.window.page
        self._on_show = 0

    def _hears(self, name: str) -> Callable[..., None]:
        return lambda *_parts: self.choices.append(name)

    def begin(self) -> None:
        self.choices.clear()
        self._page = self._rig.window.page
        self._on_show = self._count_on_show()

    @property
    def is_told(self) -> bool:
        windows = [one for one in self._rig.window.findChildren(QWidget) if one.isWindow()]
        opens = any(one.isVisible() for one in windows)
        unfolds = self._count_on_show() > self._on_show
        return bool(self.choices) or opens or unfolds or self._rig.window.page is not self._page

    def _count_on_show(self) -> int:
        return sum(one.isVisible() for one in self._rig.window.findChildren(QWidget))


@pytest.mark.parametrize("page", list(Page), ids=lambda page: page.value)
def test_every_figure_that_is_a_button_leads_somewhere(rig: Rig, page: Page) -> None:
    turn_to(rig, page)
    names = {button.accessibleName() or button.text() for button in buttons(rig)}
    told = Told(rig)
    for name in sorted(names):
        if re.fullmatch(_ON_SHOW.get(page, ""), name):
            continue
        turn_to(rig, page)
        found = [one for one in buttons(rig) if (one.accessibleName() or one.text()) == name]
        if not found:
            continue
        button = found[0]
        assert button.isEnabled(), f"{page.value}: {name!r} is off"
        told.begin()
        button.click()
        settle()
        assert told.is_told, f"{page.value}: {name!r} opens nothing"


def buttons(rig: Rig) -> list[QAbstractButton]:
    found = (button_of(widget) for widget, _words in figures(rig))
    return list(dict.fromkeys(one for one in found if one is not None and is_of_a_past(one)))


def is_of_a_past(button: QAbstractButton) -> bool:
    """A day that is still to come, or a week before the log, says so and counts nothing."""
    words = button.accessibleName()
    return not any(one in words for one in ("still to come", "before the log began"))


@pytest.mark.parametrize("page", list(Page), ids=lambda page: page.value)
def test_every_other_figure_stands_beside_what_it_counts(rig: Rig, page: Page) -> None:
    turn_to(rig, page)
    known = _STANDS_BESIDE[page]
    bare = [words for widget, words in figures(rig) if button_of(widget) is None]
    unknown = [
        words for words in bare if not any(re.fullmatch(one, words, re.DOTALL) for one in known)
    ]
    assert unknown == [], f"{page.value}: make it a button that opens what it is made of"


@pytest.mark.parametrize("page", list(Page), ids=lambda page: page.value)
def test_every_row_with_a_figure_opens_what_it_tells_of(rig: Rig, page: Page) -> None:
    turn_to(rig, page)
    told = Told(rig)
    for number, _list in enumerate(lists(rig)):
        for row in range(rows_in(lists(rig)[number])):
            turn_to(rig, page)
            view = lists(rig)[number]
            index = view.model().index(row, 0)
            words = spoken(index)
            if not has_figure(words) or not is_a_choice(index):
                continue
            told.begin()
            view.scrollTo(index)
            settle()
            place = view.visualRect(index).center()
            QTest.mouseClick(
                view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
            )
            settle()
            is_open = view.currentIndex().row() == row
            assert told.is_told or is_open, f"{page.value}: {words!r} opens nothing"


def rows_in(view: QAbstractItemView) -> int:
    model = view.model()
    return 0 if model is None else model.rowCount()


def spoken(index: QModelIndex) -> str:
    return str(index.data(Qt.ItemDataRole.AccessibleTextRole) or index.data() or "")


def is_a_choice(index: QModelIndex) -> bool:
    return bool(index.flags() & Qt.ItemFlag.ItemIsSelectable)


def test_what_heads_rows_is_their_number(rig: Rig) -> None:
    turn_to(rig, Page.INBOX)
    source = rig.window._shown.inbox.rows
    counted: dict[str, int] = {}
    said: dict[str, str] = {}
    heading = ""
    for row in source.rows(0, source.count):
        if isinstance(row, SectionRow):
            heading = row.title
            said[heading], counted[heading] = row.count, 0
        else:
            counted[heading] += 1
    assert said == {title: str(number) for title, number in counted.items()}
    assert counted["Promised, and due"] == 1
    caption = rig.window._shown.inbox.caption
    assert caption.startswith(f"{counted['Waiting for an answer']} waiting")
    assert caption.endswith("1 promise due")


def test_the_number_beside_the_icon_is_the_sum_of_what_the_strip_and_the_rail_say(
    rig: Rig,
) -> None:
    state = rig.desk.desk.state(rig.desk.now)
    rail = rig.window._shown.rail
    assert state.number == int(rail.inbox_count) + int(rail.calls_count)
    waits = len(state.callers) + state.to_call_back + state.people_waiting
    assert state.number == waits + len(state.promised_due)


@pytest.mark.parametrize("desk", ["quiet", "rig"])
def test_each_part_of_the_strip_with_a_figure_shows_its_page(
    request: pytest.FixtureRequest, desk: str
) -> None:
    rig: Rig = request.getfixturevalue(desk)
    turn_to(rig, Page.SETTINGS)
    strip = rig.window._shown.strip
    assert strip is not None
    counted = [one.text for one in strip.segments if has_figure(one.text)]
    assert len(counted) >= 2, "callers and the team, or who waits otherwise"
    for words in counted:
        turn_to(rig, Page.SETTINGS)
        parts = (one for one in rig.window.findChildren(FigureSegment) if one.isVisible())
        [button] = [one for one in parts if said_by(one) == words]
        button.click()
        settle()
        assert rig.window.page is not Page.SETTINGS, words


def test_the_chosen_tab_of_kept_words_is_the_number_of_its_cards(rig: Rig) -> None:
    turn_to(rig, Page.VOICES)
    said = [words for _, words in figures(rig) if re.fullmatch(_ON_SHOW[Page.VOICES], words)]
    cards = [one for one in rig.window.findChildren(QuoteCardButton) if one.isVisible()]
    assert said == [f"All kept words: {len(cards)}"]


def test_every_figure_of_the_tray_menu_leads_somewhere(theme: Theme) -> None:
    tray = Tray(theme)
    tray.show_tray(replace(TRAY, unsent_line="2 not sent yet, since 09:00"))
    told: list[str] = []
    for name in ("entry_chosen", "alert_chosen", "page_asked", "outbox_asked", "call_back_asked"):
        getattr(tray, name).connect(lambda *_parts, name=name: told.append(name))
    entries = (one for one in tray.menu.actions() if "I am presenting" not in one.text())
    counted = [one for one in entries if has_figure(one.text()) and not one.menu()]
    assert len(counted) >= 3
    for action in counted:
        told.clear()
        assert action.isEnabled(), action.text()
        action.trigger()
        assert told, f"{action.text()!r} opens nothing"


def test_no_page_is_left_out() -> None:
    assert set(_STANDS_BESIDE) == set(Page)
