"""The screens of developers."""
