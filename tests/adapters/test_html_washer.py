"""HTML of strangers: nothing is fetched, nothing runs, nothing takes long, the words stay."""

import html
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.adapters.mail import html_parts
from supportdesk.adapters.mail.html_flattener import MAX_OUTPUT
from supportdesk.adapters.mail.html_text import html_to_text
from supportdesk.adapters.mail.html_washer import HtmlWash, escape_text, wash_html
from supportdesk.adapters.mail.message_reader import read_message
from supportdesk.domain.mail import PART_BREAK, SIGNATURE_BREAK
from tests.fakes.happenings import a_message, after


@pytest.mark.parametrize(
    ("source", "washed"),
    [
        ("Hi <b>Ann</b>", "<div>Hi <b>Ann</b></div>"),
        (
            "<head><style>p{}</style><title>t</title></head>"
            '<body bgcolor=red><p style="color:red;font-weight:bold">Hi</p></body>',
            '<p style="font-weight:bold">Hi</p>',
        ),
        (
            "<table><tr><td>a</td><td><b>b</b></td></tr><tr><td><table><tr><td>c</table></table>",
            "<div>a · <b>b</b></div><div>c</div>",
        ),
        ("<div><div><div>x</div></div>y</div>", "<div>x</div><div>y</div>"),
        ("<b><div>a</div><div>b</div></b>c", "<div><b>a<br>b</b><br>c</div>"),
        ("<ul><li>one<li>two</ul>", "<ul><li>one</li><li>two</li></ul>"),
        (
            "<blockquote>old<div>more</div></blockquote>",
            "<blockquote>old<br>more</blockquote>",
        ),
        ("a<hr>b<br>c", "<div>a</div><hr><div>b<br>c</div>"),
        ("<pre>a\n  b</pre>", "<pre>a\n  b</pre>"),
        ("a  \n b &nbsp;&nbsp;&nbsp; c", "<div>a b c</div>"),
        ('<p dir="rtl">x</p><p dir="x">y</p>', "<p>x</p><p>y</p>"),
        ("a&amp;b &lt;i&gt; &#60;b&#62; &copy; &nope; R&D", None),
        ("<img alt='our logo' src=file:///x><img alt=' '>", "<div>[our logo]</div>"),
        ('<div style="display: none">secret <b>x</b><br></div>seen', "<div>seen</div>"),
        ("</div></p>x", "<div>x</div>"),
        ("<p>a</p>\n<p>&nbsp;</p><p></p><p>b</p>", "<p>a</p><p>b</p>"),
        ("<div>a</div><div><br></div><div>b</div>", "<div>a</div><br><div>b</div>"),
        ("<br><br><br><br><br>a", "<br><br><div>a</div>"),
        ("<blockquote><p>a</p><div>b</div></blockquote>", "<blockquote><p>a</p>b</blockquote>"),
        ("<ol><li>a<li><p>b</p></ol>", "<ol><li>a</li><li><p>b</p></li></ol>"),
        ("", ""),
    ],
)
def test_shapes(source: str, washed: str | None) -> None:
    if washed is None:
        washed = "<div>a&amp;b &lt;i&gt; &lt;b&gt; © &amp;nope; R&amp;D</div>"
    assert wash_html(source).html == washed


SIGNED = [
    ('<div>Hi</div><div class="gmail_signature">Pavel<br>Kiss</div>', "<div>Pavel<br>Kiss</div>"),
    ("<div>Hi<br>-- <br>Pavel</div>", "<div>-- <br>Pavel</div>"),
    ("<p>Hi<br>--&nbsp;<br>Pavel</p><p>Brno</p>", "<p>--&nbsp;<br>Pavel</p><p>Brno</p>"),
    ("<div>Hi</div><div>--</div><div>Pavel</div>", "<div>--</div><div>Pavel</div>"),
    (
        '<div>Hi</div><span class="gmail_signature_prefix">-- </span><br>'
        '<div dir="ltr" class="x gmail_signature"><div><b>Pavel</b></div></div>',
        "<div>-- <br></div><div><b>Pavel</b></div>",
    ),
    ('<p>Hi</p><pre class="moz-signature">-- \nPavel</pre>', "<pre>-- \nPavel</pre>"),
    ('<table><tr><td>Hi<div id="Signature">Pavel</div></table>', "<div>Pavel</div>"),
    ('<div>Hi</div><div id="ms-outlook-mobile-signature">Sent</div>', "<div>Sent</div>"),
]


@pytest.mark.parametrize(("source", "signature"), SIGNED)
def test_a_signature_that_is_marked_is_divided_off(source: str, signature: str) -> None:
    words, found, rest = wash_html(source).html.partition(SIGNATURE_BREAK)
    assert (found, rest) == (SIGNATURE_BREAK, signature)
    assert html_to_text(words).strip() == "Hi"


@pytest.mark.parametrize(
    "source",
    [
        # Nothing would be left.
        '<div class="gmail_signature">Pavel</div>',
        "<div>-- </div><div>Pavel</div>",
        # There is more below it.
        '<div>Hi</div><div id="Signature">Pavel</div><div>One more thing</div>',
        '<div>Hi</div><div id="Signature">Pavel</div><img src="cid:plan">',
        # Not the line of a mark.
        "<div>Hi</div><div>--<b>x</b></div><div>y</div>",
        "<div>Hi -- </div><div>y</div>",
        '<div>Hi <span class="gmail_signature_prefix">x</span></div>',
        # Somebody else's, or what is forwarded below.
        '<blockquote>Hi<div class="gmail_signature">Ann</div></blockquote>',
        "Hi<br>-- <br>Pavel<br>---------- Forwarded message ---------<br>flour",
        "Hi<div>-- </div>Pavel<div><b>From:</b> Ann</div><div>flour</div>",
        "Hi<div>-- </div>Pavel<hr>flour",
        "Hi<div>-- </div>Pavel<blockquote>flour</blockquote>",
        # Far too long for one.
        "Hi<div>-- </div>" + "<div>flour</div>" * 100,
        "Hi<div>-- </div>" + "flour " * 3_000,
        # No class of a signature.
        '<div>Hi</div><div class="signature_pad design">Pavel</div>',
        '<div>Hi</div><div title="gmail_signature">Pavel</div>',
    ],
)
def test_what_may_be_more_than_a_signature_stays_in_sight(source: str) -> None:
    assert SIGNATURE_BREAK not in wash_html(source).html


@given(
    st.lists(
        st.sampled_from(
            [
                *["words", "-- ", "<br>", "<hr>", "<p>", "</p>", "<div>", "</div>", "<b>", "</b>"],
                *['<div class="gmail_signature">', '<pre id="Signature">', "</pre>", "<td>x"],
                *["<blockquote>", "</blockquote>", "<ul><li>", "</ul>", "<table><tr>", "</table>"],
            ]
        ),
        max_size=25,
    )
)
def test_dividing_a_signature_off_changes_no_word(pieces: list[str]) -> None:
    source = "".join(pieces)
    washed = wash_html(source).html
    plain = source.replace("class=", "title=").replace("id=", "title=").replace("-- ", "== ")
    seen = html_to_text(washed.replace("-- ", "== ")).split()
    assert seen == html_to_text(wash_html(plain).html).split()
    assert washed.count(SIGNATURE_BREAK) <= 1
    for part in washed.split(SIGNATURE_BREAK):
        assert part.count("<div") == part.count("</div>")
        assert len(re.findall("<p[ >]", part)) == part.count("</p>")


@pytest.mark.parametrize(
    ("source", "washed"),
    [
        (
            "<table><tr><th>Item<th>Qty<tr><td>Flour<td><p>3</p><tr><td colspan=2>Total 3</table>x",
            "<table><tr><th>Item</th><th>Qty</th></tr><tr><td>Flour</td><td>3</td></tr>"
            '<tr><td colspan="2">Total 3</td></tr></table><div>x</div>',
        ),
        (
            "<blockquote><table><tr><td>1<td>2<br>3<tr><td>4<td>5</table></blockquote>",
            "<blockquote>1<br>2<br>3<br>4 · 5</blockquote>",
        ),
        (
            "<table><tr><td>Shop<td><a href=http://x.example>About</a><td><p>Help</p></table>y",
            '<div>Shop · <a href="http://x.example">About</a> · Help</div><div>y</div>',
        ),
        (f"<table><tr><td>a<td>{'long ' * 30}</table>", f"<div>a</div><div>{'long ' * 30}</div>"),
        ("<li><table><tr><td>1<td>2<tr><td>3<td>4</table>", "<li>1 · 2<br>3 · 4</li>"),
        ("<table><tr><td>1<td>2<tr><td>3<td colspan=9000000>4</table>", None),
        (f"<table>{'<tr><td>1<td>2' * 5000}</table>", None),
    ],
)
def test_tables(source: str, washed: str | None) -> None:
    found = wash_html(source).html
    if washed is None:
        assert len(re.findall(r"<td", found)) <= 240
        assert "9000000" not in found
    else:
        assert found == washed


HOSTILE = [
    '<img src="http://t/x.gif">',
    '<img srcset="http://t/x.gif 2x">',
    '<img src="//t/x.gif">',
    '<img src="file:///etc/passwd">',
    '<img src="data:image/png;base64,AAAA">',
    '<img src="cid:&quot;><script>alert(1)</script>">',
    "<img src=x onerror=alert(1)>",
    '<img alt="><script>alert(1)</script>">',
    '<a title="><script>alert(1)</script>" href="http://a/?x=><script>">t</a>',
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<math><mtext><table><mglyph><style><img src=http://t/x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=http://t/x onerror=alert(1)>'>",
    "<iframe src=http://t/></iframe>",
    "<object data=http://t/></object><embed src=http://t/>",
    "<link rel=stylesheet href=http://t/x.css>",
    "<style>@import url(http://t/x.css); p{background:url(http://t/x)}</style>",
    '<p style="background:url(http://t/x)">x</p>',
    '<p style="font-weight:expression(alert(1))">x</p>',
    '<p style="font-weight:url(http://t/x)">x</p>',
    '<p style="text-decoration:none;background-image:\\75rl(http://t/x)">x</p>',
    '<table background="http://t/x"><td background="http://t/x">x</table>',
    '<body background="http://t/x">x</body>',
    "<video poster=http://t/x src=http://t/x></video><audio src=http://t/x>",
    '<input type=image src="http://t/x">',
    '<form action="http://t/"><button formaction="http://t/">x</button></form>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href=" java\tscript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    '<a href="//t/">x</a>',
    '<a ping="http://t/" href="http://ok/">x</a>',
    '<base href="http://t/"><meta http-equiv=refresh content="0;url=http://t/">',
    "<!--[if mso]><img src=http://t/x><![endif]-->",
    "<![CDATA[<img src=http://t/x>]]>",
    "\ue001script>alert(1)\ue001/script>",
    "&lt;img src=http://t/x&gt;",
    "<xmp><img src=http://t/x></xmp>",
    "<plaintext><img src=http://t/x>",
    "<textarea></textarea><img src=http://t/x>",
    "<title></title><img src=http://t/x onerror=alert(1)></title>",
    "<b\x00><scr\x00ipt>alert(1)</scr\x00ipt>",
    '<p title="`onmouseover=alert(1)">x</p>',
]
TAG = re.compile(r"</?([a-z0-9]+)((?: [a-z]+=\"[^\"<>]*\")*)>")
ATTRIBUTES = {
    "href": re.compile(r"(?:https?://|mailto:|tel:).*"),
    "class": re.compile("doubtful"),
    "style": re.compile(r"(?:font-weight|font-style|text-decoration):[a-z0-9; :-]+"),
    "src": re.compile(r"cid:[^<>\s]+|remote:\d+"),
    "alt": re.compile(".*"),
    "width": re.compile(r"\d{1,4}"),
    "height": re.compile(r"\d{1,4}"),
    "colspan": re.compile("[1-8]"),
    "start": re.compile(r"\d+"),
}
_TAGS = re.compile(
    "a|b|blockquote|br|code|div|em|hr|i|img|li|ol|p|pre|table|td|th|tr|ul",
)


def assert_harmless(washed: str) -> None:
    for tag, attributes in TAG.findall(washed):
        assert _TAGS.fullmatch(tag)
        for name, value in re.findall(r'([a-z]+)="([^"]*)"', attributes):
            assert ATTRIBUTES[name].fullmatch(value), (name, value)
    # Outside of the tags that were looked at nothing may be left that begins one.
    assert "<" not in TAG.sub("", washed)


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_vectors(source: str) -> None:
    washed = wash_html(source).html
    assert_harmless(washed)


@given(
    pieces=st.lists(
        st.one_of(
            st.sampled_from(HOSTILE),
            st.sampled_from(
                ["<", ">", '"', "'", "&", "&#", "x", " ", "<div>", "</div>", "<b>", "="]
            ),
            st.text(max_size=5),
        ),
        max_size=12,
    )
)
def test_any_mixture_is_harmless(pieces: list[str]) -> None:
    source = "".join(pieces)
    assert_harmless(wash_html(source).html)
    assert isinstance(html_to_text(source), str)


@pytest.mark.parametrize(
    ("source", "warning"),
    [
        ('<a href="http://evil.example/login">www.bank.example</a>', "goes to evil.example"),
        ('<a href="http://evil.example/">b<b>ank.exa</b>mple</a>', "goes to evil.example"),
        ('<a href="https://bank.example@evil.example/">click</a>', "goes to evil.example"),
        ('<a href="https://evil.example\\@bank.example/">click</a>', "goes to evil.example"),
        ('<a href="https://аррӏе.com/">click</a>', "goes to xn--80ak6aa92e.com"),
        ('<a href="https://www.bank.example/x">bank.example</a>', ""),
        ('<a href="https://bank.example/x">click here</a>', ""),
        ('<a href="mailto:a@b.example">a@b.example</a>', ""),
        ('<a href="tel:+420123">call</a>', ""),
    ],
)
def test_links_say_where_they_go(source: str, warning: str) -> None:
    washed = wash_html(source).html
    assert ('class="doubtful"' in washed) == bool(warning)
    assert f"[⚠ {warning}]" in washed if warning else "⚠" not in washed


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("javascript:alert(1)", "javascript"),
        ("JaVa\tScript:alert(1)", "javascript"),
        ("&#x6a;avascript:alert(1)", "javascript"),
        ("vbscript:x", "vbscript"),
        ("data:text/html,x", "data"),
        ("file:///etc/passwd", "file"),
        ("\\\\host\\share", "file"),
        ("ms-msdt:/id", "ms-msdt"),
        (f"https://x.example/{'y' * 7000}", "too long"),
        ("#top", ""),
        ("/path", ""),
        ("//host/path", ""),
        ("unknown:x", ""),
    ],
)
def test_links_that_are_taken_out(address: str, why: str) -> None:
    washed = wash_html(f'<a href="{address}">words</a> go on').html
    assert "href" not in washed
    assert washed == f"<div>words{f' [⚠ link taken out: {why}]' if why else ''} go on</div>"


@pytest.mark.parametrize(
    ("source", "written", "remote"),
    [
        (
            "<img src=http://x/a.png alt='a > b'>",
            'src="remote:0" alt="a &gt; b"',
            ("http://x/a.png",),
        ),
        ("<img src=//x/a.png width=600px height=50%>", 'alt="" width="600"', ("https://x/a.png",)),
        ("<img src=//x/a style='width:40px; height: 20.5px'>", 'width="40" height="20"', None),
        (
            "<img src=//x/a><img src=//x/b><img src=//x/a>",
            "remote:1",
            ("https://x/a", "https://x/b"),
        ),
        ("<img src=cid:a%40b>", 'src="cid:a@b"', ()),
        ("<img src='cid:<a@b>'>", 'src="cid:a@b"', ()),
        ("<img src=http://x/t width=1 height=1>", None, ("",)),
        ("<img src=http://x/t width=0>", None, ("",)),
        ("<img src=http://x/t style='width:1px;height:1px'>", None, ("",)),
        ("<img src=http://x/t style='display: none'>", None, ("",)),
        ("<img src=http://x/t style='opacity:0'>", None, ("",)),
        ("<img src=http://x/t style='visibility:hidden'>", None, ("",)),
        ("<div style='display:none'><img src=http://x/a width=600></div>", None, ("",)),
        ("<img src=http://x/t style='opacity:0.5'>", "remote:0", ("http://x/t",)),
        ("<img src=cid:t width=1 height=1>", None, ()),
        ("<img src=cid:../..\\x>", None, ()),
        ("<img src='cid:a b'>", None, ()),
        ("<img src=cid:>", None, ()),
        ("<img src=x.png>", None, ()),
        ("<img src=data:image/png;base64,AAAA>", None, ()),
        ("<img src=file:///x.png>", None, ()),
    ],
)
def test_images(source: str, written: str | None, remote: tuple[str, ...] | None) -> None:
    washed = wash_html(source)
    assert_harmless(washed.html)
    assert (written in washed.html) if written else ("<img" not in washed.html)
    if remote is not None:
        assert washed.remote_images == remote


def test_images_of_several_parts_are_numbered_together() -> None:
    wash = HtmlWash()
    assert "remote:0" in wash.wash("<img src=//x/a>")
    assert "remote:1" in wash.wash("<img src=//x/b>")
    assert wash.remote_images == ("https://x/a", "https://x/b")


def test_thousands_of_images_are_hundreds() -> None:
    washed = wash_html("".join(f"<img src=//x/{n} alt=n{n}>" for n in range(3000)))
    assert washed.html.count("<img") == len(washed.remote_images) == 400
    assert "[n2999]" in washed.html


def test_direction_overrides_are_taken_out() -> None:
    assert wash_html("a\u202eb&#x202e;c").html == "<div>abc</div>"


def test_a_mail_that_hides_all_of_itself_is_shown() -> None:
    source = "<div style='display:none'><p>all of it</p><img src=https://a.example/t></div>"
    washed = wash_html(source)
    assert washed.html.startswith("<p>all of it</p>")
    assert washed.remote_images == ("https://a.example/t",)
    assert html_to_text(source) == "all of it"
    assert wash_html("<div style='display:none'></div>").html == ""


def test_long_words_may_break() -> None:
    washed = wash_html("x" * 300).html
    assert washed == "<div>" + "\u200b".join(["x" * 80] * 3 + ["x" * 60]) + "</div>"
    assert "\u200b" in escape_text("x" * 300)


def test_plain_text_as_html() -> None:
    assert escape_text("a < b\nc") == "<p>a &lt; b<br>\nc</p>"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>Hello <b>Ann</b>,</p><p>one&nbsp;two<br>three</p>", "Hello Ann,\n\none two\nthree"),
        ("<div>new</div><blockquote>old<p>older</p></blockquote>", "new\n> old\n> older"),
        ("<blockquote><blockquote>x</blockquote></blockquote>", ">> x"),
        ("<ul><li>a<li>b</ul>c", "- a\n- b\n\nc"),
        ("<pre>a\n  b\n</pre>c", "a\n  b\nc"),
        ("<table><tr><td>a<td>b</table>", "a\nb"),
        ("<img alt=logo><img>x<hr>y", "[logo]x\ny"),
        ("<script>x</script><style>y</style>", ""),
        ("a &lt;b&gt;", "a <b>"),
    ],
)
def test_words_of_html(source: str, text: str) -> None:
    assert html_to_text(source) == text


BOMBS = {
    "nested tables": "<table><tr><td>" * 50_000 + "x",
    "nested blocks": "<div>" * 200_000,
    "many blocks": "<div>x</div>" * 20_000,
    "open bold": "<b>" * 100_000,
    "misnested": "<b><i><p>" * 30_000,
    "one word": "x" * 1_000_000,
    "ten megabytes": "<p>hello world</p>" * 600_000,
    "less-than": "<" * 1_000_000,
    "ampersands": "&" * 1_000_000,
    "entities": "x&amp;" * 160_000,
    "attributes": "<a " + " ".join(f'x{i}="y"' for i in range(100_000)) + ">t</a>",
    "quotes": "<blockquote>" * 10_000 + "x",
    "lists": "<ul><li>" * 10_000 + "x",
    "svg": "<svg><desc>" * 20_000,
    "breaks": "<br>" * 250_000,
    "lines": "<pre>" + " \n" * 400_000,
}


@pytest.mark.parametrize("name", list(BOMBS))
def test_bombs_do_not_go_off(name: str) -> None:
    """Seconds in processor time; a loaded test machine must not fail it."""
    begun = time.process_time()
    washed = wash_html(BOMBS[name]).html
    html_to_text(BOMBS[name])
    assert time.process_time() - begun < 15
    assert len(washed) < MAX_OUTPUT * 1.1
    for part in washed.split(PART_BREAK):
        assert_light(part)


def assert_light(part: str) -> None:
    """Well-formed by itself, flat, and laid out in no time."""
    assert len(part) < 30_000
    assert len(re.findall(r"<[a-z]", part)) < 500
    assert part.count("\n") < 500
    assert not re.search(r"[^\s<>&\u200b]{200}", re.sub("<[^>]*>", " ", part))
    stack: list[str] = []
    deepest = 0
    for closing, tag in re.findall(r"<(/?)([a-z0-9]+)", part):
        if tag in ("br", "hr", "img"):
            continue
        if closing:
            assert stack.pop() == tag
        else:
            stack.append(tag)
            deepest = max(deepest, len(stack))
    assert deepest <= 42
    assert stack == []


def test_parts_end_where_lines_end() -> None:
    washed = wash_html("<b>" + "".join(f"<p>line {n}</p>" for n in range(500)) + "</b>").html
    parts = washed.split(PART_BREAK)
    assert len(parts) > 5
    shown = " ".join(re.sub("<[^>]*>", " ", part) for part in parts)
    assert shown.split() == [word for n in range(500) for word in ("line", str(n))]
    assert all("<b>" in part for part in parts)


def test_numbered_lists_go_on_counting_in_the_next_part() -> None:
    parts = wash_html("<ol>" + "<li>x" * 200 + "</ol>").html.split(PART_BREAK)
    begun = [re.match(r'<ol(?: start="(\d+)")?>', part) for part in parts]
    counted = 0
    for found, part in zip(begun, parts, strict=True):
        assert found is not None
        assert int(found[1] or 1) == counted + 1
        counted += part.count("<li>")
    assert counted == 200


def test_verbatim_text_is_divided_at_its_lines() -> None:
    source = "\n".join(f"line {n}" for n in range(3000))
    parts = wash_html(f"<pre>{source}</pre>").html.split(PART_BREAK)
    assert len(parts) > 3
    assert "\n".join(part[5:-6] for part in parts) == source


def test_a_long_newsletter_is_shown_whole() -> None:
    story = (
        "<table><tr><td><table><tr><td><h2>Flour</h2><p>{}</p></td></tr></table></td></tr></table>"
    )
    washed = wash_html("".join(story.format("word " * 60 + f"n{n}") for n in range(550))).html
    assert "n549" in washed
    assert "longer than can be shown" not in washed


def test_a_huge_message_says_that_it_is_cut() -> None:
    assert "longer than can be shown" in wash_html("<p>hi</p>" * 50_000).html


def test_pictures_inside_the_html_do_not_push_out_the_words() -> None:
    picture = f'<img src="data:image/png;base64,{"A" * 900_000}">'
    assert wash_html(f"{picture}words").html == "<div>words</div>"
    assert html.unescape(html_to_text(f"{picture}words")) == "words"


def test_words_after_a_huge_picture_are_read() -> None:
    picture = f'<img src="data:image/png;base64,{"A" * 2_500_000}">'
    raw = f"From: a@b.example\r\nContent-Type: text/html\r\n\r\n{picture}<p>words</p>"
    text = read_message(raw.encode(), a_message(1, at=after(0))).text
    assert (text.html, text.text) == ("<p>words</p>", "words")


@pytest.mark.parametrize("size", [10, 7000, 100_000])
def test_plain_text_is_divided_too(size: int) -> None:
    text = "\n".join(["a word and <more>"] * (size // 17))
    parts = escape_text(text).split(PART_BREAK)
    assert all(len(part) < 8000 for part in parts)
    shown = "".join(part.removeprefix("<p>").removesuffix("</p>") for part in parts)
    assert html.unescape(shown.replace("<br>\n", "\n")) == text


_PIECES = st.one_of(
    st.sampled_from(
        [
            f"<{close}{tag}>"
            for close in ("", "/")
            for tag in (
                "a href=https://a.example/",
                "b",
                "p",
                "div",
                "table",
                "tr",
                "td",
                "th",
                "ul",
                "ol",
                "li",
                "blockquote",
                "pre",
                "h1",
                "span",
                "center",
                "br",
                "hr",
                "img src=cid:a",
            )
        ]
    ),
    st.sampled_from([" ", "\n", "&nbsp;", "word"]),
)


@given(
    pieces=st.lists(_PIECES, max_size=60),
    part_pieces=st.sampled_from([1, 3, html_parts.PART_PIECES]),
)
def test_no_word_is_lost_and_each_part_is_whole(pieces: list[str], part_pieces: int) -> None:
    """Words are numbered, so that none is lost, doubled or moved, wherever a part ends."""
    numbers = iter(range(1000))
    source = "".join(f" w{next(numbers)} " if piece == "word" else piece for piece in pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html_parts, "PART_PIECES", part_pieces)
        washed = wash_html(source).html
    for part in washed.split(PART_BREAK):
        assert_light(part)
    shown = html.unescape(re.sub("<[^>]*>", " ", washed))
    assert re.findall(r"w\d+", shown) == re.findall(r"w\d+", html_to_text(source))
