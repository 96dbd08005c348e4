"""The client as a window of this machine: the same screens, without a browser and without a process behind a gateway."""
