"""Where pictures of the platform lie: a browser knows, a window must be told."""

_origin = ""


def lie_at(origin: str) -> None:
    """Let the addresses of pictures begin with the platform's own, from now on and in all of this process."""
    global _origin  # noqa: PLW0603  A process shows one platform.
    _origin = origin.rstrip("/")


def picture_at(url: str) -> str:
    """Return the address of a picture that the platform has named by a path: `/v1/media/…`."""
    return f"{_origin}{url}" if url.startswith("/") else url
