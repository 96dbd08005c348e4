"""Envoy's configuration, made from the services' contracts."""
