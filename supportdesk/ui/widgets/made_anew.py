"""A window whose sizes of text have changed is made anew: to the founder it is the same one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def stand_in_for(old: QWidget, anew: QWidget) -> None:
    """Show this one where that one is; it takes the keyboard only if that one has it."""
    anew.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, not old.isActiveWindow())
    anew.setGeometry(old.geometry())
    if old.isMinimized():
        anew.showMinimized()
    else:
        anew.show()
    old.hide()
