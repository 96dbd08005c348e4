"""What people call games."""

from samovar.services.catalog.search.normaliser import words
from samovar.services.catalog.search.words.aliases import Aliases, common_pairs


def test_the_longest_alias_in_a_query_is_replaced() -> None:
    aliases = Aliases(
        [("герои", "Heroes of Might and Magic"), ("герои меча и магии", "Heroes of Might and Magic")]
    )
    expected = [["heroes", "of", "might", "and", "magic", "5"]]
    assert aliases.meanings(["герои", "5"]) == expected
    assert aliases.meanings(["герои", "меча", "и", "магии", "5"]) == expected
    assert aliases.covered(["герои", "меча", "и", "магии", "5"]) == 4
    assert aliases.meanings(["злодеи"]) == []
    assert aliases.meanings([]) == []


def test_nonsense_among_the_pairs_is_passed_over() -> None:
    assert Aliases([("🎲", "Dice"), ("dice", "🎲"), ("Dice", "dice")]).meanings(["dice"]) == []


def test_no_common_alias_is_lost() -> None:
    aliases = Aliases.common()
    for alias, title in common_pairs():
        assert words(alias) == words(title) or aliases.covered(words(alias)) == len(words(alias)), alias
