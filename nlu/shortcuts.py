"""Single words and emoji whose meaning needs no model."""

from collections.abc import Mapping

from nlu.normalise import normalise

_WORDS: Mapping[str, str] = {
    "greet": "hi hello hey hiya heya yo howdy morning afternoon evening sup wassup alright oi 👋",
    "goodbye": "bye goodbye byebye cya ttyl night goodnight tata laters cheerio",
    "thanks": "thanks thank thankyou thx ty tysm cheers ta merci gracias 🙏",
    "affirm": "yes yeah yep yup yea ya yas yess sure ok okay okey aye definitely absolutely "
    "correct right confirm confirmed agreed y k kk 👍 ✅ 👌 ✔",
    "deny": "no nope nah nay never cancel stop nevermind n 👎 ❌ 🚫 ✖",
    "praise": "great awesome amazing brilliant perfect nice lovely love wow sick ace wicked "
    "😍 ❤ 🥰 😘 🔥 💯 🎉 😊 😀 😁 🙌 👏 💕 💖 🤩",
    "complain": "wrong useless rubbish trash terrible awful incorrect ffs wtf 😡 🤬 😠 😤 🖕 😒 🙄",
    "help": "help menu commands options ? ❓ 🆘",
    "show_more": "more why details 📈 📊",
    "check_balance": "balance balances bal 💰",
    "list_accounts": "accounts cards",
    "list_transactions": "transactions",
    "list_subscriptions": "subscriptions subs",
    "upcoming_bills": "bills",
    "check_budget": "budgets budget",
    "check_goals": "goals goal",
    "list_alerts": "alerts",
    "net_worth": "networth",
    "human_handoff": "human agent",
    "tell_joke": "joke",
    "roast_me": "roast",
    "hype_me": "hype",
}
_INTENT_OF = {word: intent for intent, words in _WORDS.items() for word in words.split()}


def shortcut(text: str) -> str | None:
    """The intent of a message that is one known word, or nothing but one emoji over and over.

    Args:
        text: As written.
    """
    words = set(normalise(text).split())
    if text.strip("? \n") and len(words) > 1:
        words.discard("?")  # "why?" is "why"
    return _INTENT_OF.get(words.pop()) if len(words) == 1 else None
