"""State that screens watch: the window's steps, the messages, who is signed in."""

from samovar.client.state.account import Account
from samovar.client.state.toasts import TOASTS_MAX, Toasts
from samovar.client.state.window import Window


def test_a_window_has_three_kinds() -> None:
    window = Window()
    kinds = []
    for width in (360, 719, 720, 1099, 1100, 1920):
        window.measure(width)
        kinds.append(window.kind)
    assert kinds == ["phone", "phone", "tablet", "tablet", "desktop", "desktop"]


def test_a_few_pixels_draw_nothing_anew() -> None:
    window = Window()
    window.measure(1200)
    before = (window.kind, window.width)
    window.measure(1210)
    assert (window.kind, window.width) == before
    window.measure(700)
    assert (window.kind, window.width) == ("phone", 680)


def test_the_oldest_message_makes_room() -> None:
    toasts = Toasts()
    made = [toasts.add(str(number), "info") for number in range(TOASTS_MAX + 1)]
    assert [toast.text for toast in toasts.shown] == ["1", "2", "3"]
    toasts.drop(made[2])
    toasts.drop(made[0])
    assert [toast.text for toast in toasts.shown] == ["1", "3"]


def test_an_account_is_entered_and_left() -> None:
    account = Account()
    assert (account.standing, account.is_player) == ("unknown", False)
    account.enter("1", "Марфа", ("developer",))
    assert account.is_player
    account.leave()
    assert (account.standing, account.display_name, account.roles) == ("stranger", "", ())
