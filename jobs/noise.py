"""How the same message is written by other people: courtesy, dialect, texting, slips, word order.

Every change keeps the intent. What a test's noise does must not stand here alike: the accuracy
suite misspells by a generator of its own.
"""

from collections.abc import Sequence
from random import Random

_BEFORE = """hey|hi|hello|hey florin|hi florin|florin|ok|okay|ok so|so|right|um|erm|please|pls|yo|oi|hi there
good morning|hey quick question|quick question|quick one|sorry to bother you but|sorry|dear florin|excuse me
just wondering|i was wondering|i wonder|well|listen|look|alright|alright florin|mate|bro|hey bot|hi again
one more thing|also|now|hmm|uh|oh and|oh|ok florin|ok cool|thanks|cool|lol|omg|honestly|real quick|be honest
be a dear and tell me|hey so|so basically|ok right|can i ask|may i ask|question|a question|actually
good evening|hello there|hiya|greetings|evening|morning|sup|hey buddy|hey hun|babe|love|right then|anyway|anyhow
ugh|ffs|damn|god|jeez|ok last one|next|yes hello|yeah so|well then|if you dont mind|when you get a sec""".replace(
    "\n", "|"
).split("|")
_AFTER = """please|pls|plz|thanks|thank you|ta|cheers|mate|bro|lol|haha|florin|?|??|asap|now|x|xx|hun|babe|fam|dude|man
if you can|if possible|if you dont mind|for me|please florin|pretty please|rn|quickly|when you can|tbh|pal|love|sir
thx|ty|ok|okay|😂|😅|🙏|😭|👀|🙈|💀|🤔|😬|😩|❤️|🥲|😊|!|!!|...|thank you so much|thanks in advance|much appreciated
be honest|just curious|im curious|need to know|its urgent|innit|like|ya know|you know|eh|huh|though|then|bud|buddy
kind regards|many thanks|cheers mate|ta love|god bless|my friend|bestie|queen|king|chief|boss|lad|yeah|right|please and thank you""".replace(
    "\n", "|"
).split("|")
_ASKING = (
    "may i ask", "could you tell me", "can you tell me", "please tell me", "i would like to know",
    "i should like to know", "kindly tell me", "do you know", "tell me", "would you kindly say",
    "i want to know", "i need to know", "let me know", "could you please say", "any idea",
    "please let me know", "can u say", "i wonder", "would you be so good as to tell me",
    "im trying to find out", "can you work out", "can you check", "please check", "quickly",
    "my wife wants to know", "just tell me", "you know what", "help me see", "would you mind telling me",
)  # fmt: skip
_QUESTIONS = frozenset(
    "how what whats when whens where wheres who whos which is are has have did do does was were".split()
)
_DIALECTS: tuple[dict[str, Sequence[str]], ...] = (
    {  # Scots and northern
        "my": ("ma", "me"), "to": ("tae",), "of": ("o",), "out": ("oot",), "what": ("whit",),
        "how": ("hoo", "how"), "do": ("dae",), "not": ("no",), "dont": ("dinnae",), "with": ("wi",),
        "have": ("hae", "have"), "money": ("siller", "money"), "from": ("fae",), "now": ("noo",),
        "you": ("ye", "yous"), "more": ("mair",), "going": ("gaun",), "about": ("aboot",),
        "down": ("doon",), "all": ("aw",), "was": ("wis",), "cant": ("cannae",), "get": ("git",),
        "give": ("gie",), "me": ("us", "me"), "the": ("the", "thi"), "before": ("afore",),
        "would": ("wid",), "any": ("ony",), "our": ("oor",), "off": ("aff",), "take": ("tak",),
        "did": ("did", "didst"), "nothing": ("nowt",), "anything": ("owt",), "much": ("much", "muckle"),
    },
    {  # texting
        "you": ("u",), "your": ("ur",), "are": ("r",), "please": ("pls", "plz"), "to": ("2", "to"),
        "for": ("4", "fr"), "what": ("wot", "wat", "wut"), "whats": ("wots", "wats"), "have": ("hv", "av"),
        "much": ("mch", "much"), "how": ("hw",), "spend": ("spnd",), "spent": ("spnt",),
        "month": ("mnth", "mth"), "week": ("wk",), "last": ("lst", "las"), "with": ("wiv", "w"),
        "because": ("cos", "coz"), "tonight": ("2nite",), "tomorrow": ("tmrw", "tmw", "2moro"),
        "yesterday": ("yday", "ystrdy"), "and": ("n", "nd", "&"), "my": ("me", "my", "mi"), "the": ("da", "the", "th"),
        "this": ("dis", "this", "ths"), "that": ("dat", "tht"), "going": ("goin",), "about": ("abt", "bout"),
        "account": ("acc", "acct"), "money": ("£££", "money", "monies"), "want": ("wnt", "wan"), "can": ("cn",),
        "show": ("sho", "shw"), "balance": ("bal", "blnce"), "when": ("wen",), "where": ("wer", "wher"),
        "get": ("gt", "git"), "before": ("b4",), "people": ("ppl",), "subscriptions": ("subs",), "is": ("iz", "is"),
        "in": ("in", "n"), "be": ("b",), "see": ("c", "see"), "why": ("y",), "know": ("no", "kno"), "now": ("nw", "nao"),
        "i": ("i",), "dont": ("dnt", "dont"), "am": ("am", "m"), "been": ("bin",), "from": ("frm",), "each": ("evry",),
        "me": ("me",), "does": ("dus",), "was": ("woz",), "who": ("hoo", "who"), "of": ("of", "ov"), "on": ("on",),
        "just": ("jus", "jst"), "there": ("ther", "der"), "bill": ("bil",), "payments": ("pymts",),
    },
    {  # American vernacular
        "going": ("finna", "bout"), "am": ("im", "be"), "do": ("do", ""), "did": ("did", ""), "you": ("yall", "ya"),
        "money": ("bread", "cash", "guap", "paper"), "isnt": ("aint",), "have": ("got",), "is": ("be", ""),
        "with": ("wit",), "that": ("dat", "that"), "my": ("my", "mah"), "are": ("", "is"), "spent": ("blew", "spent"),
        "buy": ("cop",), "please": ("fr",), "something": ("sum",), "them": ("em",), "was": ("was", "were"),
    },
    {  # learners of English
        "the": ("",), "a": ("",), "an": ("",), "is": ("", "it is"), "do": ("",), "did": ("",), "am": ("",),
        "are": ("",), "spent": ("spend", "spended"), "paid": ("pay", "payed"), "bought": ("buy",), "my": ("my", "of me"),
        "much": ("much", "many"), "went": ("go",), "on": ("in", "on"), "at": ("in",), "have": ("have", "has"),
        "was": ("is",), "to": ("to", "for"), "want": ("want", "wish"), "in": ("in", "on"), "me": ("to me", "me"),
        "does": ("",), "will": ("will", ""), "than": ("then", "that"), "i": ("i", ""), "how": ("how",),
    },
)  # fmt: skip
_KEYS = {
    letter: near
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for letter, near in zip(row, (row[1:2] + row[:0], *(row[i - 1] + row[i + 1 :][:1] for i in range(1, len(row)))), strict=True)
}  # fmt: skip
_SOUNDS = (
    ("tion", "shun"), ("ght", "te"), ("ing", "in"), ("ph", "f"), ("ck", "k"), ("ll", "l"), ("ee", "ea"), ("ea", "ee"),
    ("ie", "ei"), ("ei", "ie"), ("ou", "u"), ("ss", "s"), ("th", "f"), ("er", "a"), ("or", "er"), ("ance", "ence"),
    ("c", "k"), ("s", "z"), ("y", "ie"), ("au", "or"), ("igh", "y"), ("wh", "w"), ("gh", ""), ("mm", "m"), ("tt", "t"),
    ("rr", "r"), ("oo", "u"), ("ai", "a"), ("ch", "tch"), ("k", "c"), ("e ", " "), ("ible", "able"),
)  # fmt: skip


def courtesy(text: str, random: Random) -> str:
    """Wrap a message as people open and close one."""
    chance = random.random()
    if chance < 0.2 and text.split(" ", 1)[0] in _QUESTIONS:
        return f"{random.choice(_ASKING)} {text}"
    if chance < 0.55:
        text = f"{text} {random.choice(_AFTER)}"
    if chance > 0.40:
        text = f"{random.choice(_BEFORE)} {text}"
    return text


def dialect(text: str, random: Random) -> str:
    """Respell words as one way of speaking does."""
    words = random.choice(_DIALECTS)
    share = random.uniform(0.4, 1.0)
    return " ".join(
        random.choice(words[word]) if word in words and random.random() < share else word
        for word in text.split()
    )


def drop_word(text: str, random: Random) -> str:
    """Leave out a word of a longer message."""
    words = text.split()
    if len(words) > 4:
        del words[random.randrange(len(words))]
    return " ".join(words)


def swap_words(text: str, random: Random) -> str:
    """Exchange two neighbours."""
    words = text.split()
    if len(words) > 3:
        at = random.randrange(len(words) - 1)
        words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def misspell(text: str, random: Random, share: float) -> str:
    """Misspell about a share of the words that have three letters or more."""
    return " ".join(
        slip(word, random) if len(word) > 2 and word.isalpha() and random.random() < share else word
        for word in text.split()
    )


def slip(word: str, random: Random) -> str:
    """Return a word as a hurried thumb or an unsure speller writes it."""
    kind = random.random()
    at = random.randrange(1, len(word)) if random.random() < 0.9 else 0
    letter = word[at]
    if kind < 0.22:
        return word[:at] + word[at + 1 :]
    if kind < 0.42 and at:
        return word[: at - 1] + letter + word[at - 1] + word[at + 1 :]
    if kind < 0.58:
        return word[:at] + random.choice(_KEYS.get(letter, letter)) + word[at + 1 :]
    if kind < 0.68:
        return word[:at] + letter + word[at:]
    if kind < 0.78:
        return word[:at] + random.choice(_KEYS.get(letter, letter)) + word[at:]
    if kind < 0.88:
        vowels = [i for i in range(1, len(word)) if word[i] in "aeiou"]
        cut = set(random.sample(vowels, max(1, len(vowels) // 2))) if vowels else set()
        return "".join(c for i, c in enumerate(word) if i not in cut)
    found = [pair for pair in _SOUNDS if pair[0] in word]
    return word.replace(*random.choice(found), 1) if found else word[:-1]


def vary(text: str, random: Random) -> str:
    """Write a message anew: each kind of change by its own chance."""
    chance = random.random
    if chance() < 0.22:
        text = dialect(text, random)
    if chance() < 0.12:
        text = drop_word(text, random)
    if chance() < 0.05:
        text = swap_words(text, random)
    if chance() < 0.30:
        text = courtesy(text, random)
    if chance() < 0.45:
        text = misspell(text, random, random.choice((0.1, 0.2, 0.35, 0.5)))
    return text
