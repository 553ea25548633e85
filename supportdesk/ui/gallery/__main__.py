"""Renders every screen, light and dark, some at 200 % text, into PNG files of a folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPoint, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from supportdesk.ui.compose.outbox_list import OutboxDialog
from supportdesk.ui.compose.reply_picker import ReplyPicker
from supportdesk.ui.gallery import make_believe as scene
from supportdesk.ui.gallery import make_believe_compose as answers
from supportdesk.ui.gallery import make_believe_voices as kept
from supportdesk.ui.gallery import make_believe_week_words as aloud
from supportdesk.ui.gallery.make_believe_beside import BESIDE, NOTE_LINE
from supportdesk.ui.gallery.make_believe_calls import CALLS, NO_PHONE, QUIET_CALLS
from supportdesk.ui.gallery.make_believe_health import CERT_TROUBLE, HEALTH, SETTINGS
from supportdesk.ui.gallery.make_believe_log import ADD, BY_HAND, CORRECT, FIRST_WEEK, REFUSED
from supportdesk.ui.gallery.make_believe_mail import CONVERSATION, ON_ITS_WAY
from supportdesk.ui.gallery.make_believe_week import WEEK
from supportdesk.ui.gallery.tray_sheet import TraySheet
from supportdesk.ui.keys import OVERVIEW
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows import Page, RailView, StripKind, WeekView
from supportdesk.ui.rows.composer import ComposerView
from supportdesk.ui.rows.span_form import SpanField
from supportdesk.ui.settings.forms import CheckOutcome, MailForm, PhoneForm
from supportdesk.ui.settings.mail_dialog import MailDialog
from supportdesk.ui.settings.phone_dialog import PhoneDialog
from supportdesk.ui.theme.theme import FUSION, Theme
from supportdesk.ui.theme.tokens import Ink
from supportdesk.ui.week.span_dialog import SpanDialog
from supportdesk.ui.widgets.keys_dialog import KeysDialog

SIZE = QSize(1200, 800)
_EVENT_ROUNDS = 8


def build_window(theme: Theme, strip: StripKind = StripKind.QUIET) -> MainWindow:
    window = MainWindow(theme, lambda: b"", lambda _: None)
    window.show_strip(scene.STRIPS[strip])
    window.show_rail(
        RailView(inbox_count="6", calls_count="2", is_health_warning=strip is StripKind.DEAF)
    )
    window.show_calls(CALLS)
    window.show_week(WEEK)
    window.show_health(HEALTH)
    window.show_settings(SETTINGS)
    return window


def inbox(theme: Theme) -> QWidget:
    window = build_window(theme, StripKind.YOURS)
    window.show_inbox(scene.INBOX)
    window.show_message(scene.MESSAGE)
    window.show_clock(scene.CLOCK)
    return window


def broken_message(theme: Theme) -> QWidget:
    window = build_window(theme, StripKind.PAUSED)
    window.show_inbox(scene.INBOX)
    window.show_message(scene.BROKEN_MESSAGE)
    window.show_clock(scene.CLOCK_FULL)
    return window


def conversation(theme: Theme) -> QWidget:
    window = build_window(theme)
    window.show_inbox(scene.INBOX)
    window.show_message(CONVERSATION)
    window.show_clock(scene.CLOCK)
    return window


def on_its_way(theme: Theme) -> QWidget:
    window = build_window(theme)
    window.show_inbox(scene.INBOX)
    window.show_message(ON_ITS_WAY)
    return window


def beside(theme: Theme) -> QWidget:
    window = build_window(theme)
    window.show_inbox(scene.INBOX)
    window.show_message(BESIDE)
    window.show_note(NOTE_LINE)
    return window


def kept_words(theme: Theme) -> QWidget:
    window = build_window(theme)
    window.show_inbox(scene.INBOX)
    window.show_message(kept.KEPT_MESSAGE)
    return window


def composer(view: ComposerView, strip: StripKind = StripKind.QUIET) -> Callable[[Theme], QWidget]:
    def build(theme: Theme) -> QWidget:
        window = build_window(theme, strip)
        window.show_inbox(scene.INBOX)
        window.show_message(scene.MESSAGE)
        window.show_clock(scene.CLOCK)
        window.show_composer(view)
        return window

    return build


def undo(theme: Theme) -> QWidget:
    window = build_window(theme)
    window.show_inbox(scene.INBOX)
    window.show_message(scene.MESSAGE)
    window.show_undo(answers.UNDO)
    return window


def outbox(theme: Theme) -> QWidget:
    dialog = OutboxDialog(theme, None)
    dialog.show_rows(answers.OUTBOX)
    return dialog


def quiet(theme: Theme) -> QWidget:
    window = build_window(theme)
    window.show_rail(RailView())
    window.show_inbox(scene.QUIET_INBOX)
    return window


def deaf(theme: Theme) -> QWidget:
    window = build_window(theme, StripKind.DEAF)
    window.show_inbox(scene.DEAF_INBOX)
    return window


def calls(theme: Theme) -> QWidget:
    window = build_window(theme, StripKind.YOURS)
    window.show_page(Page.CALLS)
    return window


def quiet_calls(theme: Theme) -> QWidget:
    window = build_window(theme)
    window.show_calls(QUIET_CALLS)
    window.show_page(Page.CALLS)
    return window


def no_phone(theme: Theme) -> QWidget:
    window = build_window(theme, StripKind.WAITING)
    window.show_calls(NO_PHONE)
    window.show_page(Page.CALLS)
    return window


def on_page(page: Page, strip: StripKind = StripKind.QUIET) -> Callable[[Theme], QWidget]:
    def build(theme: Theme) -> QWidget:
        window = build_window(theme, strip)
        window.show_page(page)
        return window

    return build


def week(view: WeekView) -> Callable[[Theme], QWidget]:
    def build(theme: Theme) -> QWidget:
        window = build_window(theme)
        window.show_week(view)
        window.show_page(Page.WEEK)
        return window

    return build


def correct_span(theme: Theme) -> QWidget:
    return SpanDialog(theme, CORRECT, None)


def span_refused(theme: Theme) -> QWidget:
    dialog = SpanDialog(theme, CORRECT, None)
    dialog.refuse(REFUSED, SpanField.LENGTH)
    return dialog


def add_span(theme: Theme) -> QWidget:
    return SpanDialog(theme, ADD, None)


def first_run(theme: Theme) -> QWidget:
    window = build_window(theme)
    window.show_first_run()
    return window


def mail_dialog(theme: Theme) -> QWidget:
    return MailDialog(theme, MailForm(address="support@larder.app", host="mail.larder.app"))


def mail_trouble(theme: Theme) -> QWidget:
    dialog = MailDialog(theme, MailForm(address="support@larder.app", host="mail.larder.app"))
    dialog.show_outcome(CheckOutcome(trouble=CERT_TROUBLE))
    return dialog


def mail_good(theme: Theme) -> QWidget:
    dialog = MailDialog(theme, MailForm(address="support@larder.app", host="mail.larder.app"))
    dialog.show_outcome(CheckOutcome(words="Signed in; 1,204 messages in INBOX, IDLE is offered."))
    return dialog


def phone_dialog(theme: Theme) -> QWidget:
    return PhoneDialog(theme, PhoneForm(host="pbx.larder.app", user="supportdesk"))


def all_keys(theme: Theme) -> QWidget:
    return KeysDialog(theme, OVERVIEW, None)


SCREENS: dict[str, Callable[[Theme], QWidget]] = {
    "1-inbox": inbox,
    "1b-broken-message": broken_message,
    "1c-conversation": conversation,
    "1d-on-its-way": on_its_way,
    "1m-beside": beside,
    "1n-kept": kept_words,
    "1e-composer": composer(answers.COMPOSER),
    "1f-composer-news": composer(answers.NEWS, StripKind.YOURS),
    "1g-composer-not-kept": composer(answers.NOT_KEPT),
    "1h-composer-held": composer(answers.HELD),
    "1i-composer-many": composer(answers.RTL),
    "1j-undo": undo,
    "1k-outbox": outbox,
    "1l-replies": lambda theme: ReplyPicker(theme, answers.REPLIES, None),
    "2-calls": calls,
    "2b-calls-quiet": quiet_calls,
    "2c-no-phone": no_phone,
    "2d-voices": kept.voices(kept.VOICES, build_window),
    "2e-voices-chosen": kept.voices(kept.CHOSEN, build_window, kept.TYPED),
    "2f-voices-empty": kept.voices(kept.EMPTY, build_window),
    "2g-voices-banner": kept.voices(replace(kept.VOICES, banner=aloud.BANNER), build_window),
    "2h-week-words": aloud.week_words(aloud.PAGE),
    "2i-week-words-full": aloud.week_words(aloud.FULL),
    "2j-week-words-nothing": aloud.week_words(aloud.NOTHING),
    "2k-chat": aloud.chat(aloud.CHAT),
    "2l-chat-which": aloud.chat(aloud.NO_CHAT),
    "2m-chat-refused": aloud.chat(aloud.CHAT_REFUSED),
    "3-week": on_page(Page.WEEK),
    "3b-week-by-hand": week(BY_HAND),
    "3c-week-empty": week(FIRST_WEEK),
    "3d-correct": correct_span,
    "3e-correct-refused": span_refused,
    "3f-add": add_span,
    "4-health": on_page(Page.HEALTH, StripKind.DEAF),
    "5-settings": on_page(Page.SETTINGS),
    "6a-first-run": first_run,
    "6b-mail-dialog": mail_dialog,
    "6c-mail-trouble": mail_trouble,
    "6d-mail-good": mail_good,
    "6e-phone-dialog": phone_dialog,
    "7a-quiet": quiet,
    "7b-not-listening": deaf,
    "8-tray": TraySheet,
    "9-keys": all_keys,
}


def picture(app: QApplication, theme: Theme, build: Callable[[Theme], QWidget]) -> QImage:
    widget = build(theme)
    is_sheet = isinstance(widget, MainWindow | TraySheet)
    if is_sheet:
        widget.setMinimumSize(1, 1)
        widget.resize(SIZE)
    widget.show()
    for _ in range(_EVENT_ROUNDS):
        app.processEvents()
    image = QImage(widget.size(), QImage.Format.Format_RGB32)
    image.fill(QColor(theme.hex(Ink.LIST)))
    painter = QPainter(image)
    widget.render(painter, QPoint(0, 0))
    painter.end()
    widget.close()
    widget.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return image


def main(arguments: list[str]) -> int:
    if not arguments:
        sys.stderr.write("usage: python -m supportdesk.ui.gallery OUTDIR [SCREEN ...]\n")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    wanted = arguments[1:]
    app = QApplication.instance() or QApplication([*sys.argv[:1], *FUSION])
    assert isinstance(app, QApplication)  # noqa: S101 - nobody else makes one here
    theme = Theme(app)
    theme.dress()
    theme.set_base_font(os.environ.get("SUPPORTDESK_GALLERY_FONT", "Inter"), 10.0)
    for name, build in SCREENS.items():
        if wanted and not any(name.startswith(prefix) for prefix in wanted):
            continue
        for scale, suffix in ((1.0, ""), (2.0, "-200pct")):
            theme.set_text_scale(scale)
            for is_dark in (False, True):
                theme.want_dark(is_dark)
                shade = "dark" if is_dark else "light"
                file = folder / f"{name}{suffix}-{shade}.png"
                picture(app, theme, build).save(str(file))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
