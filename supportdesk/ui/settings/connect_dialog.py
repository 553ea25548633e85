"""What both "Connect your ..." dialogs share: test, progress in words, result, connect.

Connect opens after a good test of exactly what is in the fields, or by "Connect anyway".
Entries stay whatever happens; nothing is saved here, the form is only handed over.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QLayout, QWidget

from supportdesk.ui.rows import ButtonRank, Notice, Tone
from supportdesk.ui.settings.forms import CheckOutcome, MailForm, PhoneForm
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.banner import Banner
from supportdesk.ui.widgets.box import STRETCH, Grow, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Label
from supportdesk.ui.widgets.trouble_card import TroubleCard

_WIDTH = 640
_NOTHING_SAVED = "Nothing is saved until you connect."

Form = TypeVar("Form", MailForm, PhoneForm)


class ConnectDialog(QDialog, Generic[Form]):
    """Subclasses build the fields and read them as a form."""

    test_asked = Signal(object)
    connect_asked = Signal(object)

    def __init__(self, theme: Theme, title: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.theme = theme
        self._good: Form | None = None
        self._testing: Form | None = None
        self._title = Label(theme, title, TypeRole.TITLE)
        self._place = column(theme, gap=0)
        self._safe = Label(theme, _NOTHING_SAVED, TypeRole.CAPTION, Ink.TEXT2).wrapping()
        self._test = Button(theme, "Test", icon="refresh", hint="Test the connection")
        self._test.clicked.connect(self._on_test)
        self._anyway = Button(theme, "Connect anyway", ButtonRank.GHOST)
        self._anyway.clicked.connect(self._on_connect)
        self._anyway.hide()
        self._connect = Button(theme, "Connect", ButtonRank.PRIMARY, icon="check")
        self._connect.clicked.connect(self._on_connect)
        self._connect.set_possible(False, "Test the connection first.")

    def read_form(self) -> Form:
        raise NotImplementedError

    def missing(self) -> str:
        """What still has to be filled in, in words; "" when the form can be tested."""
        raise NotImplementedError

    # --- what the presenter tells ------------------------------------------------------

    def show_progress(self, words: str) -> None:
        self._show(Label(self.theme, words, ink=Ink.TEXT2).wrapping())

    def show_outcome(self, outcome: CheckOutcome) -> None:
        tested, self._testing = self._testing, None
        self._test.set_possible(True)
        if outcome.trouble is not None:
            self._good = None
            self._show(TroubleCard(self.theme, outcome.trouble))
            self._safe.setText(outcome.trouble.safe)
            self._anyway.show()
        else:
            self._good = tested
            notice = Notice(title="It works.", text=outcome.words, tone=Tone.GOOD)
            self._show(Banner(self.theme, notice))
            self._safe.setText(_NOTHING_SAVED)
            self._anyway.hide()
        self._settle()
        self.fit()
        if outcome.is_good and self._connect.isEnabled():
            self._connect.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- for subclasses ----------------------------------------------------------------

    def arrange(self, fields: QLayout) -> None:
        column(
            self.theme,
            self._title,
            4,
            fields,
            4,
            self._place,
            STRETCH,
            row(self.theme, Grow(self._safe), self._test, self._anyway, self._connect),
            gap=8,
            margins=(24, 20, 24, 20),
            inside=self,
        )
        self.setMinimumWidth(self.theme.mark(_WIDTH))
        self._settle()

    def fit(self) -> None:
        """As high as its content needs at this width."""
        layout = self.layout()
        if layout is None:
            return
        layout.invalidate()
        layout.activate()
        width = max(self.minimumWidth(), layout.totalMinimumSize().width())
        self.resize(width, layout.totalHeightForWidth(width))

    def changed(self) -> None:
        """A field changed: an earlier good test no longer speaks for what stands there."""
        self._settle()

    # --- inside ------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()

    def _on_test(self) -> None:
        missing = self.missing()
        if missing:
            self.show_progress(missing)
            return
        form = self.read_form()
        self._testing = form
        self._test.set_possible(False, "The test is running.")
        self.test_asked.emit(form)

    def _on_connect(self) -> None:
        missing = self.missing()
        if missing:
            self.show_progress(missing)
            return
        self.connect_asked.emit(self.read_form())

    def _settle(self) -> None:
        is_good = self._good is not None and self._good == self.read_form()
        self._connect.set_possible(is_good, "Test the connection first.")

    def _show(self, widget: QWidget) -> None:
        clear(self._place)
        self._place.addWidget(widget)
        self.fit()
