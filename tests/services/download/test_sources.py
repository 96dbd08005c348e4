"""Where a device fetches from: mirrors nearby first, the platform itself, far ones last."""

from samovar.services.download.queue.sources import sources
from samovar.services.download.settings import Mirror
from tests.services.download.depot import Depot

MIRRORS = [
    Mirror(origin="https://kz.example", regions=("kz",)),
    Mirror(origin="https://spb.example", regions=("ru-spe", "ru-len")),
    Mirror(origin="https://all.example"),
    Mirror(origin="https://msk.example", regions=("ru-mow",)),
]


def order(region: str | None) -> list[str]:
    found = sources(MIRRORS, "/content/t/", region)
    assert all(one.endswith("/content/t/") for one in found)
    return [one.removeprefix("https://").partition(".")[0] for one in found]


def test_what_is_near_comes_first_and_what_is_far_after_the_platform() -> None:
    assert order("ru-spe") == ["spb", "msk", "all", "/content/t/", "kz"]
    assert order("ru") == ["spb", "msk", "all", "/content/t/", "kz"]
    assert order("kz") == ["kz", "all", "/content/t/", "spb", "msk"]
    assert order(None) == ["all", "/content/t/", "kz", "spb", "msk"]


async def test_an_order_names_its_sources_and_a_region_that_is_none_is_refused(depot: Depot) -> None:
    studio = await depot.studio()
    await studio.branch(await studio.push({"a": b"a"}))
    player = depot.player(studio)
    told = (await player.order(region="ru-spe")).body
    assert told["sources"] == [told["content_base_url"]]
    refused = await player.order(region="Питер")
    assert refused.status == 422
    assert "region" in str(refused.body)
