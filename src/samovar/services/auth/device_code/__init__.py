"""Sign-in of a device that has no keyboard, or no browser: a code or a QR code, approved on a device that is signed in (RFC 8628)."""
