"""A file out of the winmail.dat that it came in; the one place where a file is whole in memory."""

from collections.abc import Iterator
from pathlib import Path

from supportdesk.adapters.mail.mime_values import safe_file_name
from supportdesk.adapters.mail.tnef import TnefAttachment, TnefMessage, read_tnef
from supportdesk.domain.mail import MessagePart

MOST_BYTES = 64 * 1024 * 1024


def unpack_file(path: Path, wanted: MessagePart) -> bool:
    """Put the file that was wanted in place of what it was packed in. Raises OSError.

    Returns:
        False when there is no such file in it.
    """
    if path.stat().st_size > MOST_BYTES:
        return False
    message = read_tnef(path.read_bytes())
    found = _find(message, wanted) if message is not None else None
    if found is None:
        return False
    path.write_bytes(found.data)
    return True


def _find(message: TnefMessage, wanted: MessagePart) -> TnefAttachment | None:
    """By name and size, as the list of parts has them; one without a name by its size."""
    of_size = [one for one in _files(message) if len(one.data) == wanted.size_bytes]
    named = [one for one in of_size if safe_file_name(one.name) == wanted.name]
    unnamed = [one for one in of_size if not safe_file_name(one.name)]
    return next(iter((*named, *unnamed)), None)


def _files(message: TnefMessage) -> Iterator[TnefAttachment]:
    for one in message.attachments:
        if one.message is None:
            yield one
        else:
            yield from _files(one.message)
