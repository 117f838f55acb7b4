from jobs.logos import compact
from knowledge.merchants import Merchant

_ICONS = [
    {"title": "Netflix", "slug": "netflix", "source": "https://brand.netflix.com/en/assets"},
    {"title": "Rumble", "slug": "rumble", "source": "https://rumble.com"},
    {"title": "Steam", "slug": "steam", "source": "https://x.example",
     "guidelines": "https://partner.steampowered.com", "aliases": {"aka": ["Steam Games"]}},
]  # fmt: skip


def _merchant(id_: str, name: str, website: str | None) -> Merchant:
    return Merchant(id_, name, (), "", website, None, ())


def test_an_icon_is_a_merchants_only_where_name_and_host_agree() -> None:
    merchants = [
        _merchant("netflix", "Netflix", "netflix.com"),
        _merchant("rumble", "Rumble", "rumbleboxinggym.com"),
        _merchant("steam_games", "Steam Games", "steampowered.com"),
        _merchant("nobody", "Netflix", None),
    ]
    assert compact(merchants, _ICONS) == "id,icon\nnetflix,netflix\nsteam_games,steam\n"
