"""Where a page should be and its service is away, people get a page that starts the client, and programs a problem."""

from uuid import uuid4

from tests.services.gateway.conftest import Answer, Gateway

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def page() -> str:
    """Return a page that nobody has asked for."""
    return f"/showcase/{uuid4().hex}"


def is_page(answer: Answer, sentence: str) -> bool:
    """Return whether it is the page, in the language of a sentence."""
    text = answer.body.decode()
    guarded = "default-src 'none'" in answer.headers["content-security-policy"]
    is_html = answer.headers["content-type"].startswith("text/html")
    return is_html and guarded and sentence in text and 'src="/client/boot.js"' in text


async def test_people_get_a_page_and_programs_a_problem(gateway: Gateway) -> None:
    path = page()
    await gateway.shop.stop()
    try:
        russian = await gateway.ask(path, headers=BROWSER)
        english = await gateway.ask(path, headers=BROWSER | {"accept-language": "en"})
        program = await gateway.ask(path)
        of_the_api = await gateway.ask(f"/v1/shelves/{uuid4().hex}", headers=BROWSER)
    finally:
        await gateway.shop.start()
    assert (russian.status, english.status) == (503, 503)
    assert is_page(russian, "Временно недоступно")
    assert is_page(english, "Temporarily unavailable")
    assert russian.headers["cache-control"] == "no-store"
    assert russian.headers["retry-after"].isdigit()
    # The way to ask again leads to the same page.
    assert f'href="{path}"' in russian.body.decode()
    assert program.body["code"] == of_the_api.body["code"] == "service.unavailable"


async def test_a_service_that_says_itself_that_it_is_away_is_away_for_people(gateway: Gateway) -> None:
    answer = await gateway.ask(f"{page()}?status=503", headers=BROWSER)
    assert is_page(answer, "Временно недоступно")


async def test_what_is_not_there_is_said_by_the_service(gateway: Gateway) -> None:
    answer = await gateway.ask(f"{page()}?status=404", headers=BROWSER)
    assert answer.status == 404
    assert not answer.headers["content-type"].startswith("text/html")


async def test_a_page_comes_back_with_its_service(gateway: Gateway) -> None:
    path = page()
    await gateway.shop.stop()
    try:
        assert (await gateway.ask(path, headers=BROWSER)).status == 503
    finally:
        await gateway.shop.start()
    assert (await gateway.ask(path, headers=BROWSER)).status == 200
