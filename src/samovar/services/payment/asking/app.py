"""What payment hears from others, put together."""

from samovar.kit.events import consumers_in
from samovar.services.payment.asking import consumers

CONSUMERS = consumers_in(consumers)
