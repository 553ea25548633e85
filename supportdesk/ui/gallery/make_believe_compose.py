"""A make-believe answer, in all its states, for the gallery."""

from __future__ import annotations

from dataclasses import replace

from supportdesk.domain.answers import Recipients
from supportdesk.domain.mail import Mailer
from supportdesk.ui.rows import Action, ActionButton, ButtonRank, Notice, Tone
from supportdesk.ui.rows.composer import (
    ComposerView,
    DraftFileView,
    HeldMessage,
    HeldView,
    OutboxRow,
    ReplyRow,
    UndoView,
)

DRAFT = "draft-ingrid"
_SUPPORT = Mailer(name="Larder Support", email="support@larder.app")
_HELLO = Mailer(name="Tomáš at Larder", email="hello@larder.app")
_INGRID = Mailer(name="Ingrid Solheim", email="ingrid@solheimbakeri.example")
_MILL = Mailer(name="Vaksdal Mølle, Ordrekontoret", email="ordre@vaksdal.example")
_BODY = (
    "Dear Ingrid,\n\nyou are right, and I am sorry: the button says nothing while it waits for "
    "the mill, so pressing it again is what anybody would do. I have seen it happen here now.\n\n"
    "Two things:\n- the second order of today is cancelled, the mill has confirmed it\n"
    "- from *Thursday* on the button stays pressed and says “Sending to the mill”\n\n"
    "I will ring you on Friday after the order, to hear whether it was one pallet.\n\n"
    "-- \nTomáš\nLarder, software for bakeries"
)
_QUOTE = (
    "On Fri 20 Nov 2026 at 08:51, Ingrid Solheim wrote:\n> Hi Anna, hi all,\n> \n> Third Friday"
)
COMPOSER = ComposerView(
    draft_id=DRAFT,
    title="Reply to Ingrid Solheim",
    sender=_SUPPORT,
    senders=(_SUPPORT, _HELLO),
    recipients=Recipients(to=(_INGRID,)),
    subject="Re: Flour order went out twice again",
    body=_BODY,
    cursor=_BODY.index("\n\n-- "),
    quote=_QUOTE,
    quote_summary="Quotes 14 lines of Ingrid Solheim",
    kept="kept 14:02",
)
NEWS = replace(
    COMPOSER,
    recipients=Recipients(
        to=(_INGRID, Mailer(name="", email="bakeri@@solheim")),
        cc=(_MILL, Mailer(name="", email="bestellungen@müller-bäckerei.example")),
    ),
    files=(
        DraftFileView(
            key="1", name="order-4471-cancelled.pdf", size_label="84 kB", icon="file-text"
        ),
        DraftFileView(
            key="2",
            name="the printer helper for every till in both shops.exe",
            size_label="2.4 MB",
            caution="A program: many servers throw such mail away without a word.",
        ),
    ),
    notices=(
        Notice(
            title="Ingrid Solheim wrote again at 14:04.",
            text="“Never mind the pallet, they took it back. But the seal”",
            tone=Tone.AMBER,
            buttons=(ActionButton(action=Action.SHOW_NEWS, label="Show it", target=DRAFT),),
        ),
    ),
    is_send_primary=False,
)
NOT_KEPT = replace(
    COMPOSER,
    kept="",
    why_not="It is not sent while it cannot be kept: the disk is full.",
    notices=(
        Notice(
            title="Not kept since 14:02: the disk is full.",
            text="Your text stands here as long as supportdesk runs. Make room, and it is kept.",
        ),
        Notice(
            title="You wrote “attached”, and nothing is attached.",
            tone=Tone.AMBER,
            buttons=(
                ActionButton(action=Action.ATTACH_FILE, label="Attach", icon="attach"),
                ActionButton(action=Action.SEND_ANYWAY, label="Send anyway", target=DRAFT),
            ),
        ),
    ),
)
HELD = replace(
    COMPOSER,
    held=HeldView(
        title="Not sent: Anna answered while you wrote.",
        text="Your text is kept beside hers.",
        theirs=(
            HeldMessage(
                key="message/anna/7",
                who="Anna (Larder)",
                when="14:03, to Ingrid Solheim",
                text=(
                    "Hello Ingrid,\n\nthe second order is taken back, the mill has just told me. "
                    "Please throw nothing away, they fetch the pallet tomorrow.\n\nAnna"
                ),
            ),
        ),
    ),
)
RTL = replace(
    COMPOSER,
    title="Reply to دار الخبز للمخبوزات الشرقية والحلويات العربية، فرع المدينة القديمة",
    recipients=Recipients(
        to=(
            Mailer(
                name="دار الخبز للمخبوزات الشرقية والحلويات العربية، فرع المدينة القديمة",
                email="shop@dar.example",
            ),
            *(Mailer(name=f"Shop {n}", email=f"shop{n}@dar.example") for n in range(2, 1001)),
        )
    ),
    subject="Re: الطلبية خرجت مرتين",
    body="مرحبا،\n\nتم إلغاء الطلب الثاني، وسنتصل بكم يوم الجمعة.\n\nTomáš",
)
UNDO = UndoView(
    draft_id=DRAFT, words="Sending to Ingrid Solheim", seconds_left=8.0, whole_seconds=10.0
)


def _button(action: Action, label: str, rank: ButtonRank = ButtonRank.SECONDARY) -> ActionButton:
    return ActionButton(action=action, label=label, rank=rank)


_EDIT = _button(Action.EDIT_DRAFT, "Edit")
_GIVE_UP = _button(Action.GIVE_UP, "Give up", ButtonRank.GHOST)
OUTBOX = (
    OutboxRow(
        draft_id="o1",
        who="Maison Aubry",
        subject="Re: Allergen labels: sesame is missing",
        age_label="3 h 12",
        state="It may have gone out at 10:52; the server was lost before it said so.",
        detail="It is not in Sent, and no answer to it has come.",
        tone=Tone.BRICK,
        buttons=(
            _button(Action.LOOK_AGAIN, "Look again"),
            _button(Action.IT_HAS_GONE, "It has gone"),
            _button(Action.SEND_AGAIN, "Send again"),
        ),
    ),
    OutboxRow(
        draft_id="o2",
        who="Levain & Daughters and 2 more",
        subject="Re: Second shop: one account or two?",
        age_label="41 min",
        state="The server refuses one of three; nobody got it.",
        detail="haarlem@levain.example: 550 5.1.1 no such mailbox here",
        tone=Tone.BRICK,
        buttons=(_EDIT, _button(Action.SEND_TO_OTHERS, "Remove them and send"), _GIVE_UP),
    ),
    OutboxRow(
        draft_id="o3",
        who="Pavel Kiss",
        subject="Re: Till closes at 14:00 on Saturdays",
        age_label="14 min",
        state="Waits for smtp.larder.app, which does not answer. Next try in 2 min.",
        tone=Tone.AMBER,
        buttons=(_button(Action.SEND_AGAIN, "Try now"), _EDIT, _GIVE_UP),
    ),
)
REPLIES = (
    ReplyRow(
        key="1",
        name="Double order, cancelled",
        text="Dear Ingrid,\n\nthe second order is cancelled, the mill has confirmed it.\n",
    ),
    ReplyRow(key="2", name="How to reset the tablet", text="Dear Ingrid,\n\nplease hold both keys"),
    ReplyRow(key="3", name="Opening hours over Christmas", text="Dear Ingrid,\n\nwe are here"),
    ReplyRow(
        key="4", name="We are on it", text="Dear Ingrid,\n\nthank you, we look into it now.\n"
    ),
)
