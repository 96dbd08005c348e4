"""What signing in by another device needs by the clock."""

from samovar.kit.workers import every
from samovar.services.auth.device_code.use_cases import DeviceSignIn


@every(600)
async def forget_old_device_requests(device_sign_in: DeviceSignIn) -> None:
    """Delete requests that ran out a while ago."""
    await device_sign_in.forget_old()
