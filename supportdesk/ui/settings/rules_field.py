"""Rules for sources: the list of those that hold, and an entry of four choices."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from supportdesk.ui.settings.alert_forms import RuleKind, RuleLevel, RuleOptions, RuleSound
from supportdesk.ui.settings.fields import ChoiceField
from supportdesk.ui.settings.line_list import LineList
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.widgets.box import column
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.flow import flowing

_KINDS = (
    (RuleKind.ALL, "everything"),
    (RuleKind.MAIL, "mail"),
    (RuleKind.WAITING, "callers who wait"),
    (RuleKind.MISSED, "missed calls"),
    (RuleKind.HEALTH, "when it is not heard"),
)
_LEVELS = (
    (RuleLevel.TELL, "tell me"),
    (RuleLevel.DIGEST, "only in the summary after an absence"),
    (RuleLevel.NEVER, "never tell me"),
)
_SOUNDS = (
    (RuleSound.AS_SET, "sound as chosen above"),
    (RuleSound.ON, "with a sound"),
    (RuleSound.OFF, "without a sound"),
)


class RulesField(QWidget):
    """Tells all rules that shall hold; a source and kind have one rule at most.

    Signals:
        changed: A tuple of `RuleOptions`.
        rebuilt: There are other buttons than before.
    """

    changed = Signal(object)
    rebuilt = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._rules: tuple[RuleOptions, ...] = ()
        self._sources: tuple[str, ...] = ()
        self._lines = LineList(theme, "No rules: every mailbox and every phone is told alike.")
        self._source = ChoiceField[str](theme, "Rule for", [("", "no source yet")], "")
        self._kind = ChoiceField(theme, "Rule for what", _KINDS, RuleKind.ALL)
        self._level = ChoiceField(theme, "What the rule says", _LEVELS, RuleLevel.DIGEST)
        self._sound = ChoiceField(theme, "Sound of the rule", _SOUNDS, RuleSound.AS_SET)
        self._add = Button(theme, "Add", icon="check", small=True, hint="Add this rule")
        self._add.clicked.connect(self._on_add)
        self._lines.removed.connect(self._on_removed)
        self._lines.rebuilt.connect(self.rebuilt)
        entry = flowing(self._source, self._kind, self._level, self._sound, self._add, gap=6)
        column(theme, self._lines, entry, gap=6, inside=self)
        self.show_rules((), ())

    def show_rules(self, rules: tuple[RuleOptions, ...], sources: tuple[str, ...]) -> None:
        self._rules = rules
        self._lines.show_lines([rule_words(one) for one in rules])
        if sources != self._sources or not sources:
            self._sources = sources
            self._source.set_options([(name, name) for name in sources] or [("", "no source yet")])
            self._add.set_possible(bool(sources), "Connect an inbox or a phone first")

    def _on_add(self) -> None:
        new = RuleOptions(
            source=self._source.value,
            kind=self._kind.value,
            level=self._level.value,
            sound=self._sound.value,
        )
        others = [one for one in self._rules if (one.source, one.kind) != (new.source, new.kind)]
        self.changed.emit((*others, new))

    def _on_removed(self, number: int) -> None:
        self.changed.emit(tuple(one for at, one in enumerate(self._rules) if at != number))


def rule_words(rule: RuleOptions) -> str:
    """Support, mail: only in the summary after an absence, without a sound."""
    words = f"{rule.source}, {dict(_KINDS)[rule.kind]}: {dict(_LEVELS)[rule.level]}"
    return words if rule.sound is RuleSound.AS_SET else f"{words}, {dict(_SOUNDS)[rule.sound]}"
