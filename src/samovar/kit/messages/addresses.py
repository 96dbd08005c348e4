"""Mail addresses and phone numbers, each in the one form in which it is kept and compared."""

import unicodedata

import idna
import phonenumbers

ADDRESS_LENGTH_MAX = 254
_LOCAL_PART_BYTES_MAX = 64
# RFC 5322, section 3.2.3 (`atext`), without quoted forms: nobody types them and they hide look-alikes.
_LOCAL_PART_SIGNS = frozenset("!#$%&'*+/=?^_`{|}~-.")


class NoAddress(ValueError):
    """The text is no address of its kind."""


def normal_email(text: str) -> str:
    """Return a mail address in lower case, its domain in the ASCII form.

    Raises:
        NoAddress: It is not one.
    """
    text = unicodedata.normalize("NFC", text.strip())
    local, _, domain = text.rpartition("@")
    # The dot of the root (RFC 1034, section 3.1) leads to the same mailbox.
    domain = domain.removesuffix(".")
    is_local = (
        0 < len(local.encode()) <= _LOCAL_PART_BYTES_MAX
        and all(sign in _LOCAL_PART_SIGNS or sign.isalnum() for sign in local)
        and not local.startswith(".")
        and not local.endswith(".")
        and ".." not in local
    )
    try:
        ascii_domain = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        ascii_domain = ""
    address = f"{local.lower()}@{ascii_domain}"
    if not is_local or "." not in ascii_domain or len(address) > ADDRESS_LENGTH_MAX:
        raise NoAddress("no mail address")
    return address


def normal_phone(text: str, region: str) -> str:
    """Return a phone number in E.164; one without a country code belongs to `region`.

    Raises:
        NoAddress: No such number can exist.
    """
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise NoAddress("no phone number") from None
    if not phonenumbers.is_valid_number(number):
        raise NoAddress("no phone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def country_of(phone: str) -> str | None:
    """Return the country of a number in E.164, ISO 3166-1 alpha-2; none for those of no country (satellite phones)."""
    region = phonenumbers.region_code_for_number(phonenumbers.parse(phone))
    return region if region and region.isalpha() else None
