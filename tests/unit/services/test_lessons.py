from supportdesk.services.lessons import Lessons
from tests.fakes.happenings import T0, after
from tests.fakes.voice_store import MemoryVoiceStore

ITEM = "mail/Support/<1@x>"


def test_a_lesson_is_found_by_its_time_and_its_source_in_the_next_run_too() -> None:
    store = MemoryVoiceStore()
    lessons = Lessons(store)
    first = lessons.learn("Say the price first", item=ITEM, who="Eva", contact="Eva@X", now=T0)
    second = lessons.learn("Call back sooner", now=after(60))
    assert first.contact == "eva@x"
    assert lessons.learn("Ask first", contact="+420601", now=after(-60)).contact == "+420601"
    again = Lessons(store)
    assert again.between()[:2] == (second, first)
    assert again.between(since=after(60)) == (second,)
    assert again.between(since=T0, until=after(60)) == (first,)
    assert again.of([ITEM, ""]) == (first,)
    assert again.lesson(first.key) == first


def test_what_is_learned_twice_under_one_key_is_one_lesson() -> None:
    lessons = Lessons(MemoryVoiceStore())
    first = lessons.learn("Say the price first", key="lesson/one", now=T0)
    assert lessons.learn("Ask first", key="lesson/one", now=after(60)) == first
    assert lessons.between() == (first,)


def test_each_change_can_be_taken_back_and_none_empties_a_lesson() -> None:
    lessons = Lessons(MemoryVoiceStore())
    lesson = lessons.learn("Say the price first", now=T0)
    assert lessons.edit(lesson.key, "  ") is None
    assert lessons.edit(lesson.key, lesson.words) is None
    assert lessons.edit("no such", "x") is None
    assert lessons.edit(lesson.key, "Say the price") == lesson
    assert [one.words for one in lessons.between()] == ["Say the price"]
    lessons.put(lesson)
    assert lessons.remove(lesson.key) == lesson
    assert lessons.remove(lesson.key) is None
    assert lessons.between() == ()
    lessons.put(lesson)
    assert lessons.between() == (lesson,)


def test_what_was_deleted_behind_our_back_is_gone() -> None:
    store = MemoryVoiceStore()
    lessons = Lessons(store)
    lessons.learn("Say the price first", now=T0)
    store.learned.clear()
    lessons.read_again()
    assert lessons.between() == ()
