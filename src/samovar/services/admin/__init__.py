"""Moderation and operations: cases, sanctions, appeals, four-eyes changes, audit."""
