"""Forms keep what was typed and show what is wrong, until it is mended."""

from samovar.client.state.forms import Form


def counted() -> tuple[Form, list[int]]:
    drawn: list[int] = []
    form = Form(changed=lambda: drawn.append(1))
    return form, drawn


def test_typing_draws_nothing_anew_unless_an_error_goes() -> None:
    form, drawn = counted()
    form.write("email", "a@b.ru")
    assert not drawn
    form.errors["email"] = "Нет"
    form.write("email", "a@c.ru")
    assert len(drawn) == 1
    assert form.errors == {}


def test_empty_fields_are_named() -> None:
    form, drawn = counted()
    form.write("email", "  ")
    assert not form.require(("email", "password"), "Заполните")
    assert form.errors == {"email": "Заполните", "password": "Заполните"}
    assert len(drawn) == 1
    form.write("email", "a@b.ru")
    form.write("password", "x")
    assert form.require(("email", "password"), "Заполните")


def test_a_failure_is_told_once_and_what_was_mended_since_stays_mended() -> None:
    form, _ = counted()
    first, second = object(), object()
    form.refuse(first, {"email": "Занята", "password": "Коротко"})
    form.write("email", "a@b.ru")
    form.refuse(first, {"email": "Занята", "password": "Коротко"})
    assert form.errors == {"password": "Коротко"}
    form.refuse(second, {"email": "Занята"})
    assert form.errors == {"email": "Занята"}


def test_the_keyboard_moves_to_the_first_wrong_field_of_each_try() -> None:
    form, _ = counted()
    form.places |= {"email": "the address", "password": "the password"}
    assert form.tell({})
    assert form.moves == 0
    assert not form.tell({"password": "Коротко", "terms": "Нужно согласие"})
    assert (form.moves, form.standing()) == (1, "the password")
    form.refuse(object(), {"password": "Коротко", "email": "Занята"})
    assert (form.moves, form.standing()) == (2, "the address")
    form.refuse(object(), {})
    assert form.moves == 2


def test_the_keyboard_moves_once_to_a_field_that_was_asked_for() -> None:
    form, drawn = counted()
    form.places |= {"name": "the name", "code": "the code"}
    form.tell({"name": "Заполните"})
    form.seek("code")
    assert (len(drawn), form.moves, form.standing()) == (2, 2, "the code")
    assert form.standing() == "the name"


def test_a_box_is_ticked_and_unticked() -> None:
    form, _ = counted()
    form.choose("terms", chosen=True)
    assert form.chosen("terms")
    form.choose("terms", chosen=False)
    assert not form.chosen("terms")


def test_a_web_address_needs_no_scheme() -> None:
    form = Form(values={"bare": " chaj.example ", "whole": "http://chaj.example", "none": ""})
    assert [form.address(one) for one in form.values] == ["https://chaj.example", "http://chaj.example", ""]
