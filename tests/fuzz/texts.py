"""Texts that nobody should be able to do harm with: what people write, and what they would only write on purpose."""

from collections.abc import Callable, Mapping, Sequence
from random import Random

from tests.understanding.sets import measured

LABELLED: Sequence[str] = tuple(
    row["text"] for kind in ("intents", "feelings", "danger", "entities", "mails") for row in measured(kind)
)
"""Lines as people write them; the mails among them are whole."""

LINES = (
    "i got rejected", "another no from Globex", "ghosted", "i got an offer", "yes", "no", "2", "back", "skip", "stop",
    "resume", "i want to die", "i can't go on", "it's my fault", "tomorrow", "when x, i will y", "change an answer",
    "delete my data", "start over", "they sent feedback", "keep applying", "i have an interview on friday at 2",
    "help", "progress", "export", "uk", "thanks", "straight on", "that's enough", "none of these",
    "it's 9 here", "18:00 here", "weekly",
)  # fmt: skip

UNITS = (
    "a", "ab ", "a.", "a b-", "k1", "*a", "A1 ", ". ", "a\u200b", "i w ", "when ", "when a, ", "i will ", "at the ",
    "'", "\u202e", "\U0001f602", "1 day ", "(", "\\", "<", "<@", "<!a|", "&lt;", "`", "```", "\n", "\n\n", "> ", "|",
    "!|", "$@", "1/", "1.", "12:", "9 am ", "\x1b[", "\x1b]", "\x1b[0;", "* ", "- ", "# ", "1) ", "_", "~~", "@here ",
    "\ufdfa", "\u0130", "\u00df", "\ufb03", "\u1e9e", "\u0345", "\u2022 ", "https://a.", "www.", "x@y.z ", "=", "a=",
)  # fmt: skip
"""What is repeated to look for a pattern that takes more time than its text allows."""

MARKUP = (
    "**bold**", "__x__", "`code`", "```\nx\n```", "||hidden||", "<@1>", "<@!1>", "<@U0>", "<!channel>", "<!here|x>",
    "<#C1|general>", "<http://x|y>", "&amp;lt;", "@everyone", "@here", "[x](http://y)", "<script>", "<t:0:D>", ":wave:",
    "{employer}", "{0.__class__}", "%s%n%d", "${x}", "\\", "\\\\_", "\x1b[31m", "\x02123\x03", "=cmd()",
    "\x022026-01-01\x1fx\x03", "'; DROP TABLE", "../../etc/passwd", "\x00", "\r\n", "\u2028", "# title", "> quote",
    "- point", "\u2022 x", "\u2022 ",
)  # fmt: skip

TIMES = (
    "9999-12-31", "0001-01-01", "0000-00-00", "2026-02-30", "2024-02-29", "31/31", "0/0", "12/5", "5/12", "32.13.",
    "31.2.", "24:00", "24:60", "23:59", "0:00", "12 am", "12pm", "99 weeks", "0 days", "99 days", "february 31st",
    "the 31st", "next friday", "at 2", "24 o'clock", "half past", "\u0662\u0660\u0662\u0666-\u0661\u0662-\u0660\u0665",
    "\u0661\u0662:\u0663\u0660", "in 3 days", "yesterday", "tonight", "monday 25:00", "1e9", "-1", "9" * 30, "\u00b2",
)  # fmt: skip

EMOJI = (
    "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea", "\U0001f44d\U0001f3fd", "1\ufe0f\u20e3",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "\u2764\ufe0f\u200d\U0001f525",
    "\U0001f9d1\U0001f3ff\u200d\U0001f9b0", "\u00a9\ufe0f", "\U0001f377", "\u200d", "\ufe0e",
)  # fmt: skip

RIGHT_TO_LEFT = ("\u05e9\u05dc\u05d5\u05dd", "\u0645\u0631\u062d\u0628\u0627", "\u0631\u0641\u0636", "\u202babc\u202c")
HIDDEN = ("\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069", "\u00ad", "\ufeff")
LEET = str.maketrans("oieasltg", "013457+9")

LONGEST_REACH = (40, 200, 2000, 9000, 30000)
"""How long a repeated part may be; the longer, the rarer."""


def reach(random: Random) -> int:
    """Return a length: as a rule a short one."""
    return random.randint(1, random.choices(LONGEST_REACH, (50, 30, 12, 7, 1))[0])


def line(random: Random) -> str:
    """Return a line as people write it."""
    return random.choice(LINES if random.random() < 0.4 else LABELLED)


def bomb(random: Random) -> str:
    """Return something that repeats itself, with an end that does not fit."""
    unit = random.choice(UNITS) if random.random() < 0.7 else random.choice(UNITS) + random.choice(UNITS)
    return unit * (reach(random) // len(unit) + 1) + random.choice(("", "!", "a", "\n", "\u200b", ">", ")"))


def long_token(random: Random) -> str:
    """Return one very long word or number."""
    letters = random.choice(("a", "aA1", "0123456789", "x-", "\u00e4\u00df", "\u0661", "i1l|", "$@!", "a_", "\u4e00"))
    return "".join(random.choices(letters, k=reach(random)))


def planes(random: Random) -> str:
    """Return characters of every plane of Unicode, half characters among them."""
    return "".join(chr(random.randrange(17) << 16 | random.randrange(0x10000)) for _ in range(min(reach(random), 500)))


def combined(random: Random) -> str:
    """Return a line with many marks on its letters."""
    marks = [chr(random.randint(0x300, 0x36F)) for _ in range(random.randint(1, 30))]
    return "".join(letter + "".join(marks) for letter in line(random)[:100])


def hidden(random: Random) -> str:
    """Return a line with characters in it that nobody sees."""
    return "".join(letter + random.choice(HIDDEN) * (random.random() < 0.4) for letter in line(random)[:400])


def halves(random: Random) -> str:
    """Return half characters, and pairs of them in both orders."""
    return "".join(chr(random.randint(0xD800, 0xDFFF)) for _ in range(random.randint(1, 20))) + line(random)[:40]


def leet(random: Random) -> str:
    """Return a line in other signs."""
    text = line(random)[:400].translate(LEET)
    return random.choice((text, text.upper(), " ".join(text), ".".join(text), "".join(letter * 4 for letter in text)))


def mail(random: Random) -> str:
    """Return a mail that quotes other mails."""
    body = random.choice(LABELLED)
    for depth in range(random.randint(1, 4)):
        quoted = "\n".join(f"> {part}" for part in body.splitlines())
        head = random.choice(("On Mon, 1 Jan 2026 at 09:00, HR <hr@x.org> wrote:", "-----Original Message-----", "FW:"))
        body = f"{random.choice(LABELLED)}\n\n{head}\n{quoted}\n--\n{depth}"
    return body


def picked(of: Sequence[str]) -> Callable[[Random], str]:
    """Return a maker of a few of these, with blanks between them or without."""

    def several(random: Random) -> str:
        return random.choice((" ", "", "\n")).join(random.choices(of, k=random.randint(1, 4)))

    return several


MAKERS: Mapping[Callable[[Random], str], int] = {
    line: 30,
    bomb: 12,
    long_token: 6,
    planes: 6,
    combined: 4,
    hidden: 6,
    halves: 3,
    leet: 6,
    mail: 4,
    picked(MARKUP): 10,
    picked(TIMES): 10,
    picked(EMOJI): 4,
    picked(RIGHT_TO_LEFT): 4,
    picked(("", " ", "\n", "\t", "\u3000", "\u00a0")): 2,
}
"""The ways to make a text, and how often each is taken."""


def nasty(random: Random) -> str:
    """Return a text; now and then one that is put together from several."""
    parts = [
        made(random) for made in random.choices(tuple(MAKERS), tuple(MAKERS.values()), k=random.choice((1, 1, 1, 2, 3)))
    ]
    return random.choice(("", " ", ", ", "\n")).join(parts)
