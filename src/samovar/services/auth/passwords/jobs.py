"""What passwords need by the clock."""

from samovar.kit.workers import every
from samovar.services.auth.passwords.use_cases import PasswordSetting


@every(1, alone=False)
async def send_reset_letters(password_setting: PasswordSetting) -> None:
    """Answer those who forgot their passwords."""
    await password_setting.answer_requests()


@every(3_600)
async def forget_old_passwords(password_setting: PasswordSetting) -> None:
    """Delete former passwords and permissions to reset that are of no more use."""
    await password_setting.forget_old()
