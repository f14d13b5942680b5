"""Two hundred strings that would be something else than words to a careless program, in letters that the fonts have."""

from __future__ import annotations

from itertools import islice, product

MARKUP = (
    "<b>x</b>", "<para>", "</para>", "<br/>", "</text>", "</svg>", "<script>alert(1)</script>", "<!-- x -->", "<![CDATA[x]]>",
    "]]>", "<?xml version='1.0'?>", "<!DOCTYPE x>", "&amp;", "&lt;b&gt;", "&#60;", "&nbsp;", "&x;", "<img src=x onerror=y>",
    '<a href="file:///etc/passwd">x</a>', "<font size=99>x</font>", "{%raw%}", "[x](y)", "**x**", "# x", "`x`", "$$x$$",
    "<iframe>", "<style>*{}</style>", "' onload='x", '" onload="x', "javascript:x", "<rdf:li>x</rdf:li>", "<x:xmpmeta>",
)  # fmt: skip
OPERATORS = (
    "(x) Tj", ") Tj ET Q", "BT /F1 12 Tf ET", "EMC", "/Artifact BMC", "/P <</MCID 0>> BDC", "<FEFF0041>", "endstream",
    "endobj", "1 0 obj", "%%EOF", "trailer <</Root 1 0 R>>", "xref", "startxref 0", "\\(x\\)", "\\)", "\\\\", "\\101", "(((",
    ")))", "<<>>", "[(x)] TJ", "/Im0 Do", "q 1 0 0 1 0 0 cm", "/ActualText", "D:20260101", "/JavaScript", "%PDF-1.7",
)  # fmt: skip
TEMPLATES = (
    "%s", "%d %f %x", "%(name)s", "%n", "%%", "{}", "{0}", "{title}", "{number!r}", "{letters}", "{{x}}", "{{ 7 * 7 }}", "${x}",
    "$HOME", "#{x}", "<%= x %>", "{% x %}", "{0.__class__}", "\\n", "\\u0041", "\\x41", "\\N{DIGIT ONE}", "f'{x}'", "%2e%2e%2f",
)  # fmt: skip
SHELL = (
    "; ls", "| cat", "&& x", "$(x)", "`x`", "> x", "../", "../../etc/passwd", "..\\..\\x", "~/x", "/dev/null", "C:\\x", "CON",
    "file:///x", "https://example.org/?a=b&c=d", "--out", "-rf", "*", "?", "!x", "'x'", '"x"', "x\\", "@x", "#x",
)  # fmt: skip
QUERIES = (
    "'; DROP TABLE books; --", "' OR '1'='1", "1; SELECT 1", "\" OR \"\"=\"", "admin'--", "UNION SELECT NULL", "1/0", "NULL", "None",
    "nil", "true", "undefined", "NaN", "Infinity", "-1", "1e309", "0x41", "[object Object]", "=1+1", "+1", "-1+1", "@SUM(1)",
)  # fmt: skip
ODD = (
    "Ề ỡ ự ỹ đ", "“x”", "‘x’", "– x", "—", "…", "x  y", "«x»", "ﬁ", "ß", "İ", "ı", "Ω", "½", "№", "€", "©", "™", "x" * 60, "°",
    "a\u0301", "e\u0302\u0301",
)  # fmt: skip
INVISIBLE = (
    "x\x00y",
    "x\x07y",
    "x\x1b[31my",
    "x\x7fy",
    "x\u200by",
    "x\u202ey",
    "x\ufeffy",
    "x\x85y",
    "x\u2028y",
    "\tx",
    "x\ry",
)
FIRST = (*MARKUP, *OPERATORS, *TEMPLATES, *SHELL, *QUERIES, *ODD, *INVISIBLE)
MIXED = (f"{one} {other}" for one, other in product(MARKUP[:12], (*OPERATORS[:4], *TEMPLATES[:4])))
HOSTILE: tuple[str, ...] = tuple(dict.fromkeys((*FIRST, *islice(MIXED, max(0, 210 - len(FIRST))))))
