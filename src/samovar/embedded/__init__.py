"""PostgreSQL, Redis, NATS and Envoy out of their wheels: start, ready, stop, address. Nothing else."""
