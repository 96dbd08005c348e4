"""What is typed into the search: suggestions come for what stands there now, and arrow keys go through them."""

from samovar.client.api.catalog import Suggestion, Suggestions
from samovar.client.state.store.seeking import Seeking

FOUND = Suggestions([Suggestion("game", "Зимник", "zimnik"), Suggestion("tag", "Зима", "winter")])


def test_arrow_keys_go_through_the_suggestions_and_back_to_the_words() -> None:
    seeking = Seeking()
    seeking.write("зим", "/")
    seeking.offer(FOUND)
    led = []
    for by in (1, 1, 1, -1, -1):
        seeking.step(by)
        led.append(seeking.choice.name if seeking.choice else None)
    assert led == ["Зимник", "Зима", None, "Зима", "Зимник"]


def test_a_letter_more_forgets_which_one_was_chosen() -> None:
    seeking = Seeking()
    seeking.write("зим", "/")
    seeking.offer(FOUND)
    seeking.step(1)
    assert seeking.write("зима", "/")
    assert seeking.choice is None
    assert not seeking.is_at("зим", "/")


def test_a_single_letter_means_nothing_and_closes_the_list() -> None:
    seeking = Seeking()
    seeking.write("зим", "/")
    seeking.offer(FOUND)
    assert not seeking.write("з ", "/")
    assert seeking.found.items == []


def test_without_suggestions_arrow_keys_lead_nowhere() -> None:
    seeking = Seeking()
    seeking.step(1)
    seeking.step(-1)
    assert seeking.choice is None


def test_what_was_typed_stays_at_its_address_until_it_is_sent() -> None:
    seeking = Seeking()
    seeking.write("зим", "/")
    assert seeking.written("/") == "зим"
    assert seeking.written("/cart") is None
    seeking.send()
    assert seeking.written("/") is None
