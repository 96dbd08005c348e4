"""Where a device fetches contents: mirrors in its region first, the platform itself, and mirrors elsewhere when nothing else answers."""

from collections.abc import Sequence

from samovar.services.download.settings import Mirror

FAR = 3


def sources(mirrors: Sequence[Mirror], base_path: str, region: str | None) -> list[str]:
    """Return what stands in front of the keys of objects, in the order in which a client that knows nothing yet tries.

    Args:
        mirrors: All that there are.
        base_path: Below the platform's own origin.
        region: Where the device is, `ru` or `ru-spe`; a mirror in the same country is nearer than one without a region.
    """

    def distance(mirror: Mirror) -> int:
        if region is not None and region in mirror.regions:
            return 0
        countries = {one[:2] for one in mirror.regions}
        if region is not None and region[:2] in countries:
            return 1
        return FAR if mirror.regions else 2

    near = sorted((one for one in mirrors if distance(one) < FAR), key=distance)
    far = [one.origin + base_path for one in mirrors if distance(one) == FAR]
    return [*(one.origin + base_path for one in near), base_path, *far]
