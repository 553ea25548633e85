"""Why a server does not take a message, in the founder's words; nobody has got it then.

The one exception is `OutcomeUnknown`. What is about the account and not about the message is one
of the errors of `smtp_problems`.
"""

import re
from collections.abc import Sequence

from supportdesk.adapters.mail.smtp_problems import Reply, busy, not_smtp
from supportdesk.domain.errors import (
    AuthRejected,
    ConnectionLost,
    ServerBusy,
    SupportDeskError,
)
from supportdesk.domain.settings import MailSettings

Refused = tuple[tuple[str, str], ...]

_NOBODY = "Nobody has got it."
_LATER = "Nobody has got it yet; supportdesk tries again by itself."
_MOST_NAMED = 3
_MEGABYTE = 1_000_000


class LetterRefused(SupportDeskError):
    """This message will never be taken as it is; nobody has got it.

    Attributes:
        refused: The addresses because of which, each with what the server said.
    """

    is_for_founder = True

    def __init__(self, title: str, advice: str, refused: Refused = ()) -> None:
        super().__init__(title, advice)
        self.refused = refused


class LetterDelayed(ConnectionLost):
    """The server does not take this message now; nobody has got it.

    Attributes:
        refused: The addresses because of which, each with what the server said.
    """

    def __init__(self, title: str, advice: str, refused: Refused = ()) -> None:
        super().__init__(title, advice)
        self.refused = refused


class OutcomeUnknown(ConnectionLost):
    """The end of the message was sent, and no answer came: it may have gone out or not."""


_SENDER = re.compile(
    r"5\.7\.60|5\.1\.[78]\b|5\.7\.27|SendAs|send as|not owned by"
    r"|sender address (?:rejected|refused)"
    r"|not (?:allowed|permitted|authori[sz]ed) to (?:send|use)|(?:from|sender).{0,60}(?:mismatch"
    r"|not (?:allowed|permitted|match|belong|authori[sz]ed|verified))",
    re.IGNORECASE,
)
_TOO_LARGE = re.compile(
    r"5\.3\.4|5\.2\.3|too (?:large|big)|size.{0,30}(?:exceed|limit)|exceed.{0,30}size", re.I
)
_SENT_ENOUGH = re.compile(
    r"[45]\.4\.5|5\.1\.90|5\.7\.708|outbound ?spam|(?:daily|hourly|sending|rate)"
    r"\b.{0,30}(?:limit|quota)|too many (?:messages|mails)",
    re.IGNORECASE,
)
_TOO_MANY_AT_ONCE = re.compile(r"[45]\.5\.3|too many recipients", re.IGNORECASE)
_NEEDS_LOGIN = re.compile(
    r"5\.7\.57|authentication (?:is )?required|not authenticated|relay(?:ing)? (?:access )?denied"
    r"|relaying (?:not|is not)|not permitted to relay|unable to relay",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"5\.1\.[0136]\b|5\.1\.10|user unknown|unknown (?:user|recipient)"
    r"|no such (?:user|mailbox|recip)|does(?:n't| not) exist|recipient not found",
    re.IGNORECASE,
)
_FULL = re.compile(r"[45]\.2\.2|(?:over|exceeded).{0,20}quota|(?:mail)?box.{0,20}full", re.I)
_GREY = re.compile(r"gr[ae]y-?list|4\.7\.1.{0,80}(?:later|again)|deferred", re.IGNORECASE)
_CONTENT = re.compile(
    r"spam|virus|malware|5\.7\.[01]\b|5\.6\.|content|attachment|blocked|policy|dmarc|spf|dkim", re.I
)


def of_sender(reply: Reply, sender: str, account: MailSettings) -> SupportDeskError:
    """MAIL FROM was refused."""
    known = _of_account(reply, account) or _of_size(reply, account)
    if known is not None:
        return known
    if reply.is_temporary:
        return _delayed(reply, account)
    return cannot_send_from(reply, sender, account)


def cannot_send_from(reply: Reply, sender: str, account: MailSettings) -> LetterRefused:
    return LetterRefused(
        f"This cannot be sent from {sender}: {account.host} does not let {account.user} use it",
        "Choose another address to send from, or ask the provider to allow this one for the"
        f" account. {_NOBODY} {reply.quoted}",
    )


def is_of_sender(reply: Reply) -> bool:
    """Whether a refusal is because of whom the message is from."""
    return reply.is_final and _SENDER.search(reply.words) is not None


def account_may_not_send_from(reply: Reply, account: MailSettings) -> AuthRejected:
    """The same, known before anything was written."""
    return AuthRejected(
        f"{account.host} does not let {account.user} send from {account.address}",
        f"Choose another address for the account, or ask the provider to allow it. {reply.quoted}",
    )


def of_recipients(
    refused: Sequence[tuple[str, Reply]], count: int, sender: str, account: MailSettings
) -> SupportDeskError:
    """Some recipients were refused, so nobody gets it. `count` is how many there are in all."""
    final = [(address, reply) for address, reply in refused if reply.is_final]
    worst = final or list(refused)
    reply = worst[0][1]
    known = _of_account(reply, account)
    if known is not None:
        return known
    if _TOO_MANY_AT_ONCE.search(reply.words):
        return LetterRefused(
            f"{account.host} takes fewer than {count:,} recipients of one message",
            f"Send it to some of them at a time. {_NOBODY} {reply.quoted}",
        )
    # Postfix looks at the sender only when it is told the first recipient.
    if len(final) == count and is_of_sender(reply):
        return cannot_send_from(reply, sender, account)
    named = tuple((one, str(its)) for one, its in worst)
    who = _named([one for one, _ in worst], count)
    if final:
        return LetterRefused(
            f"{account.host} refuses {who}{_why(reply)}",
            f"{_remedy(worst, count)} {_NOBODY} {reply.quoted}",
            named,
        )
    if _GREY.search(reply.words):
        return LetterDelayed(
            f"{account.host} asks to come back later for {who}",
            f"That is usual for a first message to somebody (greylisting). {_LATER}",
            named,
        )
    return LetterDelayed(
        f"{account.host} does not take it for {who} at the moment{_why(reply)}",
        f"{_LATER} {reply.quoted}",
        named,
    )


def of_text(reply: Reply, sender: str, account: MailSettings) -> SupportDeskError:
    """The message itself was refused: at DATA, in the middle of it, or at its end."""
    known = _of_account(reply, account) or _of_size(reply, account)
    if known is not None:
        return known
    if reply.is_temporary:
        return _delayed(reply, account)
    if is_of_sender(reply):
        return cannot_send_from(reply, sender, account)
    if _CONTENT.search(reply.words):
        return LetterRefused(
            f"{account.host} refuses what is in the message",
            f"Often that is an attachment or a link. {_NOBODY} {reply.quoted}",
        )
    return LetterRefused(
        f"{account.host} refuses the message",
        f"Change it and send it again, or ask who runs the mail server. {_NOBODY} {reply.quoted}",
    )


def too_large(size_bytes: int, most_bytes: int, account: MailSettings) -> LetterRefused:
    """Known before the try, from what the server announces (RFC 1870)."""
    return LetterRefused(
        f"The message is too large: {_megabytes(size_bytes)}, and {account.host} takes"
        f" {_megabytes(most_bytes)} at most",
        f"Take attachments out of it, or send a link to them. {_NOBODY}",
    )


def not_in_ascii(addresses: Sequence[str], account: MailSettings) -> LetterRefused:
    """Addresses that no command of SMTP can hold, mostly for letters with accents before the @."""
    named = tuple((one, "cannot be written in SMTP") for one in addresses)
    return LetterRefused(
        f"{account.host} cannot be told the address {_named(addresses, 0)}",
        "Before the @ only letters without accents are carried by mail servers. Ask for another"
        f" address of theirs. {_NOBODY}",
        named,
    )


def no_eight_bits(account: MailSettings) -> LetterRefused:
    return LetterRefused(
        f"{account.host} takes no text with letters beyond ASCII as it is",
        f"That is a mistake of supportdesk, which should have packed it. {_NOBODY}",
    )


def unanswered(account: MailSettings) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"{account.host} was lost before it said whether it took the message",
        "It may have gone out. supportdesk looks for it in Sent and does not send it again by"
        " itself.",
    )


def _of_account(reply: Reply, account: MailSettings) -> SupportDeskError | None:
    """What is no fault of this message."""
    if reply.code == 421:
        return busy(reply, account)
    if _SENT_ENOUGH.search(reply.words) and not _TOO_LARGE.search(reply.words):
        return ServerBusy(
            f"{account.user} has sent as much as {account.host} allows for now",
            f"Providers allow so many messages in a while, and then none. {_LATER} {reply.quoted}",
        )
    if reply.code == 530 or _NEEDS_LOGIN.search(reply.words):
        return AuthRejected(
            f"{account.host} does not pass on mail for {account.user}",
            "It wants a sign-in for that: check user, port and security of the outgoing server."
            f" {reply.quoted}",
        )
    if reply.code < 0:
        return not_smtp(account)
    return None


def _of_size(reply: Reply, account: MailSettings) -> SupportDeskError | None:
    is_meant = reply.code == 552 and not _CONTENT.search(reply.words)
    if reply.is_final and (is_meant or _TOO_LARGE.search(reply.words)):
        return LetterRefused(
            f"The message is too large for {account.host}",
            f"Take attachments out of it, or send a link to them. {_NOBODY} {reply.quoted}",
        )
    return None


def _delayed(reply: Reply, account: MailSettings) -> LetterDelayed:
    return LetterDelayed(
        f"{account.host} does not take the message at the moment ({reply})", _LATER
    )


def _why(reply: Reply) -> str:
    if _FULL.search(reply.words):
        return ": the mailbox is full"
    return ": there is no such address" if _UNKNOWN.search(reply.words) else ""


def _remedy(refused: Sequence[tuple[str, Reply]], count: int) -> str:
    which, them = ("this address", "it") if len(refused) == 1 else ("these addresses", "them")
    others = count - len(refused)
    if others <= 0:
        return f"Correct {which} and send it again."
    rest = "the other one" if others == 1 else f"the other {others:,}"
    return f"Correct {which}, or remove {them} and send to {rest}."


def _named(addresses: Sequence[str], count: int) -> str:
    shown = ", ".join(addresses[:_MOST_NAMED])
    more = len(addresses) - _MOST_NAMED
    shown += f" and {more:,} more" if more > 0 else ""
    return shown if count <= len(addresses) else f"{shown} ({len(addresses):,} of {count:,})"


def _megabytes(size_bytes: int) -> str:
    if size_bytes < _MEGABYTE:
        return f"{max(1, round(size_bytes / 1000)):,} kB"
    return f"{size_bytes / _MEGABYTE:.1f} MB"
