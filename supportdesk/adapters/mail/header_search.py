"""Finds messages of the open mailbox by a field of their head (SEARCH, RFC 9051, 6.4.4)."""

from collections.abc import Callable

from supportdesk.adapters.mail.imap_link import Hearer
from supportdesk.protocols.imap_responses import Response, Search

_MOST_OF_A_RANGE = 100


def uids_with_header(run: Callable[[str, Hearer], object], field: str, value: str) -> list[int]:
    """In ascending order; also of messages that have only a part of the value.

    Args:
        run: Sends a command; the responses go to the hearer.
        field: Name of the field.
        value: One that no server can be asked for is found nowhere.
    """
    if not value.isascii() or not value.isprintable():
        return []
    found: set[int] = set()

    def hear(response: Response) -> None:
        if isinstance(response, Search):
            found.update(response.uids)
            for first, last in response.ranges:
                found.update(range(first, min(last, first + _MOST_OF_A_RANGE) + 1))

    text = value.replace("\\", "\\\\").replace('"', '\\"')
    run(f'UID SEARCH HEADER {field} "{text}"', hear)
    return sorted(found)
