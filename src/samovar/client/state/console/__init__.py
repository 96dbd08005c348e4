"""What the screens of developers show, without Flutter."""
