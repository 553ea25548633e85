"""What is heard that morning and what is not, and the settings behind it."""

from __future__ import annotations

from datetime import date, time

from supportdesk.ui.gallery.make_believe import TRY_AGAIN
from supportdesk.ui.rows import (
    CheckLine,
    HealthRow,
    HealthState,
    HealthView,
    Trouble,
)
from supportdesk.ui.settings.alert_forms import (
    AlertOptions,
    AlertsCardView,
    OpenHours,
    Presenting,
    RuleKind,
    RuleLevel,
    RuleOptions,
    RuleSound,
)
from supportdesk.ui.settings.forms import (
    DaysOff,
    ReadingOptions,
    SettingsView,
    SourceLine,
    WeekCardView,
)

_CHRISTMAS = tuple(date(2026, 12, day) for day in range(21, 28))

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
            state_words="listening since 08:12",
            last_event="Last call: 10:41 · Last proof of life: 14:02",
            notes=("Last trouble, 08:02 to 08:09: pbx.larder.app does not answer.",),
        ),
        HealthRow(
            key="part/Alerts",
            name="Alerts",
            state=HealthState.GOOD,
            state_words="Shown by: Desktop notifications (dunst)",
            notes=("Desktop notifications (dunst), last error: it did not answer for 1 s, 10:12.",),
            checks=(
                CheckLine(
                    state=HealthState.GOOD,
                    name="Desktop notifications (dunst)",
                    words="in use: buttons, a click on it opens it, takes it back",
                ),
                CheckLine(
                    state=HealthState.OFF,
                    name="Simple pop-ups",
                    words="ready, should those above fail",
                ),
                CheckLine(
                    state=HealthState.OFF,
                    name="The log only",
                    words="ready, should those above fail",
                ),
            ),
        ),
        HealthRow(
            key="part/Tray",
            name="Tray",
            state=HealthState.GOOD,
            state_words="The icon is in the panel (StatusNotifier).",
        ),
    ),
    trial=(
        CheckLine(
            state=HealthState.DEAF,
            name="Mail comes in",
            words="Support: The mail server does not answer. It is tried again by itself.",
        ),
        CheckLine(
            state=HealthState.GOOD,
            name="Phones are heard",
            words="Office: Connected to Asterisk 22: queue support, 3 members, 0 waiting.",
        ),
        CheckLine(
            state=HealthState.GOOD,
            name="An alert is shown",
            words="Desktop notifications (dunst): it stands on the screen.",
        ),
        CheckLine(
            state=HealthState.TRYING, name="A click comes back", words="Click the test alert now."
        ),
        CheckLine(
            state=HealthState.UNKNOWN,
            name="A sound is played",
            words=(
                "paplay took it without a complaint. Whether it was loud enough only you can say."
            ),
        ),
    ),
    is_trying=True,
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
    alerts=AlertsCardView(
        alerts=AlertOptions(
            quiet=(time(19), time(7, 30)),
            opening_hours=(
                OpenHours(weekdays=(0, 1, 2, 3, 4), opens=time(9), closes=time(17)),
                OpenHours(weekdays=(5,), opens=time(10), closes=time(12)),
            ),
            presenting=Presenting.UNTIL,
            rules=(
                RuleOptions(
                    source="Support",
                    kind=RuleKind.MAIL,
                    level=RuleLevel.DIGEST,
                    sound=RuleSound.OFF,
                ),
            ),
        ),
        presenting_until="until 15:10",
        sources=("Support", "Office"),
        devices=(("headset", "A headset"),),
        sound_words="paplay has played it.",
    ),
    is_started=True,
    week=WeekCardView(
        reading=ReadingOptions(days_off=_CHRISTMAS),
        days_off=(DaysOff(first=_CHRISTMAS[0], last=_CHRISTMAS[-1], label="Mon 21 – Sun 27 Dec"),),
        today=date(2026, 11, 20),
    ),
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
