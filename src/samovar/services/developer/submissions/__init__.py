"""From a draft to the store: what developers submit, moderators decide, and the clock releases."""
