"""How long the window is held while a long or hostile message is opened, read to its end and left.

Each is decoded as a message is, shown in the reading pane of the app, and scrolled page by page.
The floor is a stock QTextBrowser that gets the same washed HTML at once.
"""

import hashlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QTextBrowser, QWidget

from supportdesk.adapters.mail.message_reader import read_message
from supportdesk.adapters.mail.open_mailbox import TEXT_BYTES
from supportdesk.domain.mail import PART_BREAK, MessageText
from supportdesk.ui.inbox.reading_pane import ReadingPane
from supportdesk.ui.rows import MessageView
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.prose import Prose
from tests.bench.figures import Figure, percentile
from tests.bench.holding import Holding, run_until
from tests.bench.long_messages import MESSAGES, TEXTS
from tests.fakes.happenings import a_message, after

WANTED_P99, WANTED_MAX = 16.0, 50.0
_PAGES = 150
_PATIENCE_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What one message cost the GUI thread, in seconds of a turn of its event loop."""

    name: str
    held: tuple[float, ...]
    waited: tuple[float, ...]


def decoded(name: str) -> MessageText:
    return read_message(_raw(name), a_message(1, at=after(0))).text


def _raw(name: str) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Ingrid <ingrid@shop.example>", name
    if name in TEXTS:
        message.set_content(TEXTS[name](), cte="base64")
    else:
        message.set_content(MESSAGES[name](), subtype="html", cte="base64")
    # The app fetches no more of a text.
    return message.as_bytes()[:TEXT_BYTES]


def _while_decoding(names: list[str]) -> Iterator[float]:
    """How long the event loop waits for its turn while another thread decodes."""
    known = a_message(1, at=after(0))
    for name in names:
        yield from _waited_beside(partial(read_message, _raw(name), known))


def _while_busy() -> list[float]:
    """The same beside a thread that never holds the interpreter: what the machine itself costs."""
    return _waited_beside(partial(hashlib.pbkdf2_hmac, "sha256", b"a", b"b", 10_000_000))


def _waited_beside(work: Callable[[], object]) -> list[float]:
    holding = Holding()
    holding.start()
    worker = threading.Thread(target=work, name="decoding")
    worker.start()
    run_until(partial(_has_ended, worker), seconds=_PATIENCE_SECONDS)
    holding.stop()
    worker.join()
    return holding.waited


def measure(names: list[str], theme: Theme) -> Iterator[Opened]:
    pane = ReadingPane(theme, Density.WIDE)
    pane.resize(900, 760)
    pane.show()
    # The window is on screen before anything is opened.
    run_until(lambda: not pane.grab().isNull(), seconds=_PATIENCE_SECONDS)
    for number, name in enumerate(names):
        text = decoded(name)
        view = MessageView(
            key=str(number),
            conversation_key=str(number),
            subject=name,
            html=text.html or "",
            text=text.text,
            quoted_text=text.quoted if text.html is None else "",
            quoted_summary="Quoted text",
        )
        yield _opened(name, pane, partial(pane.show_message, view))
    pane.close()
    pane.deleteLater()


def _has_ended(worker: threading.Thread) -> bool:
    return not worker.is_alive()


def _opened(name: str, window: QWidget, show: Callable[[], None]) -> Opened:
    """Open it in one turn, scroll to its end in others."""
    holding = Holding()
    holding.start()
    has_begun = threading.Event()

    def begin() -> None:
        show()
        has_begun.set()

    QTimer.singleShot(5, begin)
    assert run_until(
        lambda: has_begun.is_set() and all(one.is_finished for one in window.findChildren(Prose)),
        seconds=_PATIENCE_SECONDS,
    ), f"{name} is not shown after {_PATIENCE_SECONDS:.0f} s"
    turns = len(holding.held)
    # It has still to be painted.
    run_until(lambda: len(holding.held) > turns + 5, seconds=_PATIENCE_SECONDS)
    _scroll(window)
    holding.stop()
    return Opened(name=name, held=tuple(holding.held), waited=tuple(holding.waited))


def _scroll(window: QWidget) -> None:
    areas = [
        area for area in window.findChildren(QScrollArea) if area.verticalScrollBar().maximum()
    ]
    if isinstance(window, QTextBrowser):
        bar = window.verticalScrollBar()
    elif areas:
        bar = areas[0].verticalScrollBar()
    else:
        return
    step = max(bar.pageStep(), bar.maximum() // _PAGES)
    turns = QTimer()
    turns.timeout.connect(lambda: bar.setValue(bar.value() + step))
    turns.start(1)
    run_until(lambda: bar.value() >= bar.maximum(), seconds=_PATIENCE_SECONDS)
    turns.stop()


def measure_floor(name: str) -> Opened:
    """The stock widget, all at once."""
    browser = QTextBrowser()
    browser.resize(700, 760)
    browser.show()
    text = decoded(name)
    html = (text.html or "").replace(PART_BREAK, "\n")
    show = (lambda: browser.setHtml(html)) if html else (lambda: browser.setPlainText(text.text))
    opened = _opened(name, browser, show)
    browser.close()
    browser.deleteLater()
    return opened


def run() -> list[Figure]:
    """The figures of `python -m tests.bench opening`."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    theme = Theme(app)
    # As the app has it.
    sys.setswitchinterval(0.0005)
    names = [*MESSAGES, *TEXTS]
    found = list(measure(names, theme))
    decoding, busy = list(_while_decoding(names)), _while_busy()
    beside = "beside a thread that computes outside of Python"
    floors = {name: measure_floor(name) for name in ("newsletter, 200 kB", "text, 300 kB")}
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    turns = [turn for one in found for turn in one.held]
    waits = [turn for one in found for turn in one.waited]
    floor_turns = [turn for one in floors.values() for turn in one.held]
    floor_max = 1000 * max(floor_turns)
    stock = "stock QTextBrowser, a newsletter and a long text at once"
    figures = [
        Figure(
            what=f"opening {len(found)} long messages, a turn, p99",
            unit="ms",
            ours=1000 * percentile(turns, 0.99),
            floor=1000 * percentile(floor_turns, 0.99),
            wanted=f"<= {WANTED_P99:.0f}",
            floor_is=stock,
        ),
        Figure(
            what="  the longest turn",
            unit="ms",
            ours=1000 * max(turns),
            floor=floor_max,
            wanted=f"<= {WANTED_MAX:.0f}",
            floor_is=stock,
        ),
        Figure(
            what="  the same on the wall, p99",
            unit="ms",
            ours=1000 * percentile(waits, 0.99),
            floor=None,
        ),
    ]
    figures += [
        Figure(
            what="  a turn while the worker decodes them, p99",
            unit="ms",
            ours=1000 * percentile(decoding, 0.99),
            floor=1000 * percentile(busy, 0.99),
            wanted=f"<= {WANTED_P99:.0f}",
            floor_is=beside,
        ),
        Figure(
            what="  the longest of these",
            unit="ms",
            ours=1000 * max(decoding),
            floor=1000 * max(busy),
            wanted=f"<= {WANTED_MAX:.0f}",
            floor_is=beside,
        ),
    ]
    for one in sorted(found, key=lambda one: -max(one.held))[:8]:
        floor = floors.get(one.name)
        figures.append(
            Figure(
                what=f"  {one.name}, longest turn",
                unit="ms",
                ours=1000 * max(one.held),
                floor=1000 * max(floor.held) if floor else None,
            )
        )
    return figures
