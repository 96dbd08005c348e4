"""Names, put together."""

from samovar.kit.events import consumers_in
from samovar.services.notification.names import consumers

CONSUMERS = consumers_in(consumers)
