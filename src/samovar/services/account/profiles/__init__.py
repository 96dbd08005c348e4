"""Profiles: what people say of themselves, and what others see of it."""
