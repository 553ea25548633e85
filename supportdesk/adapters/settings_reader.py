"""From the text of settings.toml to checked Settings: which keys there are and what is right.

Over 400 lines, for every table of the file has its function here, and they share their rules.
"""

import ipaddress
import re
import tomllib
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

from supportdesk.adapters.opening_hours import (
    HOURS_EXAMPLE,
    QUIET_EXAMPLE,
    HoursError,
    parse_hours,
    parse_quiet_hours,
)
from supportdesk.adapters.settings_table import ReadingNotes, SettingsTable, SettingsWarning
from supportdesk.adapters.toml_lines import TomlLines
from supportdesk.domain.alerts import Sound
from supportdesk.domain.errors import SettingsError
from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import (
    RULE_KINDS,
    SOUNDS_AT_FIRST,
    AlertRule,
    AlertSettings,
    AnsweringSettings,
    CacheSettings,
    HookSettings,
    KeepsSent,
    LiftSettings,
    Look,
    LookSettings,
    MailAlerts,
    MailAuth,
    MailSettings,
    PhoneKind,
    PhoneSettings,
    Privacy,
    ReadingSettings,
    RitualSettings,
    RuleLevel,
    Security,
    Settings,
    SilenceCheck,
    SmtpSettings,
    WeekPeriod,
    WeekStart,
)
from supportdesk.domain.webmail import ID_FIELD, Webmail, why_not

MAIL_PORTS = {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}
SMTP_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}
AMI_PORTS = {Security.TLS: 5039, Security.STARTTLS: 5038, Security.NONE: 5038}
BARESIP_PORT = 4444

_HOST_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*")
_CLAIM_NAME = re.compile(r"[A-Za-z0-9]{1,20}")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSettings:
    """Settings that hold, and what in the file has no effect."""

    settings: Settings
    warnings: tuple[SettingsWarning, ...] = ()


def read_settings(text: str, path: Path) -> LoadedSettings:
    """Check everything; raise SettingsError at the first wrong value. The file is not opened."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(error, text, path) from error
    notes = ReadingNotes(file_name=path.name, lines=TomlLines(text))
    top = SettingsTable(values, (), notes)
    lift = _lift(top.table("lift"))
    accounts = (_mail(table, path.parent) for table in top.tables("mail"))
    settings = Settings(
        mail=tuple(replace(account, lift=lift) for account in accounts),
        phone=tuple(_phone(table, path.parent) for table in top.tables("phone")),
        reading=_reading(top.table("reading")),
        alerts=_alerts(top.table("alerts")),
        look=_look(top.table("look")),
        cache=_cache(top.table("cache")),
        hook=_hook(top.table("hook")),
        answering=_answering(top.table("answering")),
        ritual=_ritual(top.table("ritual")),
        lift=lift,
        country=_country(top.table("calls")),
    )
    _check_names_differ(top, settings)
    _check_rules(top, settings)
    top.finish()
    return LoadedSettings(settings=settings, warnings=tuple(notes.warnings))


def is_loopback(host: str) -> bool:
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def default_phone_port(kind: PhoneKind, security: Security) -> int:
    return BARESIP_PORT if kind is PhoneKind.BARESIP else AMI_PORTS[security]


def _not_toml(error: tomllib.TOMLDecodeError, text: str, path: Path) -> SettingsError:
    found = re.search(r"\(at line (\d+), column \d+\)", str(error))
    line = int(found[1]) if found else text.count("\n") + 1
    reason = re.sub(r" \(at .*\)$", "", str(error))
    return SettingsError(
        f"{path.name}, line {line}, cannot be read: {reason}",
        "Correct that line in a text editor; the file is left as it is.",
        line=line,
    )


def _mail(table: SettingsTable, folder: Path) -> MailSettings:
    security = table.choice("security", Security, Security.TLS)
    host = _host(table)
    _check_plain_is_local(table, host, security)
    address = _address(table, "address", table.text("address"))
    mail = MailSettings(
        name=_name(table),
        address=address,
        host=host,
        user=table.text("user", "") or address,
        port=table.port(MAIL_PORTS[security]),
        security=security,
        ca_file=_path(table, "ca_file", folder),
        auth=table.choice("auth", MailAuth, MailAuth.PASSWORD),
        aliases=tuple(_address(table, "aliases", alias) for alias in table.texts("aliases")),
        mailbox=table.text("mailbox", "") or "INBOX",
        also_watch=table.texts("also_watch"),
        prefetch_days=int(table.number("prefetch_days", 90, low=0, high=3650)),
        sent=table.text("sent", ""),
        open_in=_open_in(table),
        name_in_from=table.text("name_in_from", ""),
        signature=table.text_of_lines("signature"),
        smtp=_smtp(table.table("smtp"), folder),
    )
    table.finish()
    return mail


def _open_in(table: SettingsTable) -> str:
    open_in = table.text("open_in", "") or Webmail.MAIL_CLIENT.value
    reason = why_not(open_in)
    if reason:
        advice = f'Write "gmail", or an address as "https://desk.example/find?id={ID_FIELD}".'
        raise table.error("open_in", reason, advice)
    return open_in


def _smtp(table: SettingsTable | None, folder: Path) -> SmtpSettings | None:
    if table is None:
        return None
    security = table.choice("security", Security, Security.TLS)
    host = _host(table)
    _check_plain_is_local(table, host, security)
    smtp = SmtpSettings(
        host=host,
        port=table.port(SMTP_PORTS[security]),
        security=security,
        user=table.text("user", ""),
        auth=table.choice("auth", MailAuth) if table.has("auth") else None,
        ca_file=_path(table, "ca_file", folder),
        keeps_sent=table.choice("keeps_sent", KeepsSent, KeepsSent.AUTO),
    )
    table.finish()
    return smtp


def _phone(table: SettingsTable, folder: Path) -> PhoneSettings:
    kind = table.choice("kind", PhoneKind)
    security = table.choice("security", Security, Security.NONE)
    if security is Security.STARTTLS:
        raise table.error("security", 'phones know no "starttls"', 'Write "tls" or "none".')
    is_asterisk = kind is PhoneKind.ASTERISK
    host = _phone_host(table, kind)
    trust_network = table.flag("trust_network", default=False)
    if security is Security.NONE and host and not (trust_network or is_loopback(host)):
        raise table.error(
            "security",
            f"the link to {host} would carry the password in a readable form",
            'Write security = "tls". In a network where nobody listens in, '
            "trust_network = true allows it as it is.",
        )
    phone = PhoneSettings(
        name=_name(table),
        kind=kind,
        host=host,
        port=table.port(default_phone_port(kind, security)),
        security=security,
        trust_network=trust_network,
        ca_file=_path(table, "ca_file", folder),
        user=table.text("user") if is_asterisk else table.text("user", ""),
        queues=table.texts("queues"),
        founder=table.text("founder", ""),
        context=table.text("context", "") or "from-internal",
        folder=_path(table, "folder", folder),
    )
    table.finish()
    return phone


def _phone_host(table: SettingsTable, kind: PhoneKind) -> str:
    if kind is PhoneKind.ASTERISK:
        return _host(table)
    host = table.text("host", "")
    if kind is not PhoneKind.BARESIP:
        return host
    if host and not is_loopback(host):
        raise table.error(
            "host",
            "the control port of baresip has no password, so only one on this computer is watched",
            'Leave `host` out, or write host = "127.0.0.1".',
        )
    return host


def _reading(table: SettingsTable | None) -> ReadingSettings:
    if table is None:
        return ReadingSettings()
    reading = ReadingSettings(
        goal_minutes=table.number("goal_minutes", 30, low=1, high=2400),
        week_starts=table.choice("week_starts", WeekStart, WeekStart.LOCALE),
        period=table.choice("period", WeekPeriod, WeekPeriod.WEEK),
        holidays=tuple(sorted({_day(table, value) for value in table.values("holidays")})),
        is_nudge_wanted=table.flag("nudge", default=True),
        nudge_at=_time(table, "nudge_at"),
    )
    table.finish()
    return reading


def _time(table: SettingsTable, key: str) -> time | None:
    """A time of the day; empty is none."""
    text = table.text(key, "")
    found = _TIME.fullmatch(text)
    if text and found is None:
        advice = 'Write it as "09:00"; without this line it is the hour learned of you.'
        raise table.error(key, f'"{text}" is not a time of the day', advice)
    return time(int(found[1]), int(found[2])) if found else None


def _day(table: SettingsTable, value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        advice = 'Write each day as "2026-12-21": year, month, day.'
        raise table.error("holidays", f'"{value}" is not a day', advice) from error


def _alerts(table: SettingsTable | None) -> AlertSettings:
    if table is None:
        return AlertSettings()
    try:
        hours = parse_hours(table.text("opening_hours", ""))
    except HoursError as error:
        raise table.error("opening_hours", str(error), f'Write it as "{HOURS_EXAMPLE}".') from error
    try:
        quiet = parse_quiet_hours(table.text("quiet_hours", ""))
    except HoursError as error:
        raise table.error("quiet_hours", str(error), f'Write it as "{QUIET_EXAMPLE}".') from error
    alerts = AlertSettings(
        ring_seconds=table.number("ring_seconds", 6, low=1, high=60),
        mail=table.choice("mail", MailAlerts, MailAlerts.EACH),
        unanswered_minutes=table.number("unanswered_minutes", 120, low=1, high=10080),
        opening_hours=hours,
        quiet_hours=quiet,
        breakthrough=table.flag("breakthrough", default=True),
        presenting=table.flag("presenting", default=False),
        presenting_until=table.instant("presenting_until"),
        privacy=table.choice("privacy", Privacy, Privacy.NAMES),
        sounds=_sounds(table),
        volume=table.number("volume", 40, low=1, high=100),
        sound_device=table.text("sound_device", ""),
        rules=tuple(_rule(each) for each in table.tables("rule")),
    )
    table.finish()
    return alerts


def _sounds(table: SettingsTable) -> tuple[Sound, ...]:
    """Those that are heard, in the order of the kinds; an empty list is silence."""
    if not table.has("sounds"):
        return SOUNDS_AT_FIRST
    wanted = table.texts("sounds")
    audible = {one.value: one for one in Sound if one is not Sound.NONE}
    for name in wanted:
        if name not in audible:
            names = ", ".join(f'"{one}"' for one in audible)
            raise table.error("sounds", f'"{name}" is not a sound', f"The sounds are {names}.")
    return tuple(one for name, one in audible.items() if name in wanted)


def _rule(table: SettingsTable) -> AlertRule:
    rule = AlertRule(
        source=SourceName(table.text("source")),
        kind=table.choice("kind", RULE_KINDS) if table.has("kind") else None,
        level=table.choice("level", RuleLevel, RuleLevel.TELL),
        sound=table.flag("sound", default=True) if table.has("sound") else None,
    )
    table.finish()
    return rule


def _check_rules(top: SettingsTable, settings: Settings) -> None:
    """A mailbox may be gone while its rule is still there: no reason to refuse the file."""
    known = {one.name for one in settings.mail} | {one.name for one in settings.phone}
    alerts = top.table("alerts")
    for table in alerts.tables("rule") if alerts is not None else ():
        source = table.text("source")
        if source not in known:
            table.warn("source", f'there is no "{source}", so this rule has no effect.')


def _look(table: SettingsTable | None) -> LookSettings:
    if table is None:
        return LookSettings()
    look = LookSettings(
        theme=table.choice("theme", Look, Look.AUTO),
        panel=table.choice("panel", Look, Look.AUTO),
        text_scale=table.number("text_scale", 1, low=0.5, high=3),
        zoom=table.number("zoom", 1, low=0.5, high=4),
        single_keys=table.flag("single_keys", default=True),
    )
    table.finish()
    return look


def _cache(table: SettingsTable | None) -> CacheSettings:
    if table is None:
        return CacheSettings()
    cache = CacheSettings(max_megabytes=table.number("max_megabytes", 1000, low=50, high=1_000_000))
    table.finish()
    return cache


def _hook(table: SettingsTable | None) -> HookSettings:
    if table is None:
        return HookSettings()
    hook = HookSettings(
        enabled=table.flag("enabled", default=False), port=table.port(HookSettings().port)
    )
    table.finish()
    return hook


def _answering(table: SettingsTable | None) -> AnsweringSettings:
    if table is None:
        return AnsweringSettings()
    spelling = table.text("spelling", "")
    if spelling and not _LANGUAGE.fullmatch(spelling):
        advice = 'Write the language of a dictionary, as "en_US" or "cs_CZ".'
        raise table.error("spelling", f'"{spelling}" is not a language', advice)
    answering = AnsweringSettings(
        undo_seconds=table.number("undo_seconds", 10, low=0, high=120),
        claim_as=_claim_name(table),
        copy_drafts=table.flag("copy_drafts", default=False),
        share_notes=table.flag("share_notes", default=False),
        share_tags=table.flag("share_tags", default=False),
        spelling=spelling,
    )
    table.finish()
    return answering


def _claim_name(table: SettingsTable) -> str:
    """It becomes part of a keyword on the server (RFC 9051, 9: an atom)."""
    name = table.text("claim_as", "")
    if name and not _CLAIM_NAME.fullmatch(name):
        advice = 'Write a short name of letters and digits, as "anna"; colleagues see it.'
        raise table.error("claim_as", f'"{name}" cannot be the name in a claim', advice)
    return name.lower()


def _ritual(table: SettingsTable | None) -> RitualSettings:
    if table is None:
        return RitualSettings()
    ritual = RitualSettings(
        coffee_scroll=table.flag("coffee_scroll", default=False),
        founder_was_here=table.flag("founder_was_here", default=False),
        silence=table.choice("silence", SilenceCheck, SilenceCheck.ASK),
        starter=table.flag("starter", default=True),
    )
    table.finish()
    return ritual


def _lift(table: SettingsTable | None) -> LiftSettings:
    if table is None:
        return LiftSettings()
    lift = LiftSettings(
        operators=table.texts("operators"),
        address=table.text("address", ""),
        address_is_secret=table.flag("address_is_secret", default=False),
        authserv_id=table.text("authserv_id", "").strip(),
        flag=table.flag("flag", default=False),
        keyword=table.flag("keyword", default=True),
        mailbox=table.text("mailbox", ""),
        queue=table.text("queue", ""),
    )
    for operator, written in zip(lift.people, lift.operators, strict=True):
        if not _ADDRESS.fullmatch(operator.email):
            advice = 'Write each with an address, as ["Anna <anna@example.com>"].'
            raise table.error("operators", f'"{written}" has no address', advice)
    if lift.address:
        _address(table, "address", lift.address)
    if lift.address_is_secret and not lift.address:
        advice = 'Add a line address = "…" with an address that only the team knows.'
        raise table.error("address_is_secret", "there is no address to be secret", advice)
    if lift.operators and not lift.has_proof:
        table.warn(
            "operators",
            "nobody can lift by mail as long as neither authserv_id nor a secret address is set.",
        )
    table.finish()
    return lift


def _country(table: SettingsTable | None) -> str:
    if table is None:
        return ""
    country = table.text("country", "").upper()
    if country and not _COUNTRY.fullmatch(country):
        advice = 'Write its two letters, as "CZ" or "US".'
        raise table.error("country", f'"{country}" is not a country', advice)
    table.finish()
    return country


def _name(table: SettingsTable) -> SourceName:
    """A name becomes part of the secret's name and of a file name (`mail/Support`)."""
    name = table.text("name")
    if "/" in name or "\\" in name or name != name.strip() or len(name) > _LONGEST_NAME:
        advice = f"Choose a name of at most {_LONGEST_NAME} characters without slashes."
        raise table.error("name", f'"{name}" cannot be a name', advice)
    return SourceName(name)


def _check_names_differ(top: SettingsTable, settings: Settings) -> None:
    taken: set[str] = set()
    entries: tuple[MailSettings | PhoneSettings, ...] = (*settings.mail, *settings.phone)
    for table, entry in zip((*top.tables("mail"), *top.tables("phone")), entries, strict=True):
        if entry.name in taken:
            advice = "Give each mail account and each phone a name of its own."
            raise table.error("name", f'the name "{entry.name}" is there twice', advice)
        taken.add(entry.name)


def _host(table: SettingsTable) -> str:
    host = table.text("host")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        labels = host.removesuffix(".").split(".")
        if not all(_HOST_LABEL.fullmatch(label) for label in labels):
            advice = 'Write its name alone, as "imap.example.com"; the port has a line of its own.'
            raise table.error("host", f'"{host}" is not the name of a server', advice) from None
    return host


def _address(table: SettingsTable, key: str, address: str) -> str:
    if not _ADDRESS.fullmatch(address):
        advice = 'Write it as "support@example.com".'
        raise table.error(key, f'"{address}" is not a mail address', advice)
    return address


def _path(table: SettingsTable, key: str, folder: Path) -> str:
    """Relative names count from the folder of the settings, wherever the app was started."""
    name = table.text(key, "")
    return str(folder / Path(name).expanduser()) if name else ""


def _check_plain_is_local(table: SettingsTable, host: str, security: Security) -> None:
    if security is Security.NONE and not is_loopback(host):
        raise table.error(
            "security",
            f"the link to {host} would carry the password in a readable form",
            'Write security = "tls" or "starttls"; "none" is for this computer alone.',
        )
