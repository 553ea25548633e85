"""Is a sentence a greeting alone? Who keeps words with a key is offered the first that says more.

A guess, and a mild one: a wrong one costs an arrow key. It knows how customers begin, and nothing
but whom they address may follow.
"""

import re
from functools import cache

from supportdesk.domain.folding import bare

_GREETINGS = """
    hi; hiya; hey; hello; howdy; greetings; dear; good day; morning; good morning; good afternoon;
    good evening; to whom it may concern
    hallo; moin; moin moin; servus; grüß gott; grüezi; mahlzeit; tag; guten tag; guten morgen;
    guten abend; schönen guten tag; einen schönen guten tag; liebe; lieber; liebes; sehr geehrte;
    sehr geehrter; geehrte; werte; werter
    bonjour; bonsoir; salut; coucou; cher; chère; chers; chères; madame; monsieur
    hola; buenos días; buen día; buenas; buenas tardes; buenas noches; estimado; estimada;
    estimados; estimadas; querido; querida
    ciao; salve; buongiorno; buon giorno; buonasera; gentile; gentili; egregio; spettabile; caro;
    cara; cari
    olá; oi; bom dia; boa tarde; boa noite; prezado; prezada; prezados
    hoi; dag; beste; geachte; goedendag; goedemorgen; goedemiddag; goedenavond
    hej; hei; hejsan; hallå; moi; terve; hyvä; tere; god dag; god morgen; god morgon; kjære; kære;
    kära
    dzień dobry; cześć; witam; szanowni; szanowna; szanowny
    dobrý den; dobrý deň; dobrý večer; ahoj; vážený; vážená; vážení; milý; milá
    szia; sziasztok; jó napot; jó napot kívánok; tisztelt; kedves
    bună; bună ziua; stimate; stimată; zdravo; dobar dan; poštovani
    merhaba; merhabalar; selam; sayın; iyi günler; günaydın
    здравствуйте; привет; добрый день; добрый вечер; доброе утро; уважаемый; уважаемая; уважаемые;
    дорогой; дорогая; вітаю; привіт; добрий день; шановний; шановна; шановні; здравейте
    γεια; γεια σας; γεια σου; καλημέρα; καλησπέρα; αγαπητέ; αγαπητή
    שלום; שלום רב; היי; בוקר טוב; ערב טוב
    مرحبا; أهلا; السلام عليكم; صباح الخير; مساء الخير; عزيزي
    xin chào; selamat pagi; selamat siang
"""
_UNSPACED = (
    *("你好", "您好", "大家好", "早上好", "下午好", "晚上好", "尊敬的", "亲爱的", "親愛的"),
    *("こんにちは", "こんばんは", "おはようございます", "はじめまして"),
    *("お世話になっております", "お世話になります", "いつもお世話になっております"),
    *("안녕하세요", "안녕하십니까", "नमस्ते", "สวัสดี"),
)
"""Where words have no spaces, or letters that Python takes for none."""
_ADDRESSED = """
    all everyone everybody there again team support folks guys both you sir madam or and dear the
    zusammen alle leute ihr euch miteinander und herr frau damen herren an das liebe lieber
    à tous toutes tout le monde et la l'équipe madame monsieur messieurs
    todos todas a equipo señor señora señores y de del os as ao
    tutti tutte signor signora signori e allemaal iedereen heer mevrouw en
    alla allihopa dere og och państwo panie pani pane paní všichni von van der
    всем все команда коллеги
"""
_MOST_NAMES = 3
_LONGEST_UNSPACED = 20
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
_GOES_ON = re.compile(r"[，、,。！]\s*\w")


def is_greeting(sentence: str) -> bool:
    """Nothing but "Hi", "Dear Anna," or "Guten Tag zusammen!"."""
    said = sentence.strip()
    if said.startswith(_UNSPACED):
        return len(said) <= _LONGEST_UNSPACED and _GOES_ON.search(said) is None
    words = _WORD.findall(said)
    greeted = _greeted(words)
    if not greeted or said[-1] in "?؟" or any(letter.isdigit() for letter in said):
        return False
    addressed = _ADDRESSED.split()
    names = [word for word in words[greeted:] if word.casefold() not in addressed]
    return len(names) < 2 or (not said.isupper() and _are_names(names))


def _are_names(words: list[str]) -> bool:
    """Each begins with a capital. Where there are none, two words may be a sentence already."""
    return len(words) <= _MOST_NAMES and all(word[0].isupper() for word in words)


def _greeted(words: list[str]) -> int:
    """How many words the longest greeting takes with which they begin."""
    known = _known_greetings()
    low = [bare(word) for word in words[: max(map(len, known))]]
    return next((end for end in range(len(low), 0, -1) if tuple(low[:end]) in known), 0)


@cache
def _known_greetings() -> frozenset[tuple[str, ...]]:
    """Made when it is first needed: a quiet tray keeps no words."""
    found = _GREETINGS.replace("\n", ";").split(";")
    return frozenset(tuple(bare(one).split()) for one in found if one.strip())
