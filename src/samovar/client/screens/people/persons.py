"""A person's page: who they are, and what they are to the player."""

from uuid import UUID

import msgspec

from samovar.client.api.account.friends import Blocking, Circle, Friend, Request
from samovar.client.api.account.profiles import Profile, Profiles
from samovar.client.api.calls import Calls
from samovar.client.state.people.standing import Standing, is_code, named_so
from samovar.sdk.errors import Refused

_NOT_FOUND = 404


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody, with what is needed to change how they stand to the player."""

    profile: Profile
    standing: Standing
    friend: Friend | None = None
    request: Request | None = None


async def person_of(calls: Calls, me: str, who: str) -> Person:
    """Return somebody by the end of their address.

    Args:
        calls: As the player.
        me: The player's own id.
        who: An id, or a unique name.

    Raises:
        SdkError: `account.not_found` also where they hide from the player.
    """
    account_id = who
    if not is_code(who):
        found = named_so(await Profiles(calls).find(who), who)
        # The platform says that there is nobody, in the player's language.
        account_id = found.account_id if found else str(UUID(int=0))
    try:
        profile = await Profiles(calls).profile(account_id)
    except Refused as error:
        blocked = await _blocked(calls, account_id) if error.status == _NOT_FOUND else None
        if blocked is None:
            raise
        return blocked
    if profile.account_id == me:
        return Person(profile=profile, standing="self")
    circle = Circle(calls)
    friend = await circle.friend(account_id)
    if friend is not None:
        return Person(profile=profile, standing="friend", friend=friend)
    incoming = await circle.request_with(account_id, "incoming")
    if incoming is not None:
        return Person(profile=profile, standing="incoming", request=incoming)
    outgoing = await circle.request_with(account_id, "outgoing")
    if outgoing is not None:
        return Person(profile=profile, standing="outgoing", request=outgoing)
    return Person(profile=profile, standing="stranger")


async def _blocked(calls: Calls, account_id: str) -> Person | None:
    """Return somebody whom the player blocks: neither sees the other then, but the block can be lifted."""
    page = await Blocking(calls).blocks()
    for one in page.items:
        if one.account_id == account_id:
            shown = Profile(
                account_id=one.account_id,
                display_name=one.display_name,
                avatar_url=one.avatar_url,
                name=one.name,
            )
            return Person(profile=shown, standing="blocked")
    return None
