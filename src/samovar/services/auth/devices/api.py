"""REST: one's devices."""

from uuid import UUID

from samovar.kit.errors import NotFound, PreconditionFailed
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import RateLimit, delete, get, patch
from samovar.services.auth.devices.schemas import DeviceChange, DeviceSeen
from samovar.services.auth.devices.use_cases import Devices
from samovar.services.auth.schemas import BODY_BYTES_MAX, FRESH


@get("/v1/auth/devices", auth="player")
async def list_devices(
    caller: Caller, devices: Devices, limit: Limit = LIMIT_DEFAULT, cursor: str | None = None
) -> Page[DeviceSeen]:
    """List the devices on which the caller has signed in, the last seen first."""
    return await devices.page(caller, limit=limit, cursor=cursor)


@get("/v1/auth/devices/{device_id:uuid}", auth="player", etag=True, raises=(NotFound,))
async def show_device(device_id: UUID, caller: Caller, devices: Devices) -> DeviceSeen:
    """Show one of the caller's devices."""
    return await devices.show(caller, device_id)


@patch(
    "/v1/auth/devices/{device_id:uuid}",
    auth="player",
    etag=True,
    rate_limit=RateLimit(60, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(NotFound, PreconditionFailed),
)
async def rename_device(
    device_id: UUID, data: DeviceChange, caller: Caller, devices: Devices, if_match: IfMatch = None
) -> DeviceSeen:
    """Give a device a name."""
    return await devices.rename(caller, device_id, data.name, if_match=if_match)


@delete("/v1/auth/devices/{device_id:uuid}", auth="player", step_up=FRESH, raises=(NotFound,))
async def forget_device(device_id: UUID, caller: Caller, devices: Devices) -> None:
    """Forget a device: its sessions end, and it is trusted no more."""
    await devices.forget(caller, device_id)
