from pytestqt.qtbot import QtBot

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.tips import plain_tip


def test_words_that_look_like_markup_stay_words() -> None:
    assert plain_tip("Ann, 12 minutes") == "Ann, 12 minutes"
    assert plain_tip('<img src="/etc/passwd"> & co\nLine') == (
        "<qt>&lt;img src=&quot;/etc/passwd&quot;&gt; &amp; co<br>Line</qt>"
    )


def test_a_button_with_the_words_of_a_stranger_shows_them_as_words(
    qtbot: QtBot, theme: Theme
) -> None:
    button = Button(theme, "Call back", hint="Call <b>Ann</b> back")
    qtbot.addWidget(button)
    assert button.toolTip() == "<qt>Call &lt;b&gt;Ann&lt;/b&gt; back</qt>"
