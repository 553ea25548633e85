"""What the settings dialogs hand over: one frozen form each, parsed as far as typing allows.

Secrets travel inside a form once, on the way to the key store; they never show in a repr.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from supportdesk.ui.rows import Notice, Trouble
from supportdesk.ui.settings.alert_forms import AlertsCardView


class Security(StrEnum):
    """How a connection is protected; NONE only to loopback or a trusted network."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class MailAuth(StrEnum):
    """How the mail account logs in."""

    PASSWORD = "password"  # noqa: S105 - the name of a login method
    XOAUTH2 = "xoauth2"


class OpenIn(StrEnum):
    """Where mail can be opened; OWN stands for an address of one's own."""

    MAIL_CLIENT = "mail-client"
    GMAIL = "gmail"
    FASTMAIL = "fastmail"
    HELPSCOUT = "helpscout"
    OUTLOOK = "outlook"
    OWN = "https://"


class PhoneKind(StrEnum):
    """The phone systems that can be connected."""

    ASTERISK = "asterisk"
    BARESIP = "baresip"
    LINPHONE = "linphone"
    HOOK = "hook"


NAME_STAYS = "The name stays: the password and the history are kept under it."


@dataclass(frozen=True, slots=True, kw_only=True)
class MailForm:
    """A [[mail]] table of settings.toml, and its secrets. `was_named` is set when editing.

    Attributes:
        smtp_host: Empty: nothing is sent from here.
        smtp_user: Empty: `user`; so is `smtp_secret`, that of the inbox or the one that is kept.
    """

    name: str = "Support"
    address: str = ""
    host: str = ""
    port: int = 993
    security: Security = Security.TLS
    user: str = ""
    auth: MailAuth = MailAuth.PASSWORD
    secret: str = field(default="", repr=False)
    mailbox: str = "INBOX"
    ca_file: str = ""
    open_in: str = "mail-client"
    smtp_host: str = ""
    smtp_port: int = 465
    smtp_security: Security = Security.TLS
    smtp_user: str = ""
    smtp_secret: str = field(default="", repr=False)
    name_in_from: str = ""
    signature: str = ""
    was_named: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneForm:
    """A [[phone]] table of settings.toml, and its secret."""

    name: str = "Office"
    kind: PhoneKind = PhoneKind.ASTERISK
    host: str = ""
    port: int = 5038
    security: Security = Security.NONE
    user: str = ""
    secret: str = field(default="", repr=False)
    queues: tuple[str, ...] = ()
    founder: str = ""
    context: str = "from-internal"
    ca_file: str = ""
    trust_network: bool = False
    folder: str = ""
    was_named: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutcome:
    """How a connection test ended: words when it works, trouble when it does not."""

    words: str = ""
    trouble: Trouble | None = None

    @property
    def is_good(self) -> bool:
        return self.trouble is None


class Scheme(StrEnum):
    """Light, dark, or as the desktop says."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class TextSize(StrEnum):
    """Steps of the text size, in percent of the desktop's."""

    P100 = "100"
    P125 = "125"
    P150 = "150"
    P175 = "175"
    P200 = "200"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookOptions:
    """`panel` is the shade of the desktop's panel, for the tray icon."""

    scheme: Scheme = Scheme.AUTO
    text_size: TextSize = TextSize.P100
    panel: Scheme = Scheme.AUTO
    single_letter_keys: bool = True


class WeekPeriod(StrEnum):
    """What "this week" is."""

    WEEK = "week"
    LAST_7_DAYS = "last_7_days"


class WeekStart(StrEnum):
    """The first day of a week of the calendar."""

    LOCALE = "locale"
    MONDAY = "monday"
    SUNDAY = "sunday"


class NudgeHour(StrEnum):
    """When the nudge comes: at the hour learned of the founder, or at one they chose."""

    LEARNED = "learned"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """How the week is counted; `nudge_at` None is the hour that was learned."""

    goal_minutes: int = 30
    period: WeekPeriod = WeekPeriod.WEEK
    week_starts: WeekStart = WeekStart.LOCALE
    days_off: tuple[date, ...] = ()
    is_nudge_wanted: bool = True
    nudge_at: time | None = None


class SilenceCheck(StrEnum):
    """What an unusual silence is met with."""

    ASK = "ask"
    MAIL = "mail"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class RitualOptions:
    """The founder's own habits, and what is done when it is very quiet."""

    silence: SilenceCheck = SilenceCheck.ASK
    coffee_scroll: bool = False
    starter: bool = True
    founder_was_here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftOptions:
    """How the team lifts a mail or a call to the founder; `operators` with commas between them."""

    operators: str = ""
    authserv_id: str = ""
    address: str = ""
    address_is_secret: bool = False
    flag: bool = False
    keyword: bool = True
    mailbox: str = ""
    queue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweringOptions:
    """How answers are sent; `claim_as` empty is the name of the login, `spelling` for no check."""

    undo_seconds: int = 10
    claim_as: str = ""
    copy_drafts: bool = False
    spelling: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysOff:
    """Days that follow each other, in words."""

    first: date
    last: date
    label: str


class LogWish(StrEnum):
    """What can be done with the whole reading log."""

    EXPORT = "export"
    IMPORT = "import"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekCardView:
    """The card of the reading log.

    Attributes:
        days_off: Those that are not long over; the options have all of them.
        days_off_note: How many more there are.
        desktop_first_day: The weekday on which a week begins as the desktop says.
        today: From which on days off are offered.
        nudge_words: When the reminder comes, and why it came or not.
        log_notice: What came of the last wish about the whole log, or that it is being done.
    """

    reading: ReadingOptions = ReadingOptions()
    days_off: tuple[DaysOff, ...] = ()
    days_off_note: str = ""
    desktop_first_day: str = "Monday"
    today: date = date(2026, 1, 1)
    nudge_words: str = ""
    log_notice: Notice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A mail account or a phone in the settings list."""

    key: str
    name: str
    line: str
    is_good: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsView:
    """All that the Settings page shows.

    `is_started` says whether it starts with the session; None where that cannot be asked for.
    """

    mail: tuple[SourceLine, ...] = ()
    phones: tuple[SourceLine, ...] = ()
    alerts: AlertsCardView = field(default_factory=AlertsCardView)
    look: LookOptions = LookOptions()
    week: WeekCardView = WeekCardView()
    answering: AnsweringOptions = AnsweringOptions()
    ritual: RitualOptions = RitualOptions()
    lift: LiftOptions = LiftOptions()
    is_started: bool | None = None
    problem: Notice | None = None
    file_path: str = ""
