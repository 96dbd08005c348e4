"""What third parties call an account: another name for each developer, so that they cannot compare notes (OIDC Core, section 8.1)."""

import base64
import hashlib
import hmac
from uuid import UUID


def subject_of(salt: bytes, sector: str, account_id: UUID) -> str:
    """Return the name of an account within a sector. The installation's salt never changes, so it never does either."""
    mac = hmac.digest(salt, sector.encode() + b"\0" + account_id.bytes, hashlib.sha256)
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def sector_of_organisation(organisation_id: UUID) -> str:
    """Return the sector that all programs of an organisation share."""
    return f"organisation/{organisation_id}"
