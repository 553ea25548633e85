"""Looking at a screen as the founder does: by words and by names."""

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from supportdesk.ui.widgets.label import Label


def settle() -> None:
    """Widgets that were just added come to sight with the next events."""
    for _ in range(3):
        QApplication.processEvents()


def words(screen: QWidget) -> list[str]:
    settle()
    return [label.text() for label in screen.findChildren(Label) if label.isVisible()]


def named(screen: QWidget, name: str) -> QWidget:
    settle()
    found = [
        widget
        for widget in screen.findChildren(QWidget)
        if widget.accessibleName() == name and widget.isVisible()
    ]
    assert found, f"no {name!r} on show"
    return found[0]


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the keyboard"
    return widget


def type_keys(screen: QWidget, keys: str) -> None:
    QTest.keyClicks(QApplication.focusWidget() or screen, keys)
