"""gRPC between services: what a service answers, and the channels through which it asks others."""
