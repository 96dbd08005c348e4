"""A wish becomes one for a friend, and one for oneself again."""

from samovar.client.api.payment import Item
from samovar.client.state.purchase.giving import given


def test_a_wish_becomes_one_for_a_friend_and_back() -> None:
    own = Item(package_id="p")
    gift = given(own, "marfa")
    assert gift == Item(package_id="p", gift_to="marfa")
    assert given(gift, None) == own


def test_a_message_stays_with_whom_it_was_written_to() -> None:
    gift = Item(package_id="p", gift_to="marfa", message="С праздником")
    assert given(gift, "marfa").message == "С праздником"
    assert given(gift, "ivan").message is None
    assert given(gift, None).message is None
