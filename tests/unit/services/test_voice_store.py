from supportdesk.domain.voices import Lesson, Quote, TypedFor, TypedLine
from supportdesk.services.voice_store import UnkeptVoiceStore, VoiceStore
from tests.fakes.happenings import T0


def test_what_is_not_kept_is_not_found_again() -> None:
    store: VoiceStore = UnkeptVoiceStore()
    store.save_quote(Quote(key="q", words="x", who="Eva", said_at=T0, kept_at=T0))
    store.save_lesson(Lesson(key="l", words="x", at=T0))
    line = TypedLine(kind=TypedFor.LESSON, words="x", at=T0)
    store.save_typed_line(line)
    store.remove_typed_line(line.key)
    store.remove_quote("q")
    store.remove_lesson("l")
    assert (store.quotes(), store.lessons(), store.typed_lines()) == ([], [], [])
    assert store.quotes_of("") == store.quotes_by("") == []
