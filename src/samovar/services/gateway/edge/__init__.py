"""What stands beside Envoy in Python: whole-response cache, aggregates, cluster-wide limits."""
