"""Recommendations: what a person may like by the tags of what they have and want, with the reason for each."""
