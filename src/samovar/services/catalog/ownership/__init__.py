"""Ownership: which apps a person has, as library told."""
