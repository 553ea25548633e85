"""Forgetting somebody (GDPR, article 17): who is meant, what names them, what is said of it.

What goes is what this computer keeps: cached mail with its texts and files, calls, notes, alerts,
the person. Minutes stay, for they are the founder's own, but lose the name and the link. The mail
server is never written to, so what lies there stays there, and whoever asks is told so.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.folding import fold
from supportdesk.domain.people import Person
from supportdesk.services.wording import count

"""What a span is called whose customer was forgotten."""
REDACTED = "…"

STAYS = (
    "The mailbox of your team is not touched: mail that lies there stays there until somebody "
    "deletes it there. It is not fetched again from where it lies now, but comes back as old mail "
    "if it is moved there or mail.db is made anew. Calls, notes and files do not come back by "
    "themselves. Your own exports and backups are yours to delete."
)
_LEAST_DIGITS = 6
"""Shorter numbers are extensions: in a text they may be anything."""
_LEAST_NAME = 3
_APART = r"[\s\u00a0().\-/]{0,3}"
_MOST_NAMED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A name as a mail or a phone gave it, with the address or the number that it came with."""

    name: str
    email: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """Who is to be forgotten.

    Attributes:
        emails: In lower case.
        numbers: In their normal form.
        spellings: Numbers as phones gave them, and without their country.
        names: What they are called anywhere.
        own: Addresses of the team, in lower case.
    """

    emails: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    own: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        ways = ", ".join((*self.emails, *self.numbers))
        return f"{self.names[0]} ({ways})" if self.names else ways

    def as_fields(self) -> dict[str, object]:
        """For a request of another process."""
        return {
            "emails": list(self.emails),
            "numbers": list(self.numbers),
            "names": list(self.names),
            "own": sorted(self.own),
        }

    @classmethod
    def of_fields(cls, fields: Mapping[str, object]) -> "Forgotten":
        """What such a request says; it is enough for what is in memory."""
        return cls(
            emails=tuple(_texts(fields.get("emails"))),
            numbers=tuple(_texts(fields.get("numbers"))),
            names=tuple(_texts(fields.get("names"))),
            own=frozenset(_texts(fields.get("own"))),
        )

    def wrote_or_got(self, sender: str, recipients: Iterable[str], *, is_outgoing: bool) -> bool:
        """Is a mail theirs: from them, or of ours to nobody else outside of the team?"""
        if not is_outgoing:
            return sender.casefold() in self.emails
        outside = {one.casefold() for one in recipients} - self.own
        return bool(outside) and outside <= set(self.emails)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """How much there is of somebody.

    Attributes:
        mails: Theirs, and ours to them alone.
        mentions: Mails, notes, drafts and kept words of others that name an address or a number of
            theirs.
        drafts: To them alone, or answers to mail of theirs; sent ones of the last weeks too.
        seconds: Of the reading log.
    """

    mails: int = 0
    mentions: int = 0
    files: int = 0
    calls: int = 0
    notes: int = 0
    drafts: int = 0
    quotes: int = 0
    lessons: int = 0
    promises: int = 0
    lifts: int = 0
    alerts: int = 0
    spans: int = 0
    seconds: float = 0.0
    is_person: bool = False

    @property
    def is_nothing(self) -> bool:
        return self == Traces()

    @property
    def words(self) -> str:
        """What goes, as the middle of a sentence, and what of the log changes, as another."""
        parts = [
            count(self.mails, "mail with its text", "mails with their texts"),
            count(self.files, "file", "files"),
            count(self.calls, "call", "calls"),
            count(self.notes, "note", "notes"),
            count(self.drafts, "draft or sent answer", "drafts or sent answers"),
            count(self.quotes, "kept quote", "kept quotes"),
            count(self.lessons, "lesson", "lessons"),
            count(self.promises, "promise", "promises"),
            count(self.lifts, "lift", "lifts"),
            count(self.alerts, "alert", "alerts"),
        ]
        if self.is_person:
            parts.append("the person with all that was joined")
        return ", ".join(part for part in parts if not part.startswith("0 ")) or "nothing else"

    @property
    def more_words(self) -> str:
        """What is changed and stays; empty when nothing is."""
        sentences = []
        if self.mentions:
            told = count(
                self.mentions,
                "mail, note, draft or quote of others names",
                "mails, notes, drafts or quotes of others name",
            )
            sentences.append(f"{told} them: there it is blotted out, and cached texts go.")
        if self.spans:
            minutes = count(
                int(self.seconds // 60), "minute with them stays", "minutes with them stay"
            )
            sentences.append(f"{minutes} in your log, without name and link.")
        return " ".join(sentences)

    @property
    def question(self) -> str:
        """What the second question begins with; empty when there is nothing."""
        if self.is_nothing:
            return ""
        goes = f"This deletes {self.words} from this computer, and nothing brings it back."
        return " ".join(one for one in (goes, self.more_words) if one)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgottenDone:
    """What came of looking for somebody, or of forgetting them.

    Attributes:
        label: Who it is.
        words: What goes, or what a notice says; empty when there is nothing.
        problem: Why it did not go.
    """

    label: str = ""
    words: str = ""
    problem: Problem | None = None


def meant(
    who: str, people: Iterable[Person], known: Iterable[Known], normalise: Callable[[str], str]
) -> Forgotten:
    """Who is called so. Raises StoreError when that is nobody, or not only one.

    Args:
        who: An address, a number, or a name as it is shown.
        people: Those that the founder has joined.
        known: Names with what they came with.
        normalise: A number in its normal form.
    """
    who, folk, told = who.strip(), list(people), list(known)
    if "@" in who:
        return _whole(Known(name="", email=who.casefold()), folk, told, normalise)
    if is_number(who):
        return _whole(Known(name="", number=normalise(who)), folk, told, normalise)
    wanted = _plain(who)
    ways = [
        Known(name="", email=one.emails[0])
        for one in folk
        if one.emails and _plain(one.name) == wanted
    ]
    ways += [
        Known(name="", number=one.numbers[0])
        for one in folk
        if one.numbers and not one.emails and _plain(one.name) == wanted
    ]
    ways += [one for one in told if wanted and _plain(one.name) == wanted]
    found = list(dict.fromkeys(_whole(way, folk, told, normalise) for way in ways))
    if not found:
        raise _nobody(who, wanted, folk, told)
    if len(found) > 1:
        raise _several(who, found)
    return found[0]


def is_number(who: str) -> bool:
    """Digits and the signs that stand between them, nothing else."""
    return any(sign.isdigit() for sign in who) and not any(sign.isalpha() for sign in who)


def refuse_own(forgotten: Forgotten) -> None:
    """Raises StoreError for an address of the team."""
    own = next((one for one in forgotten.emails if one in forgotten.own), "")
    if own:
        raise StoreError(
            f"{own} is an address of your own team", "Only customers can be forgotten here."
        )


def done_words(forgotten: Forgotten, traces: Traces, left: Sequence[str]) -> str:
    """What a notice says when it is done.

    Args:
        forgotten: Who it was.
        traces: What there was.
        left: Files that still name them.
    """
    sentences = [f"{forgotten.label} is forgotten here: {traces.words}.", traces.more_words, STAYS]
    if left:
        files = " and ".join(left)
        sentences.append(f"Still named in {files}: that is yours to change or to delete.")
    return " ".join(sentence for sentence in sentences if sentence)


class Mentions:
    """Finds an address or a number of somebody in any text, and their name where it may be told."""

    def __init__(self, forgotten: Forgotten) -> None:
        # Who has no number calls from an address: sip:anna@example.com.
        calling = [one for one in forgotten.numbers if "@" in one]
        ways = [_email_pattern(one) for one in (*forgotten.emails, *calling)]
        ways += [_number_pattern(one) for one in sorted(_digit_strings(forgotten))]
        names = [re.escape(one) for one in forgotten.names if len(one) >= _LEAST_NAME]
        # Texts are long, and few name anybody: what is literal is found much faster.
        strings = _digit_strings(forgotten)
        ends = [one for one in strings if not any(one.endswith(end) for end in strings - {one})]
        self._digits = [re.compile(_APART.join(one)) for one in ends]
        self._local_parts = [one.partition("@")[0] for one in (*forgotten.emails, *calling)]
        self._called = {one.casefold() for one in forgotten.names}
        self._ways = re.compile("|".join(ways) or "(?!)", re.IGNORECASE)
        self._names = re.compile(rf"(?<!\w)(?:{'|'.join(names) or '(?!)'})(?!\w)", re.IGNORECASE)

    def are_in(self, text: str) -> bool:
        """An address or a number of theirs."""
        low = text.lower()
        may_be = any(one in low for one in self._local_parts) or any(
            one.search(text) for one in self._digits
        )
        return may_be and self._ways.search(text) is not None

    def names_are_in(self, text: str) -> bool:
        """What only beside their mails and calls means them: others may be called the same."""
        return self.are_in(text) or self._names.search(text) is not None

    def are_called(self, label: str) -> bool:
        """What a span is called: "Anna Nováková" or "Anna Nováková: Where is my order?"."""
        name = label.partition(":")[0].strip().casefold()
        return self.are_in(label) or name in self._called

    def blotted(self, text: str) -> str:
        return self._ways.sub(REDACTED, text)


# --- inside --------------------------------------------------------------------------------------


def _whole(
    way: Known, people: Iterable[Person], known: Iterable[Known], normalise: Callable[[str], str]
) -> Forgotten:
    """With all that was joined, and all names and spellings that came with it."""
    email = way.email.casefold()
    number = normalise(way.number) if way.number else ""
    owner = next(
        (
            one
            for one in people
            if (email and email in one.emails) or (number and number in one.numbers)
        ),
        Person(key="", name=""),
    )
    emails = tuple(dict.fromkeys((*owner.emails, *([email] if email else []))))
    numbers = tuple(dict.fromkeys((*owner.numbers, *([number] if number else []))))
    names, spellings = [owner.name], [way.number]
    for one in known:
        if one.email.casefold() in emails or (one.number and normalise(one.number) in numbers):
            names.append(one.name)
            spellings.append(one.number)
    return Forgotten(
        emails=emails,
        numbers=numbers,
        spellings=_distinct(one for one in spellings if one not in numbers),
        names=_distinct(one for one in names if "@" not in one and not is_number(one)),
    )


def _nobody(who: str, wanted: str, people: Iterable[Person], known: Iterable[Known]) -> StoreError:
    names = [*(one.name for one in people), *(one.name for one in known)]
    near = _distinct(name for name in names if wanted and wanted in _plain(name))[:_MOST_NAMED]
    if near:
        advice = f"Say which one: {', '.join(near)}."
    else:
        advice = "Say the name as it is shown, or an address or a number of theirs."
    return StoreError(f"Nobody here is called “{who}”", advice)


def _several(who: str, found: Sequence[Forgotten]) -> StoreError:
    ways = [", ".join((*one.emails, *one.numbers)) for one in found]
    listed = "; ".join(ways[:_MOST_NAMED])
    more = f"; and {len(ways) - _MOST_NAMED} more" if len(ways) > _MOST_NAMED else ""
    return StoreError(
        f"“{who}” may be {len(found)} people",
        f"Forget them one by one, each by address or number: {listed}{more}.",
    )


def _texts(value: object) -> Iterator[str]:
    yield from (one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _plain(name: str) -> str:
    """Without case and accents: nobody has to type them."""
    parts = unicodedata.normalize("NFD", fold(name)).casefold()
    return " ".join("".join(one for one in parts if not unicodedata.combining(one)).split())


def _digit_strings(forgotten: Forgotten) -> set[str]:
    numbers = [one for one in (*forgotten.numbers, *forgotten.spellings) if "@" not in one]
    strings = ("".join(sign for sign in one if sign.isdigit()).lstrip("0") for one in numbers)
    return {one for one in strings if len(one) >= _LEAST_DIGITS}


def _email_pattern(email: str) -> str:
    """Not as the end of a longer address, nor as the beginning of one; also as links spell it."""
    spelled = re.escape(email).replace("@", "(?:@|%40)")
    return rf"(?<![\w.+-]){spelled}(?![\w-]|\.\w)"


def _number_pattern(digits: str) -> str:
    """However it is written: +420 601 234 567, 00420601234567, (0)601/234567."""
    return rf"(?<!\d)(?:\+|00|\(?0\)?)?{_APART}{_APART.join(digits)}(?!\d)"
