"""Families: who may play what another of the family owns."""
