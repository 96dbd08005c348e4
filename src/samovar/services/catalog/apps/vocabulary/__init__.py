"""The words and people that pages name, as people see them."""
