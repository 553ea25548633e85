"""The settings as plain values, checked and complete; reading the file is an adapter's work."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import Enum

from supportdesk.domain.alerts import AlertKind, Sound
from supportdesk.domain.health import SourceName
from supportdesk.domain.lifts import Operator, up_addresses


class Security(Enum):
    """How a link is protected; NONE only to loopback (or a phone with trust_network)."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class MailAuth(Enum):
    """How an account logs in."""

    PASSWORD = "password"  # noqa: S105 - the name of a method, not a secret
    XOAUTH2 = "xoauth2"


class PhoneKind(Enum):
    """The phone systems an account can name."""

    ASTERISK = "asterisk"
    BARESIP = "baresip"
    LINPHONE = "linphone"
    HOOK = "hook"


class MailAlerts(Enum):
    """Which mail raises an alert (DESIGN section 7)."""

    EACH = "each"
    UNANSWERED = "unanswered"
    NEVER = "never"


class Privacy(Enum):
    """What alerts show of people (F43); while presenting it is NO_NAMES."""

    NAMES = "names"
    """Who it is, and what they write."""
    NO_TEXT = "no_text"
    """Who it is, and nothing that they wrote."""
    NO_NAMES = "no_names"
    """That somebody is waiting."""


class RuleLevel(Enum):
    """What a rule makes of what it is for."""

    TELL = "tell"
    DIGEST = "digest"
    """Told in the summary after the next absence, never by itself."""
    NEVER = "never"


class WeekStart(Enum):
    """The first day of a week."""

    LOCALE = "locale"
    MONDAY = "monday"
    SUNDAY = "sunday"


class WeekPeriod(Enum):
    """What "this week" is: one of the calendar, or today and the six days before it."""

    WEEK = "week"
    LAST_7_DAYS = "last_7_days"


class Look(Enum):
    """Light, dark or what the desktop says."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class SilenceCheck(Enum):
    """What an unusual silence is met with (F95)."""

    ASK = "ask"
    """Look for the fault, and ask before a mail is sent to ourselves."""
    MAIL = "mail"
    """Send it without asking."""
    OFF = "off"


class KeepsSent(Enum):
    """Does the SMTP server put a copy of what it sends into Sent by itself?"""

    AUTO = "auto"
    """Find out: by its name, else by what happens."""
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """The [mail.smtp] table; `auth` None is that of the account."""

    host: str
    port: int = 465
    security: Security = Security.TLS
    user: str = ""
    auth: MailAuth | None = None
    ca_file: str = ""
    keeps_sent: KeepsSent = KeepsSent.AUTO


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftSettings:
    r"""The [lift] table: how the team lifts a mail or a call to the founder (F84).

    Attributes:
        operators: Who may lift by mail, as "Anna <anna@example.com>".
        address: Where their mail goes; empty: +up at each of the account's own addresses.
        address_is_secret: Only the team knows that address, and so it is a proof.
        authserv_id: The server whose Authentication-Results are a proof (RFC 8601, 2.5).
        flag: A message that gets \Flagged is lifted.
        keyword: One that gets $SD-lift, or $SD-lift-NAME, is.
        mailbox: One that is moved there is; empty: none.
        queue: A caller who is put into this queue is; empty: none.
    """

    operators: tuple[str, ...] = ()
    address: str = ""
    address_is_secret: bool = False
    authserv_id: str = ""
    flag: bool = False
    keyword: bool = True
    mailbox: str = ""
    queue: str = ""

    @property
    def people(self) -> tuple[Operator, ...]:
        named = (one.rpartition("<") for one in self.operators)
        return tuple(
            Operator(name=name.strip(' "'), email=email.strip(" >").casefold())
            for name, _, email in named
        )

    @property
    def has_proof(self) -> bool:
        """Something tells a mail of theirs from one that only says so."""
        return self.address_is_secret or bool(self.authserv_id)

    def takes_mail_to(self, own: tuple[str, ...]) -> tuple[str, ...]:
        """The addresses that lift; none where nobody may, or nothing could prove it."""
        return up_addresses(self.address, own) if self.operators and self.has_proof else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """A [[mail]] table; its secret is `mail/NAME` in the key store.

    `open_in` is where its messages can be opened (`domain/webmail`); `name_in_from` is the name
    that customers see beside the address; `lift` is the [lift] table, the same for all accounts.
    """

    name: SourceName
    address: str
    host: str
    user: str
    port: int = 993
    security: Security = Security.TLS
    ca_file: str = ""
    auth: MailAuth = MailAuth.PASSWORD
    aliases: tuple[str, ...] = ()
    mailbox: str = "INBOX"
    also_watch: tuple[str, ...] = ()
    prefetch_days: int = 90
    sent: str = ""
    open_in: str = "mail-client"
    name_in_from: str = ""
    signature: str = ""
    smtp: SmtpSettings | None = None
    lift: LiftSettings = LiftSettings()

    @property
    def beside_mailbox(self) -> tuple[str, ...]:
        """What is watched beside the main mailbox, Sent apart."""
        lifted = (self.lift.mailbox,) if self.lift.mailbox else ()
        return tuple(dict.fromkeys((*self.also_watch, *lifted)))

    @property
    def secret_name(self) -> str:
        return f"mail/{self.name}"

    @property
    def sending_secret_names(self) -> tuple[str, str]:
        """Where the secret for sending is looked for, in this order."""
        return (f"smtp/{self.name}", self.secret_name)

    @property
    def sending_auth(self) -> MailAuth:
        return self.smtp.auth if self.smtp is not None and self.smtp.auth else self.auth

    @property
    def own_addresses(self) -> tuple[str, ...]:
        return (self.address, *self.aliases)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneSettings:
    """A [[phone]] table; its secret is `phone/NAME` in the key store.

    `folder` is where Linphone keeps its data; empty: the usual one.
    """

    name: SourceName
    kind: PhoneKind
    host: str = ""
    port: int = 5038
    security: Security = Security.NONE
    trust_network: bool = False
    ca_file: str = ""
    user: str = ""
    queues: tuple[str, ...] = ()
    founder: str = ""
    context: str = "from-internal"
    folder: str = ""

    @property
    def secret_name(self) -> str:
        return f"phone/{self.name}"

    @property
    def is_softphone(self) -> bool:
        """It rings on this desk: whoever answers there is the founder."""
        return self.kind in (PhoneKind.BARESIP, PhoneKind.LINPHONE)

    @property
    def founder_interface(self) -> str:
        """What an answer of the founder's carries as its interface; empty where none is known."""
        return self.founder or (self.name if self.is_softphone else "")

    @property
    def can_dial(self) -> bool:
        """It can be told to: an Asterisk rings the founder first, baresip is the founder's phone.

        Linphone takes numbers from the desktop alone.
        """
        if self.kind is PhoneKind.ASTERISK:
            return bool(self.founder)
        return self.kind is PhoneKind.BARESIP


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingSettings:
    """The [reading] table.

    `nudge_at` is local time; None is the hour that was learned of the founder.
    """

    goal_minutes: float = 30.0
    week_starts: WeekStart = WeekStart.LOCALE
    period: WeekPeriod = WeekPeriod.WEEK
    holidays: tuple[date, ...] = ()
    is_nudge_wanted: bool = True
    nudge_at: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursRange:
    """Opening hours of some weekdays; Monday is 0."""

    weekdays: tuple[int, ...]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """An [[alerts.rule]] table: one source, or one kind of alert of it, told in another way.

    Attributes:
        source: A mail account or a phone.
        kind: MAIL, WAITING, MISSED or HEALTH; None: all of them.
        sound: Has it a sound? None: as `AlertSettings.sounds` says.
    """

    source: SourceName
    kind: AlertKind | None = None
    level: RuleLevel = RuleLevel.TELL
    sound: bool | None = None

    def is_for(self, source: SourceName, kind: AlertKind) -> bool:
        return self.source == source and self.kind in (None, kind)


RULE_KINDS = (AlertKind.MAIL, AlertKind.WAITING, AlertKind.MISSED, AlertKind.HEALTH)
"""What a rule can be for."""
SOUNDS_AT_FIRST = (Sound.CALL, Sound.MISSED)
"""Mail is silent until the founder wants it otherwise (F40)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettings:
    """The [alerts] table; empty opening_hours: always open; quiet_hours None: never quiet.

    Attributes:
        presenting_until: When presenting ends by itself; None: when it is switched off.
        privacy: What alerts show of people while not presenting.
        sounds: Those that are heard.
        volume: Of the sounds that we play ourselves, in percent of the loudest.
        sound_device: What plays them, as the sound server calls it; empty: what it plays all on.
        rules: The first one that is for a source and kind counts, those that name a kind first.
    """

    ring_seconds: float = 6.0
    mail: MailAlerts = MailAlerts.EACH
    unanswered_minutes: float = 120.0
    opening_hours: tuple[HoursRange, ...] = ()
    quiet_hours: tuple[time, time] | None = None
    breakthrough: bool = True
    presenting: bool = False
    presenting_until: datetime | None = None
    privacy: Privacy = Privacy.NAMES
    sounds: tuple[Sound, ...] = SOUNDS_AT_FIRST
    volume: float = 40.0
    sound_device: str = ""
    rules: tuple[AlertRule, ...] = ()

    def is_presenting(self, now: datetime) -> bool:
        until = self.presenting_until
        return self.presenting and (until is None or now < until)

    def presented(self, now: datetime, *, is_on: bool, length: timedelta | None) -> "AlertSettings":
        """Presenting from now on, for this long or until it is switched off; or not any more."""
        # To the second: it is written into a file that people read.
        end = (now + length).replace(microsecond=0) if is_on and length else None
        return replace(self, presenting=is_on, presenting_until=end)

    def privacy_at(self, now: datetime) -> Privacy:
        return Privacy.NO_NAMES if self.is_presenting(now) else self.privacy

    def rule_for(self, source: SourceName, kind: AlertKind) -> AlertRule | None:
        """A rule for this kind outweighs one for all that comes from the source."""
        rules = [rule for rule in self.rules if rule.is_for(source, kind)]
        return min(rules, key=lambda rule: rule.kind is None, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookSettings:
    """The [look] table.

    `panel` is the shade of the desktop's panel, for the tray icon; `zoom` is of messages alone.
    """

    theme: Look = Look.AUTO
    panel: Look = Look.AUTO
    text_scale: float = 1.0
    zoom: float = 1.0
    single_keys: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheSettings:
    """The [cache] table: what texts, files and the search index of the mail may take."""

    max_megabytes: float = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HookSettings:
    """The [hook] table: phone events by HTTP on loopback; its secret is `hook/token`."""

    enabled: bool = False
    port: int = 8477


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweringSettings:
    """The [answering] table.

    Attributes:
        undo_seconds: How long a sent message can be taken back; 0: it goes at once.
        claim_as: The founder's name in marks that colleagues see; empty: that of the login.
        copy_drafts: Keep a copy of drafts in the Drafts mailbox, where colleagues see it.
        share_notes: Keep a copy of internal notes in a mailbox of notes, where colleagues see it.
        share_tags: Keep tags as keywords on the mail server, where colleagues see them.
        spelling: Language of the spell check as in "en_US"; empty: none.
    """

    undo_seconds: float = 10.0
    claim_as: str = ""
    copy_drafts: bool = False
    share_notes: bool = False
    share_tags: bool = False
    spelling: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RitualSettings:
    """The [ritual] table: the founder's own habits.

    Attributes:
        coffee_scroll: Offer the morning scroll at the hour at which the founder usually reads.
        founder_was_here: Mark mail that was really read, where colleagues see it.
        silence: What to do when it is quiet for longer than usual.
        starter: Offer one kept quote a day in the tray menu.
    """

    coffee_scroll: bool = False
    founder_was_here: bool = False
    silence: SilenceCheck = SilenceCheck.ASK
    starter: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything in settings.toml."""

    mail: tuple[MailSettings, ...] = ()
    phone: tuple[PhoneSettings, ...] = ()
    reading: ReadingSettings = field(default_factory=ReadingSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    look: LookSettings = field(default_factory=LookSettings)
    cache: CacheSettings = field(default_factory=CacheSettings)
    hook: HookSettings = field(default_factory=HookSettings)
    answering: AnsweringSettings = field(default_factory=AnsweringSettings)
    ritual: RitualSettings = field(default_factory=RitualSettings)
    lift: LiftSettings = field(default_factory=LiftSettings)
    country: str = ""

    def phones_to_dial(self, called: SourceName) -> list[PhoneSettings]:
        """Those that can, in the order in which to ask them: first the one that was called."""
        able = [phone for phone in self.phone if phone.can_dial]
        return sorted(able, key=lambda phone: phone.name != called)
