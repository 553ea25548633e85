"""What can go wrong, in the founder's words: every error has a title, a culprit and a next step.

Adapters translate library errors into these at their boundary. Anything else is a bug of ours.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An error as a plain fact, able to cross threads and to be shown.

    Attributes:
        title: What is wrong, naming the culprit, as a sentence without a full stop.
        advice: The next step, as one or two sentences.
        is_for_founder: True when waiting cannot mend it: somebody has to act.
        sort: Kind of the error, for reports: unlike the words it names nobody.
    """

    title: str
    advice: str
    is_for_founder: bool = False
    sort: str = field(default="", compare=False)


class SupportDeskError(Exception):
    """Base of all errors that the founder is told."""

    is_for_founder = False

    def __init__(self, title: str, advice: str) -> None:
        super().__init__(f"{title}. {advice}")
        self.title = title
        self.advice = advice

    @property
    def problem(self) -> Problem:
        return Problem(
            title=self.title,
            advice=self.advice,
            is_for_founder=self.is_for_founder,
            sort=type(self).__name__,
        )


class ConnectionLost(SupportDeskError):
    """The link cannot be made or went away; trying again may mend it."""


class ServerBusy(ConnectionLost):
    """The server is there and takes no more of us now: come back slowly."""


class AuthRejected(SupportDeskError):
    """User, password or rights were refused: stop and ask, do not hammer."""

    is_for_founder = True


class CertificateRejected(SupportDeskError):
    """The server cannot prove who it is; nothing secret was sent."""

    is_for_founder = True


class PeerProtocolError(SupportDeskError):
    """The other side does not speak the protocol we expected."""

    is_for_founder = True


class StoreError(SupportDeskError):
    """A database cannot be opened, read or written."""

    is_for_founder = True


class SecretsUnavailable(SupportDeskError):
    """The key store is missing, locked or does not answer; or the secret is not in it."""

    is_for_founder = True


class SettingsError(SupportDeskError):
    """A value in the settings is wrong.

    Attributes:
        line: Line in settings.toml, from 1; None when it is not known.
        key: The key that is wrong, as `mail[0].host`.
    """

    is_for_founder = True

    def __init__(
        self, title: str, advice: str, *, key: str | None = None, line: int | None = None
    ) -> None:
        super().__init__(title, advice)
        self.key = key
        self.line = line


class AlreadyRunning(SupportDeskError):
    """Another instance owns this home folder."""
