"""`supportdesk call …`: a phone event for the running app, or for its next start."""

import contextlib
import os
import sys
import uuid

from PySide6.QtCore import QCoreApplication

from supportdesk.adapters.call_spool import CallSpool
from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.desktop.single_instance import ask
from supportdesk.adapters.places import Places
from supportdesk.domain.errors import ConnectionLost
from supportdesk.domain.text import clean_line

_ANSWER_SECONDS = 5.0


def run_call(
    turn: str, *, number: str, name: str, call_id: str, to: str, by: str, is_mine: bool
) -> int:
    """Hand the event over; with no app running it is kept on disk, so nothing is lost."""
    number = clean_line(readable(number))
    if not number:
        print("supportdesk: --from needs the caller's number.", file=sys.stderr)
        return 2
    places = Places.from_environment(os.environ)
    event = {
        "event_id": uuid.uuid4().hex,
        "turn": turn,
        "number": number,
        "name": readable(name),
        "call_id": readable(call_id),
        "to": readable(to),
        "by": readable(by),
        "me": is_mine,
        "at": SystemClock().now().isoformat(),
    }
    _app = QCoreApplication(sys.argv[:1])  # Qt's sockets want one
    try:
        answer = ask(places, {"verb": "call", **event}, _ANSWER_SECONDS)
    except ConnectionLost:
        # It may have heard or not; the event's id keeps it from being taken in twice.
        answer = None
    if answer is None:
        places.create_folders()
        CallSpool(places).append(event)
        # An app that has just started may have looked there already.
        with contextlib.suppress(ConnectionLost):
            ask(places, {"verb": "spool"}, _ANSWER_SECONDS)
        return 0
    if not answer.get("ok"):
        print(f"supportdesk: {answer.get('title')}. {answer.get('advice')}", file=sys.stderr)
        return 1
    return 0


def readable(argument: str) -> str:
    """What Python could not read of the command line is what a phone system sent as Latin-1."""
    try:
        argument.encode()
    except UnicodeEncodeError:
        return os.fsencode(argument).decode("latin-1")
    return argument
