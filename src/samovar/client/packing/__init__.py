"""Lays down the folder out of which `flet build` makes the applications for Windows, macOS, Linux, Android and iOS."""
