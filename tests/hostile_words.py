"""Words that want to be more than words, on a page, in Markdown or in a chat."""

HOSTILE = (
    "<script>document.title='owned'</script>",
    "</blockquote></body><img src=x onerror=\"document.title='owned'\">",
    "<img src='http://tracker.example/pixel.gif'> <link rel=stylesheet href=//tracker.example/a>",
    "<meta http-equiv=refresh content='0;url=http://tracker.example/away'>",
    "</style><style>body{background:url(http://tracker.example/b)}</style>",
    "<svg/onload=fetch('http://tracker.example/c')> <iframe src=http://tracker.example/d></iframe>",
    "<a href=\"javascript:document.title='owned'\">click</a> <base href=http://tracker.example/>",
    "&lt;b&gt; stays as it is &amp;amp; <!-- so --> ]]> <![CDATA[ x",
    "![pixel](http://tracker.example/e.png) [a link](http://tracker.example/f) <http://t.example>",
    "# no heading\n- no list\n1. no number\n2) nor\n    no code\n```\nno fence\n---\n===\n> no",
    "a | b\n--|--\n*no* _no_ __no__ ~~no~~ `no` [^1] :smile: $x$ \\* \\",
    "http://tracker.example/g www.tracker.example somebody@tracker.example",
    "<!channel> @everyone @here <@U024BE7LH> <http://tracker.example|click>",
    "\u202eevil \u2066more\u202e\u0000\u001b[31mred",
    "שלום, ההזמנה יצאה פעמיים (\u200fשוב\u200f) <b>",
    "x" * 10_000,
)
