"""The palette and the few style sheet rules that a palette and a paintEvent cannot say."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QColor, QPalette

from supportdesk.ui.theme.tokens import Colour, Ink

_Role = QPalette.ColorRole
_ROLES: tuple[tuple[QPalette.ColorRole, Ink], ...] = (
    (_Role.Window, Ink.LIST),
    (_Role.Base, Ink.PAGE),
    (_Role.AlternateBase, Ink.LIST),
    (_Role.WindowText, Ink.TEXT),
    (_Role.Text, Ink.TEXT),
    (_Role.Button, Ink.RAISED),
    (_Role.ButtonText, Ink.TEXT),
    (_Role.Highlight, Ink.ACCENT),
    (_Role.HighlightedText, Ink.ON_ACCENT),
    (_Role.Link, Ink.ACCENT_TEXT),
    (_Role.LinkVisited, Ink.ACCENT_TEXT),
    (_Role.ToolTipBase, Ink.RAISED),
    (_Role.ToolTipText, Ink.TEXT),
    (_Role.PlaceholderText, Ink.TEXT3),
    (_Role.Accent, Ink.ACCENT),
    (_Role.Mid, Ink.LINE),
    (_Role.Dark, Ink.EDGE),
    (_Role.Light, Ink.RAISED),
    (_Role.Midlight, Ink.HOVER),
    (_Role.Shadow, Ink.EDGE),
    (_Role.BrightText, Ink.BRICK),
)


def build_palette(colours: Mapping[Ink, Colour]) -> QPalette:
    palette = QPalette()
    for role, ink in _ROLES:
        palette.setColor(role, QColor(colours[ink]))
    for role in (_Role.Text, _Role.WindowText, _Role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours[Ink.TEXT3]))
    return palette


def build_style_sheet(colours: Mapping[Ink, Colour]) -> str:
    """Scroll bars, fields, calendars, tooltips. Never a font size: it would kill text scaling."""
    return _SHEET % {ink.value: colours[ink] for ink in Ink}


_SHEET = """
QAbstractScrollArea { border: 0; background: transparent }
QToolTip { background: %(raised)s; color: %(text)s; border: 1px solid %(line)s; padding: 4px 8px }
QMenu { background: %(raised)s; color: %(text)s; border: 1px solid %(line)s; padding: 4px }
QMenu::item { padding: 6px 18px 6px 12px; border-radius: 5px }
QMenu::item:selected { background: %(selected)s; color: %(text)s }
QMenu::item:disabled { color: %(text3)s }
QMenu::separator { height: 1px; background: %(line)s; margin: 4px 8px }
QScrollBar:vertical { background: transparent; width: 8px; margin: 2px 1px }
QScrollBar::handle:vertical { background: %(thumb)s; border-radius: 3px; min-height: 32px }
QScrollBar::handle:vertical:hover { background: %(edge)s }
QScrollBar:horizontal { background: transparent; height: 8px; margin: 1px 2px }
QScrollBar::handle:horizontal { background: %(thumb)s; border-radius: 3px; min-width: 32px }
QScrollBar::handle:horizontal:hover { background: %(edge)s }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0 }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent }
QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit#Lines {
  background: %(raised)s; color: %(text)s; border: 1px solid %(edge)s; border-radius: 6px;
  padding: 5px 9px; selection-background-color: %(accent)s; selection-color: %(onAccent)s }
QLineEdit { placeholder-text-color: %(text3)s }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus, QPlainTextEdit#Lines:focus {
  border: 2px solid %(focus)s; padding: 4px 8px }
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {
  background: %(hover)s; color: %(text3)s; border-color: %(line)s }
QComboBox::drop-down, QDateEdit::drop-down { border: 0; width: 24px }
QDateEdit::down-arrow { image: none }
QTimeEdit::up-button, QTimeEdit::down-button { border: 0; width: 0 }
QComboBox QAbstractItemView {
  background: %(raised)s; color: %(text)s; border: 1px solid %(line)s;
  selection-background-color: %(selected)s; selection-color: %(text)s }
QHeaderView, QHeaderView::section { background: %(list)s; color: %(text2)s }
QHeaderView::section { border: 0; border-bottom: 1px solid %(line)s; padding: 4px 6px }
QFileDialog QAbstractItemView { background: %(page)s }
QFileDialog QListView#sidebar { background: %(list)s }
QFileDialog QAbstractItemView::item { padding: 2px }
QFileDialog QAbstractItemView::item:selected { background: %(selected)s; color: %(text)s }
QCalendarWidget { background: %(raised)s; border: 1px solid %(line)s }
QCalendarWidget QWidget#qt_calendar_navigationbar { background: %(list)s }
QCalendarWidget QToolButton {
  background: transparent; color: %(text)s; border: 0; border-radius: 5px; padding: 5px 8px }
QCalendarWidget QToolButton:hover { background: %(hover)s }
QCalendarWidget QToolButton::menu-indicator { image: none }
QCalendarWidget QAbstractItemView {
  background: %(raised)s; color: %(text)s; outline: 0;
  selection-background-color: %(accent)s; selection-color: %(onAccent)s }
"""
