"""Contents, as clients fetch them."""
