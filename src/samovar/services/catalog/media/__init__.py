"""Media: the pictures of pages, painted anew, kept by their content."""
