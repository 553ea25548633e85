"""What an answer is made of: who gets it, from which address, its subject, ancestors and quote."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from supportdesk.domain.answers import AnswerKind, Draft, Recipients, ReplyHead
from supportdesk.domain.mail import NO_MESSAGE_ID, Mailer, MessageId, is_no_reply
from supportdesk.domain.mail_addresses import address_key, domain_of, is_same_address, wire_address
from supportdesk.domain.settings import MailSettings
from supportdesk.domain.text import clean_line
from supportdesk.domain.waiting import without_prefixes

MANY = 50
"""More people than this get a mail only after a question."""
_CLOCKS_DIFFER_BY = timedelta(days=1)
MAX_QUOTED = 50_000
MAX_QUOTED_LINES = 2_000
_LAST_REFERENCES = 20
_LONGEST_PREFIXES = 300
_NAMED_SHORT = 60

FIELDS = ("name", "first name", "my name", "my address", "subject")
"""What can stand in braces in a saved reply."""
_FIELD_LEFT = re.compile(r"\{(" + "|".join(FIELDS) + r")\}", re.IGNORECASE)

# Control characters but the tab, half letters, and what stands for a picture in copied text.
_UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffc\ufeff]")
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)

# What customers' languages say of a file that goes along. What the other one sent is left out.
_ATTACHED = re.compile(
    r"(?<!your )(?<!you )(?<!you've )\b(?:attached|attaching|attachments?|enclosed)\b"
    r"(?! (?:you|to your))"
    r"|\b(?:anbei|im anhang|angehängt|hänge ich|beigefügt|beiliegend|in der anlage"
    r"|ci-joint(?:e|s|es)?|(?<!votre )pièces? jointes?|je joins|en annexe"
    r"|adjunt(?:o|a|os|as|amos)|(?:em|segue) anexo|anexei|in allegato|allegh?(?:o|iamo)"
    r"|(?:in|als) (?:de )?bijlagen?|bijgevoegd|bijgaand"
    r"|v příloze|přikládám(?:e)?|přiložen\w{0,3}|v prílohe|prikladám(?:e)?|priložen\w{0,3}"
    r"|w załączniku|załącz(?:am|amy|on[yaei])|csatol(?:om|tam|va|juk|tuk)"
    r"|mellékel(?:em|jük|ve|t|tem|ten)"
    r"|bifog(?:ar|ad|at|ade)|vedhæft(?:er|et|ede)|vedlagt|legger ved|liitteenä"
    r"|во вложении|прикреп(?:ляю|ил|ила|лен\w{0,3})|прилага(?:ю|ем)|у вкладенні|додаю файл"
    r"|atașat|ekte (?:gönderiyorum|bulabilirsiniz)|ektedir)\b"
    r"|添付(?:し|いた|の)|附件|첨부",
    re.IGNORECASE,
)

# To look for these takes a hundredth of the time; without any of them nothing above can match.
_STEMS = (
    *("attach", "enclosed", "anbei", "anhang", "angehängt", "hänge ich", "beigefügt", "beiliegend"),
    *("anlage", "joint", "je joins", "annexe", "adjunt", "anex", "alleg", "bijlage"),
    *("bijgevoegd", "bijgaand", "příloze", "přikládám", "přiložen", "prílohe", "prikladám"),
    *("priložen", "załącz", "csatol", "mellékel", "bifog", "vedhæft", "vedlagt", "legger ved"),
    *("liitteenä", "вложении", "прикреп", "прилага", "вкладенні", "додаю файл", "atașat", "ekte"),
    *("添付", "附件", "첨부"),
)


class DoubtKind(Enum):
    """Why a draft is not simply sent."""

    NOBODY = "nobody"
    ADDRESS = "address"
    EMPTY = "empty"
    NO_FILE = "no-file"
    MANY = "many"
    NO_REPLY = "no-reply"
    FIELD_LEFT = "field-left"
    CLOCK = "clock"
    SENDER = "sender"
    FILES_COMING = "files-coming"
    """Of a forward: its files are still being fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Something to look at before a draft is sent.

    Attributes:
        is_final: It cannot be sent so; of the others the founder is asked.
        about: The address, or the words that gave the reason; empty where there are none.
    """

    kind: DoubtKind
    title: str
    advice: str
    is_final: bool = False
    about: str = ""


def own_address_of(head: ReplyHead, settings: MailSettings) -> Mailer:
    """The address of ours that the mail was written to; the account's own where none was (F23).

    A message of ours that is answered once more is answered as what we were.
    """
    named = (*(one.email for one in (head.sender, *head.to, *head.cc)), *head.delivered_to)
    own = settings.own_addresses
    exact = (mine for email in named for mine in own if is_same_address(email, mine))
    tagged = (mine for email in named for mine in own if is_same_address(_untagged(email), mine))
    email = next(exact, None) or next(tagged, None) or settings.address
    return Mailer(name=settings.name_in_from, email=email)


def who_gets_it(head: ReplyHead, kind: AnswerKind, own: Collection[str]) -> Recipients:
    """Whom an answer goes to: never to us, to nobody twice."""
    if kind not in (AnswerKind.REPLY, AnswerKind.REPLY_ALL):
        return Recipients()
    seen = {address_key(email) for email in own}
    if address_key(head.sender.email) in seen:
        to = _new(head.to, seen) or _new(head.reply_to, seen) or (head.sender,)
    else:
        to = _new(head.reply_to, seen) or _new((head.sender,), seen)
    if kind is AnswerKind.REPLY:
        return Recipients(to=to)
    return Recipients(to=to, cc=_new((*head.to, *head.cc), seen))


def reply_subject(subject: str, kind: AnswerKind) -> str:
    """`Re: ` or `Fwd: ` once, whatever stood there and in which language."""
    if kind is AnswerKind.NEW:
        return ""
    clean = clean_line(subject)
    bare = without_prefixes(clean[:_LONGEST_PREFIXES]) + clean[_LONGEST_PREFIXES:]
    return f"{'Fwd' if kind is AnswerKind.FORWARD else 'Re'}: {bare}".strip()


def references_of(head: ReplyHead) -> tuple[MessageId, ...]:
    """Ancestors for the head of an answer: the first and the last of them, then the question.

    Ids that we made up for mail without any mean nothing to others.
    """
    ids = [one for one in head.references if not is_made_up(one) and one != head.message_id]
    if len(ids) > _LAST_REFERENCES + 1:
        ids = [ids[0], *ids[-_LAST_REFERENCES:]]
    if head.message_id is not None and not is_made_up(head.message_id):
        ids.append(head.message_id)
    return tuple(dict.fromkeys(ids))


def is_made_up(message_id: MessageId) -> bool:
    """An id of ours for mail that came without any."""
    return message_id.endswith(NO_MESSAGE_ID)


def message_id_of(token: str, sender: Mailer) -> MessageId:
    """The id of a message of ours; the token has to be one that was never used."""
    letters = re.sub(r"[^A-Za-z0-9.-]", "", token)[:100]
    return MessageId(f"<{letters}@{domain_of(sender.email)}>")


def tidy_lines(text: str) -> str:
    """A text as it can be mailed: lines end in one way, and nothing in it is unwritable."""
    return "\n".join(_UNWRITABLE.sub("", text).splitlines())


def quoted(text: str, selection: str = "") -> str:
    """The lines of a message, or those that were selected, marked as quoted; bounded."""
    source = (selection if selection.strip() else text)[: MAX_QUOTED + 1]
    is_cut = len(source) > MAX_QUOTED
    lines = tidy_lines(source[:MAX_QUOTED]).strip("\n").split("\n")
    is_cut = is_cut or len(lines) > MAX_QUOTED_LINES
    if not any(line.strip() for line in lines):
        return ""
    marked = [_marked(line) for line in lines[:MAX_QUOTED_LINES]]
    return "\n".join([*marked, *(["> […]"] if is_cut else [])])


def why_not_send(draft: Draft) -> tuple[Doubt, ...]:
    """What to say before a draft is sent; what makes it impossible comes first."""
    written = own_words(draft.body)
    found = [*_impossible(draft.recipients), *_no_reply(draft.recipients)]
    if not written.strip() and not draft.files and draft.kind is not AnswerKind.FORWARD:
        found.append(
            Doubt(kind=DoubtKind.EMPTY, title="Nothing is written", advice="Send it all the same?")
        )
    attached = None if draft.files else _word_of_a_file(written)
    if attached is not None:
        found.append(
            Doubt(
                kind=DoubtKind.NO_FILE,
                title=f"You wrote “{attached[0]}”, and no file is attached",
                advice="Attach it, or send it as it is.",
                about=attached[0],
            )
        )
    return (*found, *_fields_left(written), *_many(draft.recipients))


def wrong_clock(now: datetime, arrivals: Iterable[datetime]) -> tuple[Doubt, ...]:
    """What the server's clock says of ours: mail cannot have arrived the day after tomorrow.

    A clock that is ahead is told by nothing: mail of long ago arrives with its old time, too.
    """
    behind = max(arrivals, default=now) - now
    if behind <= _CLOCKS_DIFFER_BY:
        return ()
    days = "a day" if behind.days == 1 else f"{behind.days:,} days"
    return (
        Doubt(
            kind=DoubtKind.CLOCK,
            title=f"This computer's clock is more than {days} behind that of the mail server",
            advice="Set it first: the answer would bear a wrong date, and some take such mail for"
            " junk.",
        ),
    )


def strange_sender(sender: Mailer, own: Collection[str]) -> tuple[Doubt, ...]:
    """A draft may be older than the addresses of its account."""
    if not own or any(is_same_address(sender.email, mine) for mine in own):
        return ()
    return (
        Doubt(
            kind=DoubtKind.SENDER,
            title=f"{_short(sender.email)} is no address of this account any more",
            advice="Choose another one at From, or send it as it is.",
            about=sender.email,
        ),
    )


def own_words(body: str) -> str:
    """What was newly written: without quoted lines, and without the signature at the end."""
    above = _SIGNATURE.split(body)
    text = "\n".join(above[:-1]) if len(above) > 1 else body
    return "\n".join(line for line in text.splitlines() if not line.startswith(">"))


def _word_of_a_file(written: str) -> re.Match[str] | None:
    """What says that a file goes along."""
    folded = written.lower()
    stems = [stem for stem in _STEMS if stem in folded]
    if not stems:
        return None
    lines = (line for line in written.splitlines() if any(stem in line.lower() for stem in stems))
    return next((found for line in lines if (found := _ATTACHED.search(line))), None)


def _new(people: Iterable[Mailer], seen: set[str]) -> tuple[Mailer, ...]:
    """Those that are not among the seen yet; from now on they are."""
    found: list[Mailer] = []
    for one in people:
        key = address_key(one.email)
        if key and key not in seen:
            seen.add(key)
            found.append(one)
    return tuple(found)


def _untagged(email: str) -> str:
    """`support+orders@…` is delivered to `support@…`."""
    local, at, domain = email.rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def _marked(line: str) -> str:
    return (f">{line}" if line.startswith(">") else f"> {line}").rstrip(" ")


def _impossible(recipients: Recipients) -> list[Doubt]:
    if not len(recipients):
        title = "Nobody is to get it"
        return [Doubt(kind=DoubtKind.NOBODY, title=title, advice="Add an address.", is_final=True)]
    return [
        Doubt(
            kind=DoubtKind.ADDRESS,
            title=f"“{_short(one.email or one.name)}” is no address that mail can be sent to",
            advice=_advice_on(one.email),
            is_final=True,
            about=one.email,
        )
        for one in recipients
        if wire_address(one.email) is None
    ]


def _advice_on(email: str) -> str:
    local = email.strip().rpartition("@")[0]
    if local and not local.isascii():
        return (
            "Letters with accents before the @ are not taken by most mail servers. Ask for another "
            "address, or take it out."
        )
    return "Correct it, or take it out."


def _no_reply(recipients: Recipients) -> list[Doubt]:
    return [
        Doubt(
            kind=DoubtKind.NO_REPLY,
            title=f"Nobody reads what is sent to {_short(one.email)}",
            advice="Look in the message for the customer's own address, or send it all the same.",
            about=one.email,
        )
        for one in recipients
        if is_no_reply(one.email)
    ]


def _fields_left(written: str) -> list[Doubt]:
    left = _FIELD_LEFT.search(written)
    if left is None:
        return []
    return [
        Doubt(
            kind=DoubtKind.FIELD_LEFT,
            title=f"“{left[0]}” of a saved reply still stands in the text",
            advice="Write what belongs there, or send it as it is.",
            about=left[0],
        )
    ]


def _many(recipients: Recipients) -> list[Doubt]:
    if len(recipients) <= MANY:
        return []
    in_sight = len(recipients.to) + len(recipients.cc)
    seen = f", and {in_sight} of them are named to all" if in_sight > 1 else ""
    return [
        Doubt(
            kind=DoubtKind.MANY,
            title=f"{len(recipients)} people will get it{seen}",
            advice="Put those who need not know of one another into Bcc, or send it as it is.",
            about=str(len(recipients)),
        )
    ]


def _short(text: str) -> str:
    clean = clean_line(text)
    return f"{clean[: _NAMED_SHORT - 1]}…" if len(clean) > _NAMED_SHORT else clean
