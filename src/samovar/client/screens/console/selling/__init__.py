"""What is sold on the page of an app."""
