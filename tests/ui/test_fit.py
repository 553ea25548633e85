"""No clipped word: every screen, two fonts, 100 and 200 % text, also a small window."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from supportdesk.ui.gallery.make_believe import DEAF_INBOX
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Elided, Label
from tests.ui.looking import settle
from tests.ui.screens import NAMES, shown

FONTS = ("Inter", "DejaVu Sans")


def cut_words(screen: QWidget) -> list[str]:
    cut = []
    for widget in screen.findChildren(QWidget):
        if not widget.isVisibleTo(screen):
            continue
        if isinstance(widget, Button) and is_squeezed(widget):
            cut.append(f"button: {widget.text() or widget.accessibleName()}")
        elif isinstance(widget, Label) and is_label_cut(widget):
            cut.append(f"label: {widget.text()}")
    return cut


def cut_pages(screen: QWidget) -> list[str]:
    """Scrolling pages that are wider than what can be seen of them."""
    cut = []
    for area in screen.findChildren(QScrollArea):
        page = area.widget()
        if area.isVisibleTo(screen) and page and page.width() > area.viewport().width():
            cut.append(area.accessibleName())
    return cut


def is_squeezed(button: Button) -> bool:
    hint = button.sizeHint()
    if button.minimumSizeHint() != hint:
        return not button.toolTip()
    return button.width() < hint.width() or button.height() < hint.height()


def is_label_cut(label: Label) -> bool:
    if isinstance(label, Elided):
        return bool(label.text().endswith("…")) and not label.toolTip()
    if label.text() == "·" and label.width() == 0:
        return False
    if label.wordWrap():
        return label.height() + 1 < label.heightForWidth(label.width())
    return label.width() + 1 < label.sizeHint().width()


@pytest.mark.parametrize("family", FONTS)
@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut(theme: Theme, name: str, scale: float, family: str) -> None:
    theme.set_base_font(family, 10.0)
    theme.set_text_scale(scale)
    with shown(theme, name) as screen:
        assert cut_words(screen) == []
        assert cut_pages(screen) == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_in_a_small_window(theme: Theme, name: str) -> None:
    with shown(theme, name, 640, 480) as screen:
        assert cut_words(screen) == []
        assert cut_pages(screen) == []


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_date_of_a_list_that_may_be_out_of_date_is_in_sight(theme: Theme, scale: float) -> None:
    theme.set_text_scale(scale)
    with shown(theme, "7b-not-listening") as screen:
        assert isinstance(screen, MainWindow)
        long = "1,204 waiting, longest first · as of Wed 18 Nov, 18:14"
        screen.show_inbox(replace(DEAF_INBOX, caption=long))
        settle()
        caption = next(label for label in screen.findChildren(Label) if label.text() == long)
        assert caption.isVisibleTo(screen)
        assert not is_label_cut(caption)


@pytest.mark.parametrize("name", NAMES)
def test_every_control_can_be_named_and_hit(theme: Theme, name: str) -> None:
    with shown(theme, name) as screen:
        for widget in screen.findChildren(QWidget):
            if not widget.isVisibleTo(screen):
                continue
            if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                continue
            assert widget.accessibleName(), f"{widget} has no name"
            assert min(widget.width(), widget.height()) >= 24, f"{widget} is too small to hit"
            if isinstance(widget, Button) and not widget.text():
                assert widget.toolTip()


@pytest.mark.parametrize("name", NAMES)
def test_at_most_one_filled_button(theme: Theme, name: str) -> None:
    with shown(theme, name) as screen:
        filled = [
            button.text()
            for button in screen.findChildren(Button)
            if button.isVisibleTo(screen) and button.rank.value == "primary"
        ]
        assert len(filled) <= 1


def test_a_live_dark_switch_repaints_the_window(theme: Theme) -> None:
    with shown(theme, "1-inbox") as screen:
        before = screen.grab().toImage().pixelColor(900, 700).name().upper()
        theme.want_dark(True)
        after = screen.grab().toImage().pixelColor(900, 700).name().upper()
        assert (before, after) == ("#FFFDFA", "#252220")
