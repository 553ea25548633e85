"""Quoted history and signatures in many languages, and what must not be folded."""
# ruff: noqa: E501 - what senders write is shown on one line, as it comes

from collections.abc import Iterator

from tests.adapters.decoding.case import Case, html, mail, plain, words_of

_ATTRIBUTIONS = {
    "Gmail": "On Sat, Nov 21, 2026 at 10:00 AM Sam <support@example.com> wrote:",
    "Gmail, broken": "On Sat, Nov 21, 2026 at 10:00 AM Sam Support Team\n<support@example.com>\nwrote:",
    "Apple": "On 21. Nov 2026, at 10:00, Sam <support@example.com> wrote:",
    "Thunderbird": "On 11/21/26 10:00, Sam wrote:",
    "Gmail in German": "Am Sa., 21. Nov. 2026 um 10:00 Uhr schrieb Sam <support@example.com>:",
    "Thunderbird in German": "Am 21.11.2026 um 10:00 schrieb Sam:",
    "Gmail in French": "Le sam. 21 nov. 2026 à 10:00, Sam <support@example.com> a écrit :",
    "Gmail in Spanish": "El sáb, 21 nov 2026 a las 10:00, Sam (<support@example.com>) escribió:",
    "Gmail in Italian": "Il giorno sab 21 nov 2026 alle ore 10:00 Sam <support@example.com> ha scritto:",
    "Gmail in Portuguese": "Em sáb., 21 de nov. de 2026 às 10:00, Sam <support@example.com> escreveu:",
    "Gmail in Dutch": "Op za 21 nov 2026 om 10:00 schreef Sam <support@example.com>:",
    "Gmail in Polish": "sob., 21 lis 2026 o 10:00 Sam <support@example.com> napisał(a):",
    "Thunderbird in Polish": "W dniu 21.11.2026 o 10:00, Sam pisze:",
    "Gmail in Czech": "so 21. 11. 2026 v 10:00 odesílatel Sam <support@example.com> napsal:",
    "Thunderbird in Czech": "Dne 21. 11. 2026 v 10:00 Sam napsal(a):",
    "Slovak": "Dňa 21. 11. 2026 o 10:00 Sam napísal(a):",
    "Gmail in Hungarian": "Sam <support@example.com> ezt írta (időpont: 2026. nov. 21., Szo, 10:00):",
    "Thunderbird in Hungarian": "2026. 11. 21. 10:00 keltezéssel, Sam írta:",
    "Swedish": "Den lör 21 nov. 2026 kl 10:00 skrev Sam <support@example.com>:",
    "Danish": "Den 21.11.2026 kl. 10.00 skrev Sam:",
    "Finnish": "la 21. marrask. 2026 klo 10.00 Sam (support@example.com) kirjoitti:",
    "Russian": "сб, 21 нояб. 2026 г. в 10:00, Sam <support@example.com>:",
    "Russian of Thunderbird": "21.11.2026 10:00, Sam пишет:",
    "Japanese": "2026年11月21日(土) 10:00 Sam <support@example.com>:",
    "Chinese": "在 2026年11月21日，10:00，Sam <support@example.com> 写道：",
}
_HEADERS = {
    "Outlook": "From: Sam <support@example.com>\nSent: Saturday, November 21, 2026 10:00 AM\nTo: Ann\nSubject: RE: Question",
    "Outlook with a rule": "________________________________\nFrom: Sam <support@example.com>\nSent: Saturday\nTo: Ann\nSubject: RE: Question",
    "Outlook in German": "Von: Sam <support@example.com>\nGesendet: Samstag, 21. November 2026 10:00\nAn: Ann\nBetreff: AW: Frage",
    "Outlook in Czech": "Od: Sam <support@example.com>\nOdesláno: sobota 21. listopadu 2026 10:00\nKomu: Ann\nPředmět: RE: Dotaz",
    "Outlook in Hungarian": "Feladó: Sam <support@example.com>\nElküldve: 2026. november 21. 10:00\nCímzett: Ann\nTárgy: RE: Kérdés",
    "Outlook in French": "De : Sam <support@example.com>\nEnvoyé : samedi 21 novembre 2026 10:00\nÀ : Ann\nObjet : RE: Question",
    "Outlook in Polish": "Od: Sam <support@example.com>\nWysłano: 21 listopada 2026\nDo: Ann\nTemat: Odp: Pytanie",
    "old Outlook": "-----Original Message-----\nFrom: Sam\nSent: Saturday\nTo: Ann\nSubject: RE: Question",
    "old Outlook in German": "-----Ursprüngliche Nachricht-----\nVon: Sam\nGesendet: Samstag\nAn: Ann\nBetreff: AW: Frage",
    "Seznam": "---------- Původní e-mail ----------\nOd: Sam <support@example.com>\nKomu: Ann\nDatum: 21. 11. 2026 10:00:00\nPředmět: Re: Dotaz",
    "Lotus Notes": "-----Original Message-----\nTo: Ann\nFrom: Sam",
    "QQ": "------------------ 原始邮件 ------------------\n发件人: Sam\n发送时间: 2026\n收件人: Ann\n主题: Re",
}


_HTML = {
    "Gmail": (
        '<div dir="ltr">It works now.<div><br></div><div>Ann</div></div><br><div class="gmail_quote">'
        '<div dir="ltr" class="gmail_attr">On Sat, Nov 21, 2026 at 10:00 AM Sam &lt;'
        '<a href="mailto:s@x.org">s@x.org</a>&gt; wrote:<br></div><blockquote class="gmail_quote">'
        '<div dir="ltr">What now?<br></div></blockquote></div>',
        "It works now.\nAnn",
        "On Sat, Nov 21, 2026 at 10:00 AM Sam <s@x.org> wrote:\n> What now?",
    ),
    "Apple": (
        '<body>It works now.<br><div><br><blockquote type="cite"><div>On 21. Nov 2026, at 10:00, '
        "Sam &lt;s@x.org&gt; wrote:</div><br><div>What now?</div></blockquote></div><br></body>",
        "It works now.",
        "> On 21. Nov 2026, at 10:00, Sam <s@x.org> wrote:\n> What now?",
    ),
    "Outlook": (
        "<div class=WordSection1><p class=MsoNormal>It works now.<o:p></o:p></p><div><div "
        'style="border:none;border-top:solid #E1E1E1 1.0pt"><p class=MsoNormal><b>From:</b> Sam '
        "&lt;s@x.org&gt; <br><b>Sent:</b> Saturday<br><b>To:</b> Ann<br><b>Subject:</b> RE: Q</p>"
        "</div></div><p class=MsoNormal>What now?</p></div>",
        "It works now.",
        "From: Sam <s@x.org>\nSent: Saturday\nTo: Ann\nSubject: RE: Q\n\nWhat now?",
    ),
    "Outlook on the web": (
        '<div>Geht jetzt.</div><hr><div id="divRplyFwdMsg"><b>Von:</b> Sam &lt;s@x.org&gt;<br>'
        "<b>Gesendet:</b> Samstag<br><b>An:</b> Ann<br><b>Betreff:</b> AW: Frage</div><div>Was?</div>",
        "Geht jetzt.",
        "Von: Sam <s@x.org>\nGesendet: Samstag\nAn: Ann\nBetreff: AW: Frage\nWas?",
    ),
    "GMX": (
        '<div>Geht.<div name="quote"><div><b>Gesendet:</b>&nbsp;Samstag<br/><b>Von:</b>&nbsp;Sam'
        "<br/><b>An:</b>&nbsp;Ann<br/><b>Betreff:</b>&nbsp;Aw: Frage</div><div>Was?</div></div></div>",
        "Geht.",
        "Gesendet: Samstag\nVon: Sam\nAn: Ann\nBetreff: Aw: Frage\nWas?",
    ),
    "Yahoo": (
        '<div>It works now.</div><div class="yahoo_quoted"><div>On Saturday, November 21, 2026 at '
        "10:00:00 AM GMT+1, Sam &lt;s@x.org&gt; wrote: </div><div>What now?</div></div>",
        "It works now.",
        "On Saturday, November 21, 2026 at 10:00:00 AM GMT+1, Sam <s@x.org> wrote:\nWhat now?",
    ),
}


def cases() -> Iterator[Case]:
    old = "> What did you try?\n> Sam"
    for name, line in _ATTRIBUTIONS.items():
        quoted = f"{line}\n\n{old}"
        raw = mail(plain(f"It works now.\n\n{quoted}\n"))
        yield Case(name=f"quote: {name}", raw=raw, text="It works now.", quoted=quoted)
    for name, lines in _HEADERS.items():
        quoted = f"{lines}\n\nWhat did you try?\n\nSam"
        raw = mail(plain(f"It works now.\n\n{quoted}\n"))
        yield Case(name=f"quote: {name}", raw=raw, text="It works now.", quoted=quoted)
    for name, (source, new, quoted) in _HTML.items():
        yield Case(
            name=f"quote: HTML of {name}",
            raw=mail(html(source)),
            text=new,
            quoted=quoted,
            html=words_of(source),
            is_plain=False,
        )
    yield from _kept()
    yield from _signatures()


def _kept() -> Iterator[Case]:
    gmail = _ATTRIBUTIONS["Gmail"]
    for name, text in (
        ("answers between the quotes", f"{gmail}\n> One?\nYes.\n> Two?\nNo."),
        (
            "answers announced in an original",
            f"See my answers below.\n\n{_HEADERS['Outlook']}\n\nOne? Yes.",
        ),
        (
            "a forward by Gmail",
            "Please look.\n\n---------- Forwarded message ---------\nFrom: Bob <b@example.net>\nDate: Sat\nSubject: Help\nTo: Ann\n\nMy words",
        ),
        (
            "a forward by Apple",
            "Please look.\n\nBegin forwarded message:\n\nFrom: Bob\nSubject: Help\nDate: Sat\nTo: Ann\n\nMy words",
        ),
        ("nothing but a quote", "> all\n> of it"),
        ("nothing but an original", _HEADERS["old Outlook"]),
        ("a sentence that looks like one", "On the second page it wrote:\nno more paper"),
        ("a sentence with a number", "On page 5 it wrote:\nno more paper"),
        ("a year in a sentence", "In 2025 we wrote:\nthe contract ends in May"),
        ("a sentence about From and To", "From: Prague\nTo: Brno\nthe parcel was lost"),
        ("an address in a list", "We have two:\n- ann@example.org\n- bob@example.org"),
    ):
        yield Case(name=f"kept: {name}", raw=mail(plain(text)), text=text)
    yield Case(
        name="quote: the answer is below",
        raw=mail(plain(f"{gmail}\n> One?\n\nYes.\n")),
        text="Yes.",
        quoted=f"{gmail}\n> One?",
    )


def _signatures() -> Iterator[Case]:
    for name, signature in (
        ("dashes", "-- \nAnn Lee\nOperations\n+420 601 234 567"),
        ("dashes without the space", "--\nAnn Lee"),
    ):
        raw = mail(plain(f"Hello you.\n\n{signature}\n"))
        yield Case(name=f"signature: {name}", raw=raw, text="Hello you.", quoted=signature)
    for line in (
        "Sent from my iPhone",
        "Sent from Outlook for iOS",
        "Get Outlook for Android",
        "Von meinem iPhone gesendet",
        "Gesendet von Mail für Windows",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Odesláno z iPhonu",
        "Wysłane z iPhone'a",
        "Отправлено с iPhone",
        "iPhoneから送信",
    ):
        raw = mail(plain(f"Hello you.\n\n{line}\n"))
        yield Case(name=f"signature: {line}", raw=raw, text="Hello you.", quoted=f"-- \n{line}")
    for closing in ("Best regards,", "Mit freundlichen Grüßen", "S pozdravem", "Üdvözlettel,"):
        signature = f"{closing}\n\nAnn Lee\nACME s.r.o.\n+420 601 234 567"
        raw = mail(plain(f"Hello you.\n\n{signature}\n"))
        yield Case(
            name=f"signature: {closing}", raw=raw, text="Hello you.", quoted=f"-- \n{signature}"
        )
    for name, text in (
        ("a first name is a greeting", "Hello you.\n\nBest,\nAnn"),
        ("somebody else's name", "Hello you. Write to\n\nBest regards,\nBob Other"),
        ("a name in the words", "Hello you.\nMy name is\nAnn Lee\nand I wait."),
        ("a phone in the words", "Sent from my old phone it never arrived, but\nnow it does."),
        ("dashes far above", "-- \n" + "\n".join(f"Line {n}" for n in range(40))),
    ):
        yield Case(name=f"kept: {name}", raw=mail(plain(text)), text=text)
    line = _ATTRIBUTIONS["Gmail"]
    yield Case(
        name="signature: above the history",
        raw=mail(plain(f"Hello you.\n\n-- \nAnn Lee\n\n{line}\n> old\n")),
        text="Hello you.",
        quoted=f"-- \nAnn Lee\n\n{line}\n> old",
    )
