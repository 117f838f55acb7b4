from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.mcc import category_of_mcc
from knowledge.merchants import Merchant, host, load_merchants, merge, slug, with_logos
from knowledge.places import load_places
from knowledge.taxonomy import load_taxonomy
from knowledge.words import load_typical_names, load_words


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("Tesco", "tesco"),
        ("Sainsbury's", "sainsburys"),
        ("Con Edison", "con_edison"),
        ("Marks & Spencer", "marks_spencer"),
        ("Caffè Nero", "caffe_nero"),
    ],
)
def test_ids_are_stable_slugs(name: str, id_: str) -> None:
    assert slug(name) == id_
    assert id_ in {m.id for m in load_merchants()}


@given(st.text())
def test_a_slug_of_a_slug_is_itself(text: str) -> None:
    assert slug(slug(text)) == slug(text)


def test_ids_are_unique_and_categories_known() -> None:
    merchants = load_merchants()
    counts = Counter(m.id for m in merchants)
    assert counts.most_common(1)[0][1] == 1
    taxonomy = load_taxonomy()
    assert not [m for m in merchants if m.category and m.category not in taxonomy]
    assert len(merchants) > 5000


def test_a_brand_under_an_alias_is_the_same_merchant() -> None:
    own = [Merchant("tesco", "Tesco", ("tesco extra",), "groceries.supermarket", None, None, ())]
    brand = Merchant("tesco_extra", "Tesco Extra", ("t extra",), "x", "tesco.com", "logo", ("gb",))
    [merged] = merge(own, [brand])
    assert merged.id == "tesco"
    assert merged.category == "groceries.supermarket"
    assert merged.website == "tesco.com"
    assert merged.logo == "logo"


def test_a_host_is_bare() -> None:
    assert host("https://www.Tesco.com/groceries") == "tesco.com"
    assert host("") is None


def test_codes_in_a_range_have_their_category() -> None:
    assert category_of_mcc("3001") == "travel.flights"
    assert category_of_mcc("742") == "family.pets.vet"
    assert category_of_mcc("0001") == ""


def test_words_and_places_can_be_read() -> None:
    taxonomy = load_taxonomy()
    assert set(load_words()) | set(load_typical_names()) <= set(taxonomy.leaves())
    assert load_places()["manchester"][0].country == "GB"


def test_digital_brands_have_a_logo_and_a_known_one_is_kept() -> None:
    by_id = {merchant.id: merchant for merchant in load_merchants()}
    assert by_id["netflix"].logo
    icons = {"a": "a-icon", "b": "b-icon"}
    plain = Merchant("a", "A", (), "", "a.com", None, ())
    known = Merchant("b", "B", (), "", "b.com", "https://b.com/logo.svg", ())
    one, other = with_logos([plain, known], icons)
    assert one.logo == "https://cdn.simpleicons.org/a-icon"
    assert other.logo == "https://b.com/logo.svg"


def test_every_kind_of_payer_and_biller_has_merchants_in_both_countries() -> None:
    kinds: dict[str, Counter[str]] = {}
    for merchant in load_merchants():
        kinds.setdefault(merchant.category, Counter()).update(merchant.countries)
    for kind, us, gb in (
        ("housing.property_tax", 20, 200),
        ("income.pay.salary", 30, 10),
        ("income.support.benefits", 20, 6),
        ("insurance.vehicle", 10, 10),
        ("utilities.water_waste", 5, 10),
        ("subscriptions.software", 20, 20),
    ):
        assert kinds[kind]["us"] >= us, kind
        assert kinds[kind]["gb"] >= gb, kind
