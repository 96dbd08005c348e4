"""The gateway: the one door from outside, Envoy for the bytes and a little Python for what Envoy cannot."""
