"""The calls of the same morning: who waits, the team, and who was missed."""

from __future__ import annotations

from supportdesk.ui.gallery.make_believe import chip
from supportdesk.ui.rows import (
    Action,
    ActionButton,
    BoardLevel,
    BoardView,
    CallEntry,
    CallerRow,
    CallMark,
    CallsTab,
    CallsView,
    ChipKind,
    EmptyView,
    FigurePart,
    FixedRows,
    MemberRow,
    MemberState,
    PastCalls,
    RingFigure,
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
