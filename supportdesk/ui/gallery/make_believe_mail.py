"""Make-believe mail for the gallery: a conversation with every kind of card, one on its way."""

from dataclasses import replace

from supportdesk.ui.gallery.make_believe import MESSAGE
from supportdesk.ui.rows import (
    Action,
    ActionButton,
    InvitationView,
    MessageLine,
    MessageView,
    NestedView,
    Notice,
    PersonFact,
    PersonLine,
    PersonView,
    SealView,
    Tone,
)


def _line(key: str, who: str, when: str, words: str, *, is_new: bool = False) -> MessageLine:
    return MessageLine(key=key, who=who, when=when, first_words=words, is_new=is_new)


_OURS = "Hello Ingrid, I am sorry, and I can see it happen now: when the mill's server is slow"
_THEIRS = "Hei Anna, it happened again last Friday, while I was sick and my mother was in the shop"
_OPEN = _line("message/ingrid/3", "Ingrid Solheim", "Fri 20 Nov, 08:51", "Third Friday in a row.")

CONVERSATION = replace(
    MESSAGE,
    key=_OPEN.key,
    person=PersonView(
        name="Ingrid Solheim",
        house="ingrid@solheimbakeri.example",
        lines=(
            PersonLine(
                fact=PersonFact.MAIL,
                label="Mail",
                text="Mon 2 Nov, 10:14: “Can two of us order at the same time?”",
                key="message/ingrid/other",
            ),
        ),
    ),
    head=_OPEN,
    earlier=(
        _line("m1", "Ingrid Solheim", "Sat 14 Nov, 00:31", "Flour order went out twice"),
        _line("m2", "Anna (Larder)", "Sat 14 Nov, 00:44", "We found the double order"),
        _line("m3", "Ingrid Solheim", "Wed 18 Nov, 21:36", _THEIRS),
        _line("m4", "Anna (Larder)", "Wed 18 Nov, 22:11", _OURS),
    ),
    later=(
        _line("m6", "Ingrid Solheim", "Fri 20 Nov, 09:02", "One more thing: the seal", is_new=True),
    ),
    cards=(
        InvitationView(
            title="Stock count at the mill",
            when="Tue 24 Nov, 10:00 to 11:00 here · Tue 24 Nov, 09:00 to 10:00 (Europe/London)",
            where="Vaksdal Mølle, gate 3",
            who="Ingrid Solheim",
            repeats="every week on Tuesday",
            save=ActionButton(
                action=Action.SAVE_INVITATION, label="Save as .ics", target="m", icon="export"
            ),
        ),
        SealView(words="Signed with PGP; not verified here."),
        NestedView(
            who="Vaksdal Mølle <ordre@vaksdal.example>",
            subject="Ordrebekreftelse 4471 og 4472",
            when="Fri 20 Nov, 08:12",
            text="Vi har mottatt to ordre på 800 kg spelt.",
        ),
    ),
    notices=(
        Notice(
            title="3 images from larder.example are not loaded. 1 tracking image was removed.",
            tone=Tone.MUTED,
            buttons=(ActionButton(action=Action.SHOW_IMAGES, label="Show images", shortcut="i"),),
        ),
    ),
)

ON_ITS_WAY = MessageView(
    key="message/pavel",
    conversation_key="pavel",
    subject="Till closes at 14:00 on Saturdays",
    address_line="to support@larder.app · Fri 20 Nov, 09:23",
    text="Hello, we sell until two but your day ends at",
    loading="Fetching the text from Support.",
    is_here=False,
)
