"""Attachments in the window: fetched when asked, judged, opened, saved; the dangerous asked of."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.domain.errors import Problem
from supportdesk.domain.events import MessageTextFetched, PartFetched, PartProgressed
from supportdesk.domain.health import Hearing
from supportdesk.domain.mail import MessagePart, MessageSummary, MessageText
from supportdesk.services.file_danger import Judgement, Risk
from supportdesk.ui.inbox.attachments import AttachmentsRow
from supportdesk.ui.rows import Action, FileView, Tone
from supportdesk.ui.theme import Theme
from tests.fakes.happenings import SUPPORT, a_message, after, arrived, health
from tests.ui.rig import Rig

PDF = MessagePart(
    name="invoice.pdf", media_type="application/pdf", size_bytes=2_100_000, section="2"
)
SHEET = MessagePart(name="prices.xlsx", media_type="a/b", size_bytes=40_000, section="3")
PROGRAM = MessagePart(name="invoice.pdf.exe", media_type="a/b", size_bytes=9, section="4")
LOGO = MessagePart(
    name="logo.png", media_type="image/png", size_bytes=9, section="5", is_inline=True
)
MACROS = Judgement(risk=Risk.DANGEROUS, kind="A document with macros", warning="It has a program.")


class Desk:
    """A window with one message open."""

    def __init__(self, theme: Theme, qtbot: QtBot, *parts: MessagePart) -> None:
        self.rig = Rig(theme, qtbot)
        self.qtbot = qtbot
        self.message: MessageSummary = a_message(1, who="Ingrid Solheim", at=after(1))
        self.text = MessageText(
            account=SUPPORT, message_id=self.message.message_id, text="See it.", parts=parts
        )
        self.rig.acts.text = self.text
        self.rig.desk.apply(arrived(self.message))
        self.rig.controller.open_item(self.message.key)
        self.asked = self.rig.acts.asked
        self.done = self.rig.acts.files.asked
        self.qtbot.waitUntil(lambda: bool(self.row.findChildren(QPushButton)), timeout=30_000)

    @property
    def row(self) -> AttachmentsRow:
        return next(iter(self.rig.window.findChildren(AttachmentsRow)))

    @property
    def files(self) -> tuple[FileView, ...]:
        return self.row.view.files

    def press(self, name: str) -> None:
        def named() -> list[QPushButton]:
            return [
                one
                for one in self.row.findChildren(QPushButton)
                if one.accessibleName() == name and one.isVisible()
            ]

        self.qtbot.waitUntil(lambda: bool(named()), timeout=30_000)
        named()[0].click()

    def comes(self, done: int, total: int, part: MessagePart = PDF) -> None:
        self.rig.controller.event_seen(
            PartProgressed(
                account=SUPPORT,
                message_id=self.message.message_id,
                section=part.section,
                done_bytes=done,
                total_bytes=total,
            )
        )

    def came(self, path: str, problem: str = "", part: MessagePart = PDF) -> None:
        if path:
            self.rig.acts.parts_here[part.section] = path
        self.rig.controller.event_seen(
            PartFetched(
                account=SUPPORT,
                message_id=self.message.message_id,
                section=part.section,
                path=path,
                problem=problem,
            )
        )

    def choose(self, path: str) -> None:
        """What the founder does in the file dialog."""
        (dialog,) = [one for one in self.rig.window.findChildren(QFileDialog) if one.isVisible()]
        dialog.fileSelected.emit(path)
        dialog.reject()


Open = Callable[..., Desk]


@pytest.fixture
def opened(theme: Theme, qtbot: QtBot) -> Open:
    return lambda *parts: Desk(theme, qtbot, *parts)


def test_a_file_lies_on_the_server_until_it_is_asked_for(opened: Open) -> None:
    desk = opened(PDF)
    assert [one.name for one in desk.files] == ["invoice.pdf"]
    assert desk.files[0].detail == "on the mail server"
    assert desk.files[0].icon == "file-text"
    assert not [one for one in desk.asked if one.startswith("fetch ")]
    assert desk.done == []


def test_opened_it_comes_and_is_shown_by_the_desktop(opened: Open) -> None:
    desk = opened(PDF)
    desk.press("Open invoice.pdf")
    assert "fetch 2" in desk.asked
    assert desk.files[0].detail == "asking the mail server"
    desk.comes(400, 1000)
    assert (desk.files[0].detail, desk.files[0].share) == ("40 % has come", 0.4)
    desk.came("/kept/invoice.pdf")
    assert desk.done == ["judge /kept/invoice.pdf", "open /kept/invoice.pdf"]
    assert desk.files[0].detail == "here"
    assert desk.files[0].path == "/kept/invoice.pdf"


def test_what_comes_too_late_waits_to_be_opened(opened: Open) -> None:
    desk = opened(PDF)
    desk.press("Open invoice.pdf")
    desk.rig.desk.now = after(60)
    desk.came("/kept/invoice.pdf")
    assert desk.done == ["judge /kept/invoice.pdf"]
    desk.press("Open invoice.pdf")
    assert desk.done[-1] == "open /kept/invoice.pdf"


def test_a_file_of_another_message_does_not_open_by_itself(opened: Open) -> None:
    desk = opened(PDF)
    desk.press("Open invoice.pdf")
    other = a_message(2, who="Pavel Kiss", at=after(2))
    desk.rig.desk.apply(arrived(other))
    desk.rig.controller.open_item(other.key)
    desk.qtbot.waitUntil(lambda: desk.row.message_key == other.key, timeout=30_000)
    desk.qtbot.waitUntil(lambda: desk.row.isVisible(), timeout=30_000)
    desk.came("/kept/invoice.pdf")
    assert desk.done == ["judge /kept/invoice.pdf"]


def test_nothing_opens_it_is_said(opened: Open) -> None:
    desk = opened(PDF)
    desk.rig.acts.files.takes_files = False
    desk.press("Open invoice.pdf")
    desk.came("/kept/invoice.pdf")
    assert desk.files[0].detail == "here"
    assert desk.files[0].caution.startswith("Nothing on this computer opens")
    assert desk.files[0].tone is Tone.BRICK


def test_stopped_it_is_on_the_server_again(opened: Open) -> None:
    desk = opened(PDF)
    desk.press("Open invoice.pdf")
    desk.comes(400, 1000)
    desk.press("Stop fetching invoice.pdf")
    assert "give up 2" in desk.asked
    desk.came("")
    assert desk.files[0].detail == "on the mail server"
    assert desk.files[0].share is None


def test_while_the_account_is_not_heard_it_waits(opened: Open) -> None:
    desk = opened(PDF)
    desk.press("Open invoice.pdf")
    desk.comes(400, 1000)
    for hearing, words in (
        (Hearing.DEAF, "40 % has come, goes on when the mail server is heard again"),
        (Hearing.LISTENING, "40 % has come"),
    ):
        desk.rig.controller.event_seen(health(SUPPORT, hearing))
        assert desk.files[0].detail == words
        assert [one.label for one in desk.files[0].buttons] == ["Stop"]


def test_what_was_pruned_meanwhile_comes_again(opened: Open) -> None:
    desk = opened(PDF)
    desk.press("Open invoice.pdf")
    desk.came("/kept/invoice.pdf")
    desk.rig.acts.parts_here.clear()
    desk.press("Save invoice.pdf")
    desk.choose("/home/founder/mine.pdf")
    assert desk.asked.count("fetch 2") == 2
    desk.came("/kept/invoice.pdf")
    assert desk.done[-1].startswith("save /kept/invoice.pdf as /home/founder/mine.pdf")


def test_a_problem_is_said_with_a_way_on(opened: Open) -> None:
    desk = opened(PDF)
    desk.press("Open invoice.pdf")
    desk.came("", "The network is away.")
    assert desk.files[0].detail == "could not be fetched"
    assert (desk.files[0].caution, desk.files[0].tone) == ("The network is away.", Tone.BRICK)
    desk.press("Try again to fetch invoice.pdf")
    assert desk.asked.count("fetch 2") == 2
    desk.came("/kept/invoice.pdf")
    assert desk.done == ["judge /kept/invoice.pdf"]  # the wish to open it went with the problem


def test_an_account_that_is_gone_is_said(opened: Open) -> None:
    desk = opened(PDF)
    desk.rig.acts.takes_files = False
    desk.press("Open invoice.pdf")
    assert desk.files[0].caution == "Its mail account is not watched any more."


def test_saved_where_the_founder_says_and_found_there(opened: Open) -> None:
    desk = opened(PDF)
    desk.press("Save invoice.pdf")
    desk.choose("/home/founder/Desk/mine.pdf")
    desk.came("/kept/invoice.pdf")
    sender = desk.message.sender.email
    assert desk.done[-1] == (f"save /kept/invoice.pdf as /home/founder/Desk/mine.pdf from {sender}")
    assert desk.files[0].detail == "saved in Desk as mine.pdf"
    desk.press("Show in its folder invoice.pdf")
    assert desk.done[-1] == "show /home/founder/Desk/mine.pdf"


def test_the_dialog_begins_in_the_last_folder_with_a_clean_name(opened: Open) -> None:
    desk = opened(replace(PDF, name="../con.pdf"))
    desk.press("Save ../con.pdf")
    (dialog,) = desk.rig.window.findChildren(QFileDialog)
    (edit,) = dialog.findChildren(QLineEdit)
    assert edit.text() == "_con.pdf"
    dialog.reject()
    assert not [one for one in desk.asked if one.startswith("fetch ")]


def test_a_copy_that_failed_is_said(opened: Open) -> None:
    desk = opened(PDF)
    desk.rig.acts.files.problem = Problem(title="The disk is full", advice="Make room.")
    desk.press("Save invoice.pdf")
    desk.choose("/home/founder/mine.pdf")
    desk.came("/kept/invoice.pdf")
    assert desk.files[0].caution == "The disk is full. Make room."
    desk.press("Save invoice.pdf")


def test_a_program_is_named_and_asked_about_before_anything_comes(opened: Open) -> None:
    desk = opened(PROGRAM)
    (file,) = desk.files
    assert (file.icon, file.tone) == ("warn", Tone.AMBER)
    assert file.detail == "A program · on the mail server"
    assert [one.label for one in file.buttons] == ["Save"]
    desk.press("Save invoice.pdf.exe")
    assert "Its name wants to be taken for .pdf." in desk.files[0].caution
    desk.press("Leave it invoice.pdf.exe")
    assert desk.files[0].caution == ""
    desk.press("Save invoice.pdf.exe")
    desk.press("Save anyway invoice.pdf.exe")
    desk.choose("/home/founder/it.exe")
    desk.rig.acts.files.judgement = MACROS
    desk.came("/kept/invoice.pdf.exe", part=PROGRAM)
    assert desk.done[-1].startswith("save /kept/invoice.pdf.exe as /home/founder/it.exe")
    assert desk.files[0].path == ""


def test_bytes_that_are_worse_than_the_name_are_asked_about(opened: Open) -> None:
    desk = opened(PDF)
    desk.rig.acts.files.judgement = MACROS
    desk.press("Save invoice.pdf")
    desk.choose("/home/founder/mine.pdf")
    desk.came("/kept/invoice.pdf")
    assert desk.done == ["judge /kept/invoice.pdf"]
    assert desk.files[0].caution == "It has a program."
    desk.press("Save anyway invoice.pdf")
    assert desk.done[-1].startswith("save /kept/invoice.pdf as /home/founder/mine.pdf")


def test_a_dangerous_file_does_not_open(opened: Open) -> None:
    desk = opened(PDF)
    desk.rig.acts.files.judgement = MACROS
    desk.press("Open invoice.pdf")
    desk.came("/kept/invoice.pdf")
    assert desk.done == ["judge /kept/invoice.pdf"]
    assert desk.files[0].detail == "A document with macros · here"
    assert "Open" not in [one.label for one in desk.files[0].buttons]


def test_all_are_saved_but_the_dangerous_are_asked_about(opened: Open) -> None:
    desk = opened(PDF, SHEET, PROGRAM, LOGO)
    labels = [one.text() for one in desk.row.findChildren(QLabel)]
    assert "3 files, 2.1 MB" in labels
    assert [one.name for one in desk.files] == ["invoice.pdf", "prices.xlsx", "invoice.pdf.exe"]
    desk.press("Save all")
    desk.choose("/home/founder/Desk")
    assert [one for one in desk.asked if one.startswith("fetch ")] == ["fetch 2", "fetch 3"]
    for part in (PDF, SHEET):
        desk.came(f"/kept/{part.name}", part=part)
    sender = desk.message.sender.email
    assert [one for one in desk.done if one.startswith("save ")] == [
        f"save invoice.pdf into /home/founder/Desk from {sender}",
        f"save prices.xlsx into /home/founder/Desk from {sender}",
    ]
    assert desk.files[2].caution
    desk.press("Save anyway invoice.pdf.exe")
    desk.came("/kept/x", part=PROGRAM)
    assert desk.done[-1].startswith("save invoice.pdf.exe into /home/founder/Desk")


def test_images_in_the_text_are_saved_by_the_menu(opened: Open) -> None:
    desk = opened(PDF, LOGO)
    shown = desk.rig.window._shown.message
    assert shown is not None
    (entry,) = [one for one in shown.more if one.action is Action.SAVE_IMAGES]
    assert entry.label == "Save the picture in the text…"
    desk.rig.controller.act(Action.SAVE_IMAGES, shown.conversation_key)
    desk.choose("/home/founder/Pictures")
    desk.came("/kept/logo.png", part=LOGO)
    assert desk.done[-1].startswith("save logo.png into /home/founder/Pictures")


def test_what_was_fetched_before_is_here(theme: Theme, qtbot: QtBot) -> None:
    desk = Desk(theme, qtbot, PDF)
    desk.rig.acts.parts_here["2"] = "/kept/invoice.pdf"
    desk.rig.controller.act(*list_files(desk))
    assert desk.files[0].detail == "here"
    desk.press("Open invoice.pdf")
    assert desk.done == ["judge /kept/invoice.pdf", "open /kept/invoice.pdf"]
    desk.rig.acts.parts_here.clear()  # the cache was emptied meanwhile
    desk.rig.controller.act(*list_files(desk))
    assert desk.files[0].detail == "on the mail server"


def list_files(desk: Desk) -> tuple[Action, str]:
    return Action.LIST_FILES, desk.message.key


def test_of_a_message_that_is_gone_the_names_stay(opened: Open) -> None:
    desk = opened(PDF)
    desk.rig.acts.text = None
    desk.rig.controller.act(*list_files(desk))
    assert [one.name for one in desk.files] == ["invoice.pdf"]
    desk.rig.controller.act(Action.LIST_FILES, "mail/Support/<gone@x>")
    assert [one.name for one in desk.files] == ["invoice.pdf"]


def test_many_are_shown_when_asked_for(opened: Open) -> None:
    desk = opened(*(replace(PDF, name=f"{n}.pdf", section=str(n)) for n in range(2, 22)))
    assert len(desk.files) == 6
    desk.press("14 more")
    assert len(desk.files) == 18
    desk.press("2 more")
    assert len(desk.files) == 20


def test_a_part_that_nobody_can_fetch_alone(opened: Open) -> None:
    desk = opened(PDF, replace(SHEET, section=""))
    assert desk.files[1].detail == "only your mail program can take it out"
    assert desk.files[1].buttons == ()


def test_the_parts_of_a_text_that_is_not_kept(opened: Open) -> None:
    desk = opened(PDF)
    longer = replace(desk.text, parts=(PDF, SHEET))
    desk.rig.acts.text = None
    desk.rig.controller.event_seen(
        MessageTextFetched(account=SUPPORT, message_id=desk.message.message_id, text=longer)
    )
    desk.qtbot.waitUntil(lambda: len(desk.files) == 2, timeout=30_000)
    desk.rig.controller.act(*list_files(desk))
    assert [one.detail for one in desk.files] == ["on the mail server"] * 2


def test_choices_about_files_that_are_not_known_do_nothing(opened: Open) -> None:
    desk = opened(PDF)
    before = list(desk.asked)
    desk.rig.controller.act(Action.OPEN_FILE, "mail/Support/<gone@x>#0")
    desk.rig.controller.act(Action.LIST_FILES, "mail/Support/<gone@x>")
    desk.rig.controller.act(Action.LIST_FILES, "nonsense")
    assert desk.asked == before


def test_the_keyboard_goes_through_the_files_in_their_order(opened: Open) -> None:
    desk = opened(PDF, SHEET)
    desk.press("Open invoice.pdf")
    desk.comes(1, 2)
    desk.came("/kept/invoice.pdf")
    names = [
        "Save all",
        "Open invoice.pdf",
        "Save invoice.pdf",
        "Open prices.xlsx",
        "Save prices.xlsx",
    ]
    desk.qtbot.waitUntil(lambda: tabbed(desk, len(names)) == names, timeout=30_000)


def tabbed(desk: Desk, count: int) -> list[str]:
    """What Tab reaches one after the other, from the first button of the row on."""
    found = [one for one in desk.row.findChildren(QPushButton) if one.isVisible()]
    widget: QWidget | None = found[0]
    names: list[str] = []
    while widget is not None and len(names) < count:
        if desk.row.isAncestorOf(widget) and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            names.append(widget.accessibleName())
        widget = widget.nextInFocusChain()
    return names


def test_what_lies_in_a_winmail_is_had_through_it(opened: Open) -> None:
    outer = replace(PDF, name="winmail.dat", media_type="application/ms-tnef")
    desk = opened(outer, replace(PDF, section=""))
    desk.press("Open invoice.pdf")
    assert "fetch 2/2100000-invoice.pdf" in desk.asked
    desk.came("/kept/invoice.pdf", part=replace(PDF, section="2/2100000-invoice.pdf"))
    assert desk.done[-1] == "open /kept/invoice.pdf"
