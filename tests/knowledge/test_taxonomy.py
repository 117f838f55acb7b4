import pytest

from knowledge.taxonomy import UnknownCategoryError, load_taxonomy


def test_the_tree_is_whole() -> None:
    taxonomy = load_taxonomy()
    assert len(taxonomy) == 175
    assert len(taxonomy.tops()) == 19
    for category in taxonomy:
        assert category.parent is None or category.id.startswith(f"{category.parent}.")
        assert category.level == category.id.count(".") + 1


def test_descendants_hold_the_category_and_all_below() -> None:
    taxonomy = load_taxonomy()
    below = taxonomy.descendants("utilities.energy")
    assert below[0] == "utilities.energy"
    assert "utilities.energy.gas" in below
    assert "utilities.water_waste" not in below


def test_flow_essential_and_names_are_those_of_the_file() -> None:
    taxonomy = load_taxonomy()
    assert taxonomy.flow("income.pay.salary") == "in"
    assert taxonomy.flow("transfers.own_account") == "neutral"
    assert taxonomy.essential("groceries.supermarket") == "yes"
    assert taxonomy.with_name("fast food") == ("eating_out.fast_food",)
    assert taxonomy.top("eating_out.fast_food") == "eating_out"
    assert taxonomy.ancestors("utilities.energy.gas") == ("utilities.energy", "utilities")


def test_an_unknown_id_says_what_to_do() -> None:
    with pytest.raises(UnknownCategoryError, match=r"'groceries.moon'.*taxonomy.yml"):
        load_taxonomy().get("groceries.moon")
