"""What is known of who calls, looked up while the phone rings."""

from datetime import datetime

from supportdesk.services.desk import Desk
from supportdesk.ui.presenter.people import caller_line


def caller_words(desk: Desk, number: str, name: str, now: datetime) -> str:
    """One line for the row of a caller; empty when nothing is known of them.

    By index: it is asked for each second while somebody waits.
    """
    card = desk.contacts.of_caller(number, name)
    promises = desk.promises.of_person(card.person)
    return caller_line(card, desk.knocks.of(number, now), now, promises)
