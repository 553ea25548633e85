"""A make-believe morning at a make-believe bakery-software company, as views."""

from __future__ import annotations

from supportdesk.ui.rows import (
    Action,
    ActionButton,
    AttachmentView,
    ButtonRank,
    ChipKind,
    ChipView,
    ClockView,
    ConversationRow,
    EmptyView,
    InboxRow,
    InboxView,
    MessageView,
    Notice,
    PersonFact,
    PersonLine,
    PersonView,
    ProgressView,
    SectionRow,
    StripKind,
    StripSegment,
    StripView,
    Tone,
    TrayEntry,
    TrayState,
    TrayView,
    listed,
)

PROGRESS = ProgressView(minutes=18, goal_minutes=30, label="18 of 30 min this week")
TAKE = ActionButton(
    action=Action.TAKE_CALL,
    label="Take call",
    target="call-1",
    icon="phone-in",
    shortcut="t",
    rank=ButtonRank.PRIMARY,
)
TRY_AGAIN = ActionButton(
    action=Action.TRY_AGAIN, label="Try again now", target="mail/Support", icon="refresh"
)
WHY = ActionButton(action=Action.WHY_DEAF, label="Why?", icon="pulse", rank=ButtonRank.GHOST)
RESUME = ActionButton(action=Action.RESUME_ALERTS, label="Resume", icon="play")


def segment(text: str, tone: Tone = Tone.NORMAL) -> StripSegment:
    return StripSegment(text=text, tone=tone)


STRIPS = {
    StripKind.YOURS: StripView(
        kind=StripKind.YOURS,
        segments=(
            segment("2 callers waiting", Tone.STRONG),
            segment("longest 0:48"),
            segment("3 of 3 busy"),
            segment("This one is yours.", Tone.AMBER),
        ),
        buttons=(TAKE,),
        ticks=True,
    ),
    StripKind.QUIET: StripView(
        kind=StripKind.QUIET,
        segments=(
            segment("All quiet", Tone.STRONG),
            segment("no callers"),
            segment("6 people waiting for a reply"),
            segment("mail checked at 14:02", Tone.MUTED),
        ),
        progress=PROGRESS,
    ),
    StripKind.LIFTED: StripView(
        kind=StripKind.LIFTED,
        segments=(
            segment("1 mail lifted to you", Tone.AMBER),
            segment("no callers"),
            segment("6 people waiting for a reply"),
            segment("mail checked at 14:02", Tone.MUTED),
        ),
        progress=PROGRESS,
    ),
    StripKind.WAITING: StripView(
        kind=StripKind.WAITING,
        segments=(
            segment("1 caller waiting", Tone.STRONG),
            segment("0:05"),
            segment("2 of 3 free"),
            segment("your team has it", Tone.MUTED),
        ),
        progress=PROGRESS,
        ticks=True,
    ),
    StripKind.PAUSED: StripView(
        kind=StripKind.PAUSED,
        segments=(
            segment("Alerts paused until 14:00", Tone.STRONG),
            segment("no callers"),
            segment("6 people waiting for a reply"),
        ),
        buttons=(RESUME,),
        progress=PROGRESS,
    ),
    StripKind.DEAF: StripView(
        kind=StripKind.DEAF,
        segments=(
            segment("Not listening since 09:14", Tone.BRICK),
            segment("mail: support@larder.app"),
            segment("phones are fine"),
        ),
        buttons=(WHY, TRY_AGAIN),
    ),
}


def chip(label: str, kind: ChipKind = ChipKind.PLAIN) -> ChipView:
    return ChipView(label=label, kind=kind)


WAITING_ROWS: tuple[InboxRow, ...] = (
    SectionRow(key="section/waiting", title="Waiting for an answer", count="6"),
    ConversationRow(
        key="ingrid",
        who="Ingrid Solheim",
        subject="Flour order went out twice again",
        first_words=(
            "Third Friday in a row. I only noticed because the mill rang me to ask where to put"
        ),
        age_label="3 h 12",
        is_hot=True,
        is_unread_by_me=True,
        chips=(
            chip("lifted to you by Anna", ChipKind.LIFTED),
            chip("3rd try today", ChipKind.KNOCK),
        ),
    ),
    ConversationRow(
        key="pavel",
        who="Pavel Kiss",
        subject="Till closes at 14:00 on Saturdays",
        first_words="Hello, we sell until two but your day ends at midnight, so my numbers",
        age_label="2 h 40",
        is_unread_by_me=True,
        chips=(chip("claimed by Anna", ChipKind.CLAIMED),),
    ),
    ConversationRow(
        key="aubry",
        who="Maison Aubry",
        subject="Allergen labels: sesame is missing",
        first_words="Bonjour, since the update the sesame line is not printed on small labels. We",
        age_label="1 h 55",
        is_hot=True,
        is_unread_by_me=True,
    ),
    ConversationRow(
        key="deirdre",
        who="Deirdre Walsh",
        subject="Thank you, and one small thing",
        first_words="The new stock sheet saved me an hour this morning, honestly. Could the totals",
        age_label="58 min",
        is_unread_by_me=True,
    ),
    ConversationRow(
        key="tomasz",
        who="Tomasz Wrona",
        subject="Re: import of recipes from Excel",
        first_words="I tried the file you sent. It stops at row 212, the one with the rye starter",
        age_label="41 min",
        chips=(chip("promise due today", ChipKind.PROMISE),),
    ),
    ConversationRow(
        key="levain",
        who="Levain & Daughters",
        subject="Second shop: one account or two?",
        first_words="We open in Haarlem on 3 December. Should both shops share one stock list or",
        age_label="12 min",
        is_unread_by_me=True,
    ),
)
ANSWERED_ROWS: tuple[InboxRow, ...] = (
    SectionRow(key="section/done", title="Done, last mail today", count="3"),
    ConversationRow(
        key="noor",
        who="Noor Haddad",
        subject="Could not log in on the tablet",
        first_words="It works now. Your colleague was very patient with me.",
        age_label="09:31",
        is_answered=True,
        chips=(chip("answered by Anna after 14 min", ChipKind.ANSWERED),),
    ),
    ConversationRow(
        key="linde",
        who="Backhaus Linde",
        subject="Rechnung 2214",
        first_words="Guten Morgen, auf der Rechnung steht noch die alte Adresse",
        age_label="09:02",
        is_answered=True,
        chips=(chip("answered by Priya after 22 min", ChipKind.ANSWERED),),
    ),
    ConversationRow(
        key="mill",
        who="Mill delivery notice",
        subject="Delivery 88121 is on its way",
        first_words="This is an automatic message. Please do not reply.",
        age_label="08:57",
        is_answered=True,
        chips=(chip("robot", ChipKind.ROBOT), chip("needs no reply")),
    ),
)
INBOX_ROWS = (*WAITING_ROWS, *ANSWERED_ROWS)
INBOX = InboxView(caption="6 waiting, longest first", rows=listed(*INBOX_ROWS))
QUIET_INBOX = InboxView(
    caption="Nobody is waiting",
    rows=listed(*ANSWERED_ROWS),
    empty=EmptyView(
        head="Everybody has an answer.",
        sentence="Your team answered 3 people today; the longest waited 31 minutes.",
    ),
)
DEAF_INBOX = InboxView(
    caption="6 waiting, longest first · as of 09:14",
    rows=listed(*INBOX_ROWS),
    banner=Notice(
        title="Mail may be missing here",
        text="No word from imap.larder.app for 2 h 49. Retrying, next in 20 s.",
    ),
)
CALL_BACK = ActionButton(
    action=Action.CALL_BACK,
    label="Call back",
    target="person/ingrid",
    icon="phone-out",
    shortcut="b",
)
MESSAGE = MessageView(
    key="message/ingrid/2",
    conversation_key="ingrid",
    subject="Flour order went out twice again",
    address_line="to support@larder.app · Fri 20 Nov, 08:51",
    person=PersonView(
        name="Ingrid Solheim",
        house="Solheim Bakeri, Bergen · customer since 2023",
        call_back=CALL_BACK,
        lines=(
            PersonLine(
                fact=PersonFact.PROMISE,
                label="Promise open",
                text="“Fixed by Friday” · Tomáš, Wed 18 Nov",
            ),
            PersonLine(
                fact=PersonFact.CALL,
                label="Call",
                text="Tue 17 Nov, 4 min with Anna: “I check the mill's mail by hand now”",
            ),
            PersonLine(
                fact=PersonFact.QUOTE,
                label="Quote",
                text="“I trust the sheet, not the send button.” · 2 Oct",
            ),
        ),
    ),
    html=(
        "<p>Hi Anna, hi all,</p><p>Third Friday in a row. I only noticed because the mill rang me "
        "to ask where to put the second pallet. That is 800 kg of spelt I did not want, and they "
        "will not take it back once the seal is broken.</p><p>I press <b>Send order</b> once. The "
        "page stays grey for a long time, so I go and shape the buns, and when I come back it says "
        "“Send order” again. So I press it. <mark>I am not stupid, the button looks as if nothing "
        "happened.</mark></p><p>Please, before next Friday. I check the mill's mail by hand now "
        "and that is the very thing I bought Larder for.</p><p>Ingrid</p>"
    ),
    quoted_summary="14 quoted lines from Anna, Wed 18 Nov",
    quoted_text="Dear Ingrid,\n\nwe found the double order and took the second one back.\n\nAnna",
    attachments=(AttachmentView(key="a1", name="delivery note.pdf", size_label="84 kB"),),
    word_count=140,
)
BROKEN_MESSAGE = MessageView(
    key="message/broken",
    conversation_key="pavel",
    subject="Till closes at 14:00 on Saturdays",
    address_line="to support@larder.app · Fri 20 Nov, 09:23",
    notices=(
        Notice(
            title="This message could not be decoded.",
            text="It is shown as it came. Opening it in your mail client may do better.",
            tone=Tone.AMBER,
        ),
    ),
    text="Hello,\n\nwe sell until two but your day ends at midnight.\n\nPavel",
)
CLOCK = ClockView(is_counting=True, label="counting 1:12", why="This mail counts until about 2:40.")
CLOCK_FULL = ClockView(
    is_counting=False,
    label="full for this mail, 2:40",
    why="A scroll or a selection gives 30 s more.",
)

TRAY = TrayView(
    state=TrayState.WAITING,
    tooltip="supportdesk: 6 people waiting, longest 3 h 12",
    number=6,
    newest_alert=TrayEntry(key="alert/1", label="Newest: Maison Aubry, missed call"),
    people=(
        TrayEntry(key="call-1", label="Pavel Kiss, 2nd ring  0:12"),
        TrayEntry(key="ingrid", label="Ingrid Solheim  3 h 12"),
    ),
    week_line="This week: 18 of 30 min",
    talk_line="You last spoke with a customer 6 days ago (Pavel Kiss, 4 min)",
    call_back=TrayEntry(key="call-9", label="Call back Maison Aubry, missed 41 min ago"),
    health_line="Is it working?  heard 8 s ago",
)
