"""Pop-ups that come onto the screen after the program has ended: who takes them off?

A notification daemon that hangs while we quit shows, once it goes on, what it was given before.
Its number is told in an answer that only our connection hears, so nothing else can take it off. A
small process is left behind with that connection: it waits for these answers, has each pop-up
closed, and ends. It ends too when the daemon or the bus does, and after ten minutes.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from select import select
from time import monotonic

from jeepney import (  # type: ignore[import-untyped]  # it ships no types
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    Parser,
    new_method_call,
)

from supportdesk.adapters.desktop.autostart import own_command
from supportdesk.adapters.desktop.bus_messages import AwaitedAnswers

COMMAND = "take-back"
_LONGEST_SECONDS = 600.0
_CHUNK_BYTES = 65536
# Beyond what a day's run has used: a serial means one call on one connection.
_FIRST_SERIAL = 0x4000_0000
_DAEMON = DBusAddress(
    "/org/freedesktop/Notifications",
    bus_name="org.freedesktop.Notifications",
    interface="org.freedesktop.Notifications",
)


def leave_behind(awaited: AwaitedAnswers) -> None:
    """Start the process; it has nothing of ours but the connection."""
    serials = map(str, awaited.serials)
    program, arguments = own_command(COMMAND, str(awaited.descriptor), *serials)
    silent = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
    os.set_inheritable(awaited.descriptor, True)
    with suppress(OSError):  # nobody is there any more to tell it to
        os.posix_spawn(program, [program, *arguments], os.environ, file_actions=silent, setsid=True)
    os.set_inheritable(awaited.descriptor, False)


def take_back(awaited: AwaitedAnswers) -> None:
    """Close each pop-up as its number is told; return when none is left, or nobody to ask."""
    left, serial = set(awaited.serials), _FIRST_SERIAL
    with socket.socket(fileno=awaited.descriptor) as link:
        for message in _heard(link):
            fields = message.header.fields
            answered = fields.get(HeaderFields.reply_serial)
            if answered not in left:
                continue
            left.discard(answered)
            is_shown = message.header.message_type is MessageType.method_return
            if is_shown and fields.get(HeaderFields.signature) == "u":
                close = new_method_call(_DAEMON, "CloseNotification", "u", message.body)
                link.sendall(close.serialise(serial=serial))
                left.add(serial)  # who leaves before the answer may not have been heard
                serial += 1
            if not left:
                return


def _heard(link: socket.socket) -> Iterator[Message]:
    parser, deadline = Parser(), monotonic() + _LONGEST_SECONDS
    while select([link], [], [], max(0.0, deadline - monotonic()))[0]:
        try:
            content = link.recv(_CHUNK_BYTES)
        except BlockingIOError:
            continue
        except OSError:
            return
        if not content:
            return
        yield from parser.feed(content)
