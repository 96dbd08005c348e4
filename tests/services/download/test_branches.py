"""A branch gives one build to all, or to a part; it is stopped and taken back, and clients are not deceived about which is newer."""

from itertools import pairwise
from uuid import UUID, uuid4

import pytest

from samovar.services.download.branches.domain import hash_password, is_in_rollout, is_password
from tests.services.download.depot import Depot


async def test_a_password_opens_its_branch_and_can_be_taken_away(depot: Depot) -> None:
    studio = await depot.studio()
    main, beta = await studio.push({"a": b"main"}), await studio.push({"a": b"beta"})
    await studio.branch(main)
    changed = await studio.branch(beta, "beta", password="ложка-чая")
    assert changed.body["has_password"] is True
    player = depot.player(studio)
    for wrong in (None, "другой пароль"):
        answer = await player.order(branch="beta", branch_password=wrong)
        assert (answer.status, answer.body["code"]) == (403, "download.branch_password_wrong")
    assert await player.take(branch="beta", branch_password="ложка-чая") == {"a": b"beta"}
    offered = await depot.download.request(
        "GET", f"/v1/games/{studio.app_id}/branches", account_id=player.account_id
    )
    assert [(one["name"], one["has_password"], one["number"]) for one in offered.body] == [
        ("beta", True, 2),
        ("main", False, 1),
    ]
    assert (await studio.branch(beta, "beta")).body["has_password"] is True
    assert (await studio.branch(beta, "beta", password=None)).body["has_password"] is False
    assert await depot.player(studio).take(branch="beta") == {"a": b"beta"}


async def test_passwords_are_not_guessed_for_long(depot: Depot) -> None:
    studio = await depot.studio()
    await studio.branch(await studio.push({"a": b"a"}), "beta", password="ложка-чая")
    player = depot.player(studio)
    answers = [(await player.order(branch="beta", branch_password=f"нет {n}")).status for n in range(11)]
    assert answers == [403] * 10 + [429]


async def test_a_rollout_reaches_a_part_and_is_stopped(depot: Depot) -> None:
    studio = await depot.studio()
    old, new = await studio.push({"a": b"old"}), await studio.push({"a": b"new"})
    await studio.branch(old)
    assert (await studio.branch(new, percent=50)).body["previous_build_id"] == old
    inside, outside = depot.player(studio), depot.player(studio)
    while not is_in_rollout(studio.app_id, "main", UUID(new), inside.account_id, 50):
        inside = depot.player(studio)
    while is_in_rollout(studio.app_id, "main", UUID(new), outside.account_id, 50):
        outside = depot.player(studio)
    assert await inside.take() == {"a": b"new"}
    assert await outside.take() == {"a": b"old"}
    stopped = await studio.branch(new, percent=50, is_stopped=True)
    assert (stopped.body["is_stopped"], stopped.body["previous_build_id"]) == (True, old)
    late = depot.player(studio)
    while not is_in_rollout(studio.app_id, "main", UUID(new), late.account_id, 50):
        late = depot.player(studio)
    assert await late.take() == {"a": b"old"}
    assert await inside.take() == {"a": b"new"}
    await studio.branch(old, note="вернули прежнюю")
    assert await inside.take() == {"a": b"old"}
    history = await studio.ask("GET", f"/v1/dev/apps/{studio.app_id}/branches/main/history")
    assert [(one["sequence"], one["build_id"]) for one in history.body["items"]] == [
        (4, old),
        (3, new),
        (2, new),
        (1, old),
    ]


async def test_whoever_is_outside_a_rollout_gets_what_all_had_and_not_what_was_stopped(depot: Depot) -> None:
    studio = await depot.studio()
    good, broken, mended = [await studio.push({"a": text}) for text in (b"good", b"broken", b"mended")]
    await studio.branch(good)
    await studio.branch(broken, percent=50)
    await studio.branch(broken, percent=50, is_stopped=True)
    assert (await studio.branch(mended, percent=50)).body["previous_build_id"] == good
    outside = depot.player(studio)
    while is_in_rollout(studio.app_id, "main", UUID(mended), outside.account_id, 50):
        outside = depot.player(studio)
    assert await outside.take() == {"a": b"good"}
    assert (await studio.branch(mended)).body["previous_build_id"] is None
    assert await outside.take() == {"a": b"mended"}


async def test_the_same_again_is_no_change(depot: Depot) -> None:
    studio = await depot.studio()
    build_id = await studio.push({"a": b"a"})
    first, second = await studio.branch(build_id), await studio.branch(build_id)
    assert first.body == second.body


async def test_a_game_without_a_build_says_that_there_is_nothing_to_download(depot: Depot) -> None:
    studio = await depot.studio()
    asked = await depot.player(studio).order()
    assert (asked.status, asked.body["code"]) == (404, "download.nothing_to_download")
    assert (await depot.player(studio).order(branch="beta")).body["code"] == "download.branch_not_found"


async def test_the_main_branch_stays_and_others_go(depot: Depot) -> None:
    studio = await depot.studio()
    build_id = await studio.push({"a": b"a"})
    await studio.branch(build_id)
    await studio.branch(build_id, "beta")
    path = f"/v1/dev/apps/{studio.app_id}/branches"
    kept = await studio.ask("DELETE", f"{path}/main")
    assert (kept.status, kept.body["code"]) == (409, "download.branch_kept")
    assert (await studio.branch(build_id, password="ложка-чая")).body["code"] == "download.branch_kept"
    assert (await studio.ask("DELETE", f"{path}/beta")).status == 204
    gone = await studio.ask("DELETE", f"{path}/beta")
    assert (gone.status, gone.body["code"]) == (404, "download.branch_not_found")
    assert (await depot.player(studio).order(branch="beta")).body["code"] == "download.branch_not_found"
    # A branch of the same name goes on counting, else clients would take it for a rollback.
    assert (await studio.branch(build_id, "beta")).body["sequence"] == 2


async def test_a_branch_gives_builds_of_its_own_app(depot: Depot) -> None:
    studio, other = await depot.studio(), await depot.studio()
    build_id = await other.push({"a": b"a"})
    for wrong in (build_id, str(uuid4())):
        refused = await studio.branch(wrong)
        assert (refused.status, refused.body["code"]) == (422, "download.build_unfit")


def test_a_rollout_takes_its_share_and_grows_without_losing_anybody() -> None:
    app_id, build_id = uuid4(), uuid4()
    people = [UUID(int=number) for number in range(4_000)]
    sets = [
        {one for one in people if is_in_rollout(app_id, "main", build_id, one, percent)}
        for percent in (1, 10, 50, 99, 100)
    ]
    assert all(less <= more for less, more in pairwise(sets))
    assert len(sets[-1]) == len(people)
    assert 300 < len(sets[1]) < 500
    assert 1_850 < len(sets[2]) < 2_150


@pytest.mark.parametrize("other", ["", "ложка-чая ", "Ложка-чая"])
def test_a_password_is_kept_as_a_hash_alone(other: str) -> None:
    kept = hash_password("ложка-чая", b"s" * 16)
    assert "ложка" not in kept
    assert kept != hash_password("ложка-чая", b"t" * 16)
    assert is_password(kept, "ложка-чая")
    assert not is_password(kept, other)
