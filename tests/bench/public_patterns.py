"""Patterns for CLINC150's banking and card intents, written from the intents' names alone."""

PATTERNS: dict[str, tuple[str, ...]] = {
    "freeze_account": (r"(?:freeze|lock|block|hold on|stop) (?:\S+ ){0,3}(?:account|bank)",),
    "routing": ("routing(?: number)?",),
    "pin_change": (
        r"(?:change|reset|new|update|forgot) (?:\S+ ){0,5}pin",
        r"pin (?:\S+ ){0,3}(?:change|reset|changed)",
    ),
    "bill_due": (
        r"(?:when|what day|what date|by when|due date) (?:\S+ ){0,6}bill",
        r"bill (?:\S+ ){0,3}due",
        r"(?:when|how soon) (?:\S+ ){0,6}(?:bill|payment) (?:\S+ ){0,3}(?:due|paid)",
    ),
    "pay_bill": (
        r"pay (?:\S+ ){0,4}(?:bill|bills)",
        r"make (?:\S+ ){0,2}payment (?:\S+ ){0,4}bill",
    ),
    "account_blocked": (
        r"(?:why|account) (?:\S+ ){0,5}(?:blocked|locked|frozen|on hold|restricted)",
        r"hold on (?:\S+ ){0,3}account",
    ),
    "interest_rate": ("interest rate",),
    "min_payment": (r"(?:minimum|lowest|least|smallest) (?:\S+ ){0,3}(?:payment|pay|due|bill)",),
    "bill_balance": (
        r"(?:how much|total|what|balance) (?:\S+ ){0,6}(?:bill|bills)$",
        r"(?:how much|what) (?:\S+ ){0,3}owe",
    ),
    "transfer": (
        r"transfer (?:\S+ ){0,8}(?:to|from|between|into)",
        r"move (?:\S+ ){0,4}(?:from|to|between)",
        r"send (?:moneyx|money) (?:\S+ ){0,4}(?:from|to)",
    ),
    "order_checks": (
        r"(?:order|more|need|new|get) (?:\S+ ){0,4}(?:checks|checkbooks?|check book)",
    ),
    "balance": (
        r"(?:balance|how much) (?:\S+ ){0,5}(?:account|accounts|checking|savings|bank)",
        "(?:bank|account) balance",
    ),
    "spending_history": (
        r"(?:spend|spent|spending) (?:\S+ ){0,8}(?:on|last|month|week|history|recently|this)",
    ),
    "transactions": (
        r"(?:show|list|see|what|view|pull up) (?:\S+ ){0,5}(?:transactions?|purchases?)",
        r"(?:recent|last|latest) (?:\S+ ){0,3}(?:transactions?|purchases?)",
    ),
    "report_fraud": (
        "fraud|fraudulent",
        r"(?:didnt|did not|never) (?:make|authorize|buy)(?: \S+){0,5}",
        r"suspicious (?:\S+ ){0,3}(?:charge|charges|activity|transaction|transactions)",
    ),
    "replacement_card_duration": (
        r"(?:how long|when|how soon) (?:\S+ ){0,8}(?:new|replacement) (?:\S+ ){0,3}cards?",
        r"(?:new|replacement) card (?:\S+ ){0,4}(?:arrive|come|take|mail|get here)",
    ),
    "expiration_date": ("(?:expire|expires|expiration|expiry|expiring)",),
    "damaged_card": (
        r"card (?:\S+ ){0,5}(?:damaged|cracked|broke|broken|scratched|bent|snapped|melted|chewed)",
        r"(?:damaged|cracked|broke|broken|scratched|bent|snapped|ruined) (?:\S+ ){0,4}card",
    ),
    "improve_credit_score": (
        r"(?:improve|raise|increase|boost|better|build|fix|help) (?:\S+ ){0,4}credit",
        r"credit (?:\S+ ){0,3}(?:better|higher|up)",
    ),
    "report_lost_card": (
        r"(?:lost|stolen|missing|misplaced|lose) (?:\S+ ){0,4}card",
        r"card (?:\S+ ){0,4}(?:lost|stolen|missing)",
        r"(?:cant|cannot) find (?:\S+ ){0,3}card",
    ),
    "card_declined": (
        r"(?:card|visa|mastercard|amex) (?:\S+ ){0,8}(?:declined|rejected|denied|go through)",
        r"(?:declined|rejected) (?:\S+ ){0,6}card",
        r"why (?:\S+ ){0,6}declined",
    ),
    "credit_limit_change": (
        r"(?:increase|raise|higher|change|extend|bigger) (?:\S+ ){0,5}(?:limit|credit line)",
    ),
    "apr": ("apr|annual percentage rate",),
    "redeem_rewards": (r"(?:redeem|use|cash in|spend) (?:\S+ ){0,5}(?:rewards?|points)",),
    "credit_limit": (
        r"(?:what|whats|how much|tell|is) (?:\S+ ){0,5}(?:credit limit|limit)",
        "credit limit (?:on|of|for)",
    ),
    "rewards_balance": (
        r"(?:how many|what|how much|check|balance) (?:\S+ ){0,5}(?:rewards?|points)",
    ),
    "application_status": (
        "application",
        r"(?:status|approved|heard) (?:\S+ ){0,5}(?:card|credit)",
    ),
    "credit_score": (
        r"(?:what|whats|check|tell|know|see|find out|look up) (?:\S+ ){0,4}credit (?:score|rating)",
        "credit (?:score|rating)$",
    ),
    "new_card": (
        r"(?:apply|sign up|get|open|want) (?:\S+ ){0,2}(?:new|another|a) (?:credit card|card|visa)",
    ),
    "international_fees": (
        r"(?:international|foreign|abroad|overseas) (?:\S+ ){0,5}(?:fee|fees|charge|charges)",
        r"(?:fee|fees|charge|charges|charged) (?:\S+ ){0,8}(?:international|foreign|abroad)",
        r"(?:fee|fees|charge|charges|charged) (?:\S+ ){0,8}(?:europe|mexico|france|italy|spain)",
    ),
}
