"""Two founders at two whole apps, on one mailbox in which customers wait."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, mail_key
from tests.e2e.answering_app import AnsweringApp, answering_home
from tests.e2e.mail_account import letter
from tests.lab.mail import DovecotLab

NAMES = ("anna", "ben")
"""By which their marks and claims are known."""


def key_of(number: int) -> str:
    """The ledger key of the mail with this number."""
    return mail_key(SourceName("Support"), MessageId(f"<{number}@example.org>"))


def mailbox_with(lab: DovecotLab, count: int) -> str:
    """The user of a new mailbox, in which so many customers wait for an answer."""
    user = lab.new_address()
    lab.deliver(*[letter(number) for number in range(count)], to=user)
    return user


@contextmanager
def founders_at(
    lab: DovecotLab, user: str, folder: Path, *, waiting: int, more: str = ""
) -> Iterator[dict[str, AnsweringApp]]:
    """Both, by name, once they see how many wait; `more` of the [answering] table."""
    with ExitStack() as both:
        apps: dict[str, AnsweringApp] = {}
        for name in NAMES:
            own = folder / name
            own.mkdir()
            home = answering_home(own, lab, user, more=f'claim_as = "{name}"\n{more}')
            apps[name] = both.enter_context(AnsweringApp(home))
        for app in apps.values():
            app.wait_until_listening("Support")
            app.wait_for_people(waiting)
        yield apps
