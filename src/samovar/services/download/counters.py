"""What of delivery an operator should see: what is served, what is made in the background, and what is cleared away."""

from prometheus_client import Counter, Gauge

CONTENT_BYTES = Counter(
    "samovar_download_content_bytes_total", "Bytes of contents that were sent, by kind of object.", ["kind"]
)
PLANS = Counter(
    "samovar_download_plans_total", "Plans by where they came from: `kept`, `made`, `failed`.", ["outcome"]
)
DELTAS = Counter(
    "samovar_download_deltas_total",
    "Pairs of builds between which deltas were made: `made`, `failed`.",
    ["outcome"],
)
DELTA_BYTES = Counter("samovar_download_delta_bytes_total", "Bytes of the deltas that were made.")
SETTLED = Counter(
    "samovar_download_settled_total",
    "Groups of packs that were compressed again: `done`, `failed`, `gone` (nobody needs them any more).",
    ["outcome"],
)
SETTLED_BYTES = Counter(
    "samovar_download_settled_bytes_total",
    "Bytes of packs `before` and `after` they were compressed again.",
    ["when"],
)
UNSETTLED_PACKS = Gauge(
    "samovar_download_unsettled_packs",
    "Packs of builds that wait to be compressed again, by what comes of them: `waiting`, `given_up`.",
    ["state"],
)
WASTE_OBJECTS = Counter(
    "samovar_download_waste_objects_total", "Objects whose bytes were deleted, by kind.", ["kind"]
)
WASTE_WAITING = Gauge(
    "samovar_download_waste_waiting", "Objects that nothing names and whose bytes are still there."
)
