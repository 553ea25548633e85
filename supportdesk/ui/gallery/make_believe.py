"""A make-believe morning at a make-believe bakery-software company, as views."""

from __future__ import annotations

from supportdesk.ui.rows import (
    Action,
    ActionButton,
    AttachmentView,
    BoardLevel,
    BoardView,
    ButtonRank,
    CallEntry,
    CallerRow,
    CallMark,
    CallsTab,
    CallsView,
    CheckLine,
    ChipKind,
    ChipView,
    ClockView,
    ConversationRow,
    EmptyView,
    FigurePart,
    FixedRows,
    HealthRow,
    HealthState,
    HealthView,
    InboxRow,
    InboxView,
    MemberRow,
    MemberState,
    MessageView,
    Notice,
    PastCalls,
    PersonFact,
    PersonLine,
    PersonView,
    ProgressView,
    RingFigure,
    SectionRow,
    StripKind,
    StripSegment,
    StripView,
    Tone,
    TrayEntry,
    TrayState,
    TrayView,
    Trouble,
    listed,
)
from supportdesk.ui.settings.forms import SettingsView, SourceLine

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
            segment("mail checked 12 s ago", Tone.MUTED),
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

CALLS = CallsView(
    waiting=(
        CallerRow(
            key="call-1",
            position=1,
            who="Pavel Kiss",
            house="Pekárna Kiss, Brno",
            number="+420 541 220 018",
            rings=8,
            time_label="0:48",
            last_line="Last mail, 2 h 40 ago: “Till closes at 14:00 on Saturdays”",
        ),
        CallerRow(
            key="call-2",
            position=2,
            who="+31 20 555 0142",
            house="not known yet",
            rings=2,
            time_label="0:11",
            last_line="Nothing is known of this caller yet",
            is_known=False,
        ),
    ),
    waiting_note="longest first · one ring is 6 s",
    team_label="3 of 3 busy",
    is_team_full=True,
    members=(
        MemberRow(
            key="anna",
            name="Anna Dvořák",
            state=MemberState.ON_A_CALL,
            since_line="6:20 with Noor Haddad",
        ),
        MemberRow(
            key="priya",
            name="Priya Nair",
            state=MemberState.ON_A_CALL,
            since_line="2:05 with Backhaus Linde",
        ),
        MemberRow(
            key="tomas",
            name="Tomáš Beran",
            state=MemberState.ON_A_CALL,
            since_line="0:40, number hidden",
        ),
        MemberRow(
            key="you",
            name="You (ext 104)",
            state=MemberState.STANDING_BY,
            since_line="rings when you take a call",
        ),
        MemberRow(
            key="jonas", name="Jonas Weiß", state=MemberState.PAUSED, since_line="since 11:50"
        ),
        MemberRow(
            key="ella",
            name="Ella Park",
            state=MemberState.GONE,
            since_line="phone offline since 09:02",
        ),
        MemberRow(
            key="desk",
            name="Reception",
            state=MemberState.UNKNOWN,
            since_line="no state for 2 h, asking again",
        ),
    ),
    past=PastCalls(
        note="2 people still waiting",
        queues=("sales", "support"),
        rows=FixedRows(
            (
                CallEntry(
                    key="m1",
                    who="Maison Aubry",
                    tries=3,
                    why="hung up after 41 s, nobody was free",
                    tries_line="Tries at 09:02, 10:15, 10:43",
                    age_label="1 h 20",
                    is_hot=True,
                    chips=(
                        chip("waiting for a call back", ChipKind.MISSED),
                        chip("also wrote 1 h 55 ago"),
                    ),
                ),
                CallEntry(
                    key="m2",
                    who="+44 161 496 0990",
                    why="hung up after 9 s, 2 rings",
                    age_label="38 min",
                    chips=(chip("waiting for a call back", ChipKind.MISSED),),
                ),
                CallEntry(
                    key="m3",
                    who="Phones unknown 10:02\N{EN DASH}10:09",
                    mark=CallMark.GAP,
                    why="1 call missed",
                    age_label="20 min",
                    chips=(chip("nobody knows who called", ChipKind.DEAF),),
                ),
                CallEntry(
                    key="m4",
                    who="Deirdre Walsh",
                    mark=CallMark.DONE,
                    why="hung up after 22 s",
                    age_label="10:02",
                    chips=(chip("called back by Anna, 10:05", ChipKind.ANSWERED),),
                    note="She will send the new address by mail.",
                ),
                CallEntry(
                    key="m5",
                    who="Levain & Daughters",
                    mark=CallMark.DONE,
                    tries=2,
                    why="nobody was at the phones",
                    age_label="08:11",
                    chips=(chip("answered by mail, 08:52", ChipKind.ANSWERED),),
                ),
            )
        ),
        actions=(
            ActionButton(
                action=Action.CALL_BACK,
                label="Call back the oldest",
                target="m1",
                icon="phone-out",
                shortcut="b",
            ),
            ActionButton(
                action=Action.ALL_MISSED_DONE, label="All done", icon="done", shortcut="D"
            ),
        ),
    ),
    ring_figure=RingFigure(
        figure=FigurePart(words="27", opens=CallsTab.WITHIN_RING),
        of_what="of 31 calls",
        parts=(
            FigurePart(words="the 4 that were not, caller by caller", opens=CallsTab.BEYOND_RING),
        ),
    ),
)
QUIET_CALLS = CallsView(
    waiting_note="one ring is 6 s",
    members=CALLS.members[3:],
    team_label="1 standing by",
    cannot_tell="This phone system does not tell who is busy.",
)
BOARD = BoardView(
    level=BoardLevel.LONG, waiting="2 waiting, longest 0:48, 8 rings", team="3 of 3 busy"
)
NO_PHONE = CallsView(
    empty=EmptyView(
        head="No phone is connected.",
        sentence="Connect your phone system, and callers who wait show up here.",
        buttons=(
            ActionButton(action=Action.CONNECT_PHONE, label="Connect your phone", icon="phone"),
        ),
    )
)

HEALTH = HealthView(
    head="Mail is not heard, phones are.",
    sentence="What comes back: mail sent since 09:14 is fetched and told once, as one alert.",
    rows=(
        HealthRow(
            key="mail/Support",
            name="Support",
            state=HealthState.DEAF,
            state_words="not listening since 09:14",
            last_event="Last heard: a mail from Levain & Daughters, 09:11",
            checks=(
                CheckLine(state=HealthState.GOOD, name="Network", words="up, changed 09:13"),
                CheckLine(
                    state=HealthState.GOOD, name="Name imap.larder.app", words="found, 203.0.113.20"
                ),
                CheckLine(
                    state=HealthState.DEAF, name="Port 993", words="no answer in 10 s, 41 times"
                ),
                CheckLine(state=HealthState.UNKNOWN, name="Sign-in", words="not reached"),
            ),
            trouble=Trouble(
                title="The mail server does not answer",
                advice=(
                    "The network is up, the name is found, the server is silent. It is most "
                    "likely the mail server, not you."
                ),
                culprit="imap.larder.app, port 993",
                next_step="ask who runs the server; supportdesk keeps trying by itself.",
            ),
            buttons=(TRY_AGAIN,),
        ),
        HealthRow(
            key="phone/Office",
            name="Office",
            state=HealthState.GOOD,
            state_words="listening, heard 2 s ago",
            last_event="Last heard: Tomáš Beran answered after 1 ring, 10:41",
        ),
        HealthRow(
            key="alerts",
            name="Alerts",
            state=HealthState.GOOD,
            state_words="shown by the desktop, with buttons",
        ),
    ),
    report="supportdesk report\nmail/Support: not listening since 09:14\n",
)
SETTINGS = SettingsView(
    mail=(
        SourceLine(
            key="mail/Support",
            name="Support",
            line="support@larder.app at imap.larder.app",
            is_good=False,
        ),
    ),
    phones=(SourceLine(key="phone/Office", name="Office", line="Asterisk at pbx.larder.app, TLS"),),
    file_path="~/.config/supportdesk/settings.toml",
)
CERT_TROUBLE = Trouble(
    title="The mail server's certificate is not trusted",
    advice=(
        "mail.larder.app signed its own certificate, so supportdesk cannot tell it from an "
        "impostor. Your password was not sent."
    ),
    culprit="mail.larder.app, port 993: self-signed, valid until 3 Mar 2027",
    next_step="ask who runs the server for its authority file and name it as CA file.",
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
    health_line="Is it working?  heard 8 s ago",
)
