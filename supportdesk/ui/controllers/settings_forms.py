"""Settings as forms and forms as settings."""

from dataclasses import replace
from datetime import date, datetime

from PySide6.QtCore import QLocale

from supportdesk.domain.errors import Problem
from supportdesk.domain.health import SourceName
from supportdesk.domain.nudge import LEAST_DAYS_LEARNED_FROM
from supportdesk.domain.settings import (
    AnsweringSettings,
    LiftSettings,
    Look,
    LookSettings,
    MailAuth,
    MailSettings,
    PhoneKind,
    PhoneSettings,
    ReadingSettings,
    RitualSettings,
    Security,
    Settings,
    SilenceCheck,
    SmtpSettings,
    WeekPeriod,
    WeekStart,
)
from supportdesk.services.weekly_nudge import NudgeState
from supportdesk.ui.controllers.alert_options import SoundTrying, alerts_card_view
from supportdesk.ui.presenter.days_off import days_off, days_off_note
from supportdesk.ui.rows import Notice, Trouble
from supportdesk.ui.settings import forms

_NOT_LEARNED = f"Your own hour is learned from {LEAST_DAYS_LEARNED_FROM} days of reading."


def mail_form(mail: MailSettings) -> forms.MailForm:
    smtp = mail.smtp
    form = forms.MailForm(
        name=mail.name,
        address=mail.address,
        host=mail.host,
        port=mail.port,
        security=forms.Security(mail.security.value),
        user=mail.user,
        auth=forms.MailAuth(mail.auth.value),
        mailbox=mail.mailbox,
        ca_file=mail.ca_file,
        open_in=mail.open_in,
        name_in_from=mail.name_in_from,
        signature=mail.signature,
        was_named=mail.name,
    )
    if smtp is None:
        return form
    return replace(
        form,
        smtp_host=smtp.host,
        smtp_port=smtp.port,
        smtp_security=forms.Security(smtp.security.value),
        smtp_user=smtp.user,
    )


def mail_settings(form: forms.MailForm, before: MailSettings | None) -> MailSettings:
    """What the form says, keeping what it does not show of the table it replaces."""
    smtp = None
    if form.smtp_host:
        known = before.smtp if before else None
        smtp = replace(
            known or SmtpSettings(host="", ca_file=form.ca_file),
            host=form.smtp_host,
            port=form.smtp_port,
            security=Security(form.smtp_security.value),
            user=form.smtp_user,
        )
    base = before or MailSettings(name=SourceName(""), address="", host="", user="")
    return replace(
        base,
        name=SourceName(form.name),
        address=form.address,
        host=form.host,
        port=form.port,
        security=Security(form.security.value),
        user=form.user,
        auth=MailAuth(form.auth.value),
        mailbox=form.mailbox,
        ca_file=form.ca_file,
        open_in=form.open_in,
        name_in_from=form.name_in_from,
        signature=form.signature,
        smtp=smtp,
    )


def phone_form(phone: PhoneSettings) -> forms.PhoneForm:
    return forms.PhoneForm(
        name=phone.name,
        kind=forms.PhoneKind(phone.kind.value),
        host=phone.host,
        port=phone.port,
        security=forms.Security(phone.security.value),
        user=phone.user,
        queues=phone.queues,
        founder=phone.founder,
        context=phone.context,
        ca_file=phone.ca_file,
        trust_network=phone.trust_network,
        folder=phone.folder,
        was_named=phone.name,
    )


def phone_settings(form: forms.PhoneForm) -> PhoneSettings:
    return PhoneSettings(
        name=SourceName(form.name),
        kind=PhoneKind(form.kind.value),
        host=form.host,
        port=form.port,
        security=Security(form.security.value),
        user=form.user,
        queues=form.queues,
        founder=form.founder,
        context=form.context,
        ca_file=form.ca_file,
        trust_network=form.trust_network,
        folder=form.folder,
    )


def look_options(look: LookSettings) -> forms.LookOptions:
    return forms.LookOptions(
        scheme=forms.Scheme(look.theme.value),
        text_size=_nearest_size(look.text_scale),
        panel=forms.Scheme(look.panel.value),
        single_letter_keys=look.single_keys,
    )


def look_settings(options: forms.LookOptions, before: LookSettings) -> LookSettings:
    return replace(
        before,
        theme=Look(options.scheme.value),
        text_scale=int(options.text_size.value) / 100,
        panel=Look(options.panel.value),
        single_keys=options.single_letter_keys,
    )


def answering_options(answering: AnsweringSettings) -> forms.AnsweringOptions:
    return forms.AnsweringOptions(
        undo_seconds=round(answering.undo_seconds),
        claim_as=answering.claim_as,
        copy_drafts=answering.copy_drafts,
        spelling=answering.spelling,
    )


def answering_settings(
    options: forms.AnsweringOptions, before: AnsweringSettings
) -> AnsweringSettings:
    """What the page says; what it does not show stays as it was written."""
    is_same = options.undo_seconds == round(before.undo_seconds)
    return replace(
        before,
        undo_seconds=before.undo_seconds if is_same else float(options.undo_seconds),
        claim_as=options.claim_as.lower(),
        copy_drafts=options.copy_drafts,
        spelling=options.spelling,
    )


def ritual_options(ritual: RitualSettings) -> forms.RitualOptions:
    return forms.RitualOptions(
        silence=forms.SilenceCheck(ritual.silence.value),
        coffee_scroll=ritual.coffee_scroll,
        starter=ritual.starter,
        founder_was_here=ritual.founder_was_here,
    )


def ritual_settings(options: forms.RitualOptions) -> RitualSettings:
    return RitualSettings(
        silence=SilenceCheck(options.silence.value),
        coffee_scroll=options.coffee_scroll,
        starter=options.starter,
        founder_was_here=options.founder_was_here,
    )


def lift_options(lift: LiftSettings) -> forms.LiftOptions:
    return forms.LiftOptions(
        operators=", ".join(lift.operators),
        authserv_id=lift.authserv_id,
        address=lift.address,
        address_is_secret=lift.address_is_secret,
        flag=lift.flag,
        keyword=lift.keyword,
        mailbox=lift.mailbox,
        queue=lift.queue,
    )


def lift_settings(options: forms.LiftOptions) -> LiftSettings:
    return LiftSettings(
        operators=_people(options.operators),
        authserv_id=options.authserv_id.strip(),
        address=options.address.strip(),
        address_is_secret=options.address_is_secret,
        flag=options.flag,
        keyword=options.keyword,
        mailbox=options.mailbox.strip(),
        queue=options.queue.strip(),
    )


def _people(words: str) -> tuple[str, ...]:
    """Divided by commas; one in a name, before any address, divides nothing."""
    found, begun = [], ""
    for part in words.split(","):
        begun = f"{begun},{part}" if begun else part
        if "@" in begun:
            found.append(begun.strip())
            begun = ""
    return tuple([*found, begun.strip()] if begun.strip() else found)


def _nearest_size(scale: float) -> forms.TextSize:
    return min(forms.TextSize, key=lambda size: abs(int(size.value) - scale * 100))


def reading_options(reading: ReadingSettings) -> forms.ReadingOptions:
    return forms.ReadingOptions(
        goal_minutes=round(reading.goal_minutes),
        period=forms.WeekPeriod(reading.period.value),
        week_starts=forms.WeekStart(reading.week_starts.value),
        days_off=reading.holidays,
        is_nudge_wanted=reading.is_nudge_wanted,
        nudge_at=reading.nudge_at,
    )


def reading_settings(options: forms.ReadingOptions, before: ReadingSettings) -> ReadingSettings:
    """What the page says; a goal that the page only rounds stays as it was written."""
    shown = round(before.goal_minutes)
    goal = before.goal_minutes if options.goal_minutes == shown else float(options.goal_minutes)
    return replace(
        before,
        goal_minutes=goal,
        period=WeekPeriod(options.period.value),
        week_starts=WeekStart(options.week_starts.value),
        holidays=options.days_off,
        is_nudge_wanted=options.is_nudge_wanted,
        nudge_at=options.nudge_at,
    )


def week_card_view(
    reading: ReadingSettings,
    today: date,
    *,
    nudge: NudgeState | None = None,
    log_notice: Notice | None = None,
) -> forms.WeekCardView:
    """The card of My week in the settings."""
    return forms.WeekCardView(
        reading=reading_options(reading),
        days_off=days_off(reading.holidays, today),
        days_off_note=days_off_note(reading.holidays, today),
        desktop_first_day=QLocale.system().firstDayOfWeek().name,
        today=today,
        nudge_words=_nudge_words(nudge, reading),
        log_notice=log_notice,
    )


def _nudge_words(nudge: NudgeState | None, reading: ReadingSettings) -> str:
    if nudge is None:
        return ""
    is_unknown = reading.nudge_at is None and not nudge.is_learned
    return f"{nudge.words} {_NOT_LEARNED}" if is_unknown else nudge.words


def settings_view(
    settings: Settings,
    *,
    now: datetime,
    deaf: frozenset[str],
    file_path: str,
    problem: Problem | None,
    week: forms.WeekCardView | None = None,
    is_started: bool | None = None,
    trying: SoundTrying | None = None,
) -> forms.SettingsView:
    """The Settings page; `deaf` names the sources that are not heard."""
    mailboxes = [str(mail.name) for mail in settings.mail]
    sources = (*mailboxes, *(str(phone.name) for phone in settings.phone))
    return forms.SettingsView(
        mail=tuple(
            forms.SourceLine(
                key=mail.name,
                name=mail.name,
                line=f"{mail.address} on {mail.host}",
                is_good=mail.name not in deaf,
            )
            for mail in settings.mail
        ),
        phones=tuple(
            forms.SourceLine(
                key=phone.name,
                name=phone.name,
                line=_phone_line(phone),
                is_good=phone.name not in deaf,
            )
            for phone in settings.phone
        ),
        alerts=alerts_card_view(settings.alerts, sources, now, trying or SoundTrying()),
        look=look_options(settings.look),
        week=week or forms.WeekCardView(),
        answering=answering_options(settings.answering),
        ritual=ritual_options(settings.ritual),
        lift=lift_options(settings.lift),
        is_started=is_started,
        problem=Notice(title=problem.title, text=problem.advice) if problem else None,
        file_path=file_path,
    )


def _phone_line(phone: PhoneSettings) -> str:
    if phone.kind is PhoneKind.HOOK:
        return "tells by supportdesk call"
    kind = phone.kind.value.capitalize() if phone.kind is not PhoneKind.BARESIP else "baresip"
    return f"{kind} on {phone.host}" if phone.host else kind


def trouble(problem: Problem) -> Trouble:
    return Trouble(title=problem.title, advice=problem.advice)
