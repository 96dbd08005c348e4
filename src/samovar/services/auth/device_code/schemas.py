"""The shapes of letting another device in, as they travel, and who lets it in."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.auth.device_code.domain import NUMBER_MAX, NUMBER_MIN
from samovar.services.auth.grants.schemas import FIELD_LENGTH_MAX
from samovar.services.auth.schemas import TOKEN_LENGTH_MAX, Confidential, DeviceName, DeviceToken

DeviceCode = Annotated[str, Meta(max_length=TOKEN_LENGTH_MAX)]
_Field = Annotated[str, Meta(max_length=FIELD_LENGTH_MAX)]
Number = Annotated[int, Meta(ge=NUMBER_MIN, le=NUMBER_MAX)]


class DeviceStart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A device that wants to be signed in by another one."""

    device_name: DeviceName | None = None


class DeviceStarted(Confidential, frozen=True, kw_only=True):
    """What to show on the new device, and what to poll with (RFC 8628, section 3.2).

    Attributes:
        device_code: For polling; never shown.
        user_code: For people to type at `verification_uri`.
        verification_uri_complete: The same with the code in it, which is also in `qr_svg`.
        expires_in: For how long, in seconds.
        interval: How long to wait between two polls, in seconds; `slow_down` adds 5 to it.
        match_number: Two digits to show beside the code: the other device asks which number stands here.
        qr_svg: A picture to put into a page as it is.
    """

    device_code: str
    user_code: str
    verification_uri: str
    verification_uri_complete: str
    expires_in: int
    interval: int
    match_number: int
    qr_svg: str


class DevicePoll(Confidential, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The new device asks whether somebody has said yes."""

    device_code: DeviceCode
    device_token: DeviceToken | None = None


class DeviceClient(msgspec.Struct, frozen=True, kw_only=True):
    """The program on the new device.

    Attributes:
        developer_name: Who made it; none for the platform's own.
        scopes: What it wants to know; nothing for the platform's own, which sign the person in.
    """

    name: str
    developer_name: str | None
    is_first_party: bool
    scopes: tuple[str, ...]


class DeviceRequestSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A device that wants in, as the one who decides sees it.

    Attributes:
        address: The network address of the device.
        is_same_network: It is in the network from which this was asked: a hint, no proof.
        numbers: One of them stands on the screen of the device.
    """

    id: UUID
    user_code: str
    client: DeviceClient
    device_name: str
    address: str
    is_same_network: bool
    numbers: tuple[int, ...]
    requested_at: datetime
    expires_at: datetime


class DeviceApproval(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A yes, with the number that stands on the screen of the new device."""

    number: Number


class DeviceDenial(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A no.

    Attributes:
        is_not_me: The person did not begin this: somebody sent them the code.
    """

    is_not_me: bool = False


class DeviceAuthorization(Confidential, frozen=True, kw_only=True):
    """What a client sends to the device authorization endpoint (RFC 8628, section 3.1).

    Attributes:
        device_name: An addition of ours: what a person would call the device.
    """

    client_id: _Field | None = None
    client_secret: _Field | None = None
    scope: _Field | None = None
    device_name: DeviceName | None = None


class Approver(msgspec.Struct, frozen=True):
    """Who decides, and in which session."""

    account_id: UUID
    session_id: UUID


class BrowserApprover(msgspec.Struct, frozen=True, kw_only=True):
    """Who sits at a browser.

    Attributes:
        login: What they sign in with, to be shown to them.
        proved_at: When they last showed who they are.
    """

    approver: Approver
    login: str
    proved_at: datetime
