"""The showcase as it is written: whole, true as far as a program can tell, in both languages, and marked where it is invented."""

from collections import Counter
from datetime import UTC, datetime

import msgspec
import pytest

from samovar.demo import players, pricing, records, sources, studio
from samovar.demo.sources import FOLDER, Game, Text
from samovar.services.catalog.exchange.schemas import LINES, AppLine, Line, PackageLine, TermLine
from samovar.services.developer.organisations.legal.domain import Numbers
from samovar.services.developer.organisations.legal.domain import faults_of as legal_faults
from samovar.services.developer.organisations.legal.schemas import LegalDetails
from samovar.services.payment.payouts.payees.domain import Identity
from samovar.services.payment.payouts.payees.domain import faults_of as payee_faults
from samovar.services.payment.payouts.payees.schemas import PayeeDetails

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
CATALOGUE = sources.read()
REAL = [game for game in CATALOGUE.games if not game.is_invented]
INVENTED = [game for game in CATALOGUE.games if game.is_invented]
# The identifiers that the catalogue uses (https://spdx.org/licenses).
SPDX = {
    *(
        "GPL-2.0-only",
        "GPL-2.0-or-later",
        "GPL-3.0-only",
        "GPL-3.0-or-later",
        "AGPL-3.0-only",
        "AGPL-3.0-or-later",
    ),
    *("LGPL-2.1-or-later", "MIT", "BSD-3-Clause", "Zlib", "Artistic-1.0", "CC-BY-SA-3.0", "NGPL"),
}
FIRST_VIDEO_GAME = 1958


def imported() -> list[Line]:
    """The lines as the importer reads them."""
    files = {(one.slug, one.frame.name): "covers/one.webp" for one in records.pictures(CATALOGUE)}
    lines = [*records.lines(CATALOGUE, files, NOW), *pricing.discounts(CATALOGUE.games, NOW)]
    return [LINES.decode(msgspec.json.encode(line)) for line in lines]


LINES_READ = imported()


def test_there_is_enough_of_everything() -> None:
    kinds = Counter(line.page.kind for line in LINES_READ if isinstance(line, AppLine))
    terms = Counter(line.kind for line in LINES_READ if isinstance(line, TermLine))
    assert len(REAL) >= 60
    assert len(INVENTED) >= 40
    assert min(kinds[kind] for kind in ("dlc", "soundtrack", "demo")) >= 4
    assert terms["genre"] >= 25
    assert terms["tag"] >= 150
    assert terms["category"] + terms["feature"] >= 40
    assert {game.stage for game in INVENTED} == {"coming_soon", "early_access", "released"}
    assert {bundle.kind for bundle in CATALOGUE.bundles} == {"complete_the_set", "must_purchase_together"}


def test_each_file_is_small_enough_to_read() -> None:
    assert all(file.stat().st_size < 1_000_000 for file in FOLDER.rglob("*"))


@pytest.mark.parametrize("game", REAL, ids=lambda game: game.slug)
def test_what_is_said_of_a_real_game_can_be_true(game: Game) -> None:
    assert game.year is not None
    assert FIRST_VIDEO_GAME < game.year <= NOW.year
    assert game.first is None or game.first.year == game.year
    assert game.licence is None or game.licence in SPDX
    assert game.price == 0
    assert not game.more
    assert records.INVENTED_TAG not in game.tags


def test_a_free_licence_and_the_tag_of_free_software_go_together() -> None:
    tags = {line.page.slug: line.page.tags for line in LINES_READ if isinstance(line, AppLine)}
    assert all(("free-software" in tags[game.slug]) == bool(game.licence) for game in REAL)


def test_whatever_is_invented_says_so() -> None:
    apps = [line for line in LINES_READ if isinstance(line, AppLine)]
    real = {game.slug for game in REAL}
    for line in apps:
        invented = line.page.slug not in real
        assert line.origin == (records.INVENTED if invented else records.FREE)
        assert (records.INVENTED_TAG in line.page.tags) == invented
        assert ("придумана" in line.page.texts["ru"].description) == invented
        assert ("made up" in line.page.texts["en"].description) == invented


def test_everything_speaks_both_languages() -> None:
    texts: list[Text] = []
    for game in CATALOGUE.games:
        texts += [game.ru, game.en, *(text for more in game.more for text in (more.ru, more.en))]
    assert all(text.short.strip() for text in texts)
    assert all(len(game.ru.text) > 150 and len(game.en.text) > 150 for game in CATALOGUE.games)
    assert not [line for line in LINES_READ if isinstance(line, TermLine) and line.names.en is None]


def test_a_russian_description_is_russian_and_an_english_one_is_not() -> None:
    def share(text: str) -> float:
        letters = [letter for letter in text if letter.isalpha()]
        return sum("а" <= letter.lower() <= "я" or letter in "Ёё" for letter in letters) / len(letters)

    assert all(share(game.ru.short + game.ru.text) > 0.7 for game in CATALOGUE.games)
    assert all(share(game.en.short + game.en.text) == 0 for game in CATALOGUE.games)


def test_no_two_games_answer_to_one_name() -> None:
    names = Counter(alias.lower() for game in CATALOGUE.games for alias in {*game.alias, game.title})
    assert [name for name, count in names.items() if count > 1] == []


def test_all_that_is_named_is_there() -> None:
    terms = {(line.kind, line.slug) for line in LINES_READ if isinstance(line, TermLine)}
    apps = {line.page.slug for line in LINES_READ if isinstance(line, AppLine)}
    packages = {line.slug for line in LINES_READ if isinstance(line, PackageLine)}
    for game in CATALOGUE.games:
        named = {
            *(("genre", slug) for slug in game.genres),
            *(("category", slug) for slug in game.categories),
            *(("feature", slug) for slug in game.features),
            *(("tag", slug) for slug in game.tags),
        }
        assert named <= terms, game.slug
        assert set(game.by) <= CATALOGUE.creators.keys(), game.slug
        assert all(set(edition.with_) <= apps for edition in game.edition)
    assert all(set(bundle.packages) <= packages for bundle in CATALOGUE.bundles)


def test_a_price_is_there_in_every_region_and_free_is_free_everywhere() -> None:
    assert {price["amount"] for price in pricing.prices(0).values()} == {0}
    amounts = [price["amount"] for price in pricing.prices(149).values()]
    assert min(int(str(amount)) for amount in amounts) > 0
    assert pricing.prices(599)["RU"] == {"amount": 59_900, "currency": "RUB"}


def test_on_every_day_of_the_coming_months_something_is_reduced() -> None:
    spans = [
        (datetime.fromisoformat(str(line["starts_at"])), datetime.fromisoformat(str(line["ends_at"])))
        for line in pricing.discounts(CATALOGUE.games, NOW)
    ]
    days = [datetime.fromtimestamp(NOW.timestamp() + day * 86_400, UTC) for day in range(300)]
    bare = [day for day in days if not any(since <= day < until for since, until in spans)]
    assert bare == []


def test_discounts_leave_a_package_thirty_days_of_rest() -> None:
    ends: dict[object, datetime] = {}
    for line in pricing.discounts(CATALOGUE.games, NOW):
        since = datetime.fromisoformat(str(line["starts_at"]))
        if line["package"] in ends:
            assert (since - ends[line["package"]]).days >= 30
        ends[line["package"]] = datetime.fromisoformat(str(line["ends_at"]))


def test_reviews_are_shared_out_among_the_players() -> None:
    logins = [player.login for player in players.people().player]
    opinions = players.opinions(logins)
    games = {game.slug for game in CATALOGUE.games}
    assert len(opinions) >= 200
    assert len({opinion.text for opinion in opinions}) == len(opinions)
    assert max(Counter(opinion.login for opinion in opinions).values()) <= players.REVIEWS_A_PLAYER_MAX
    assert len({(opinion.game, opinion.login) for opinion in opinions}) == len(opinions)
    assert {opinion.game for opinion in opinions} <= games
    assert {opinion.language for opinion in opinions} == {"ru", "en"}
    assert not any(
        login == opinion.login for opinion in opinions for login, _ in players.votes(opinion, logins)
    )


def test_more_reviews_than_people_are_refused() -> None:
    with pytest.raises(ValueError, match="too few players"):
        players.opinions(["alone@samovar.example"])


def test_players_wish_for_what_there_is() -> None:
    apps = {line.page.slug for line in LINES_READ if isinstance(line, AppLine)}
    assert {slug for player in players.people().player for slug in player.wishes} <= apps


def test_the_studio_of_the_showcase_is_right_in_law_and_nobody() -> None:
    told = studio.read()
    legal = msgspec.convert(studio.legal_body(told), LegalDetails)
    numbers = Numbers(legal_form=legal.legal_form, inn=legal.inn, kpp=legal.kpp, ogrn=legal.ogrn)
    assert legal_faults(numbers, has_name=True) == []
    payee = msgspec.convert(studio.payee_body(told), PayeeDetails)
    named = {name: getattr(payee, name) for name in Identity.__struct_fields__}
    assert payee_faults(Identity(**named)) == []
    assert payee.inn.startswith("0000")
    assert payee.contract_date < NOW.date()
    assert told.owner in {player.login for player in players.people().player}
