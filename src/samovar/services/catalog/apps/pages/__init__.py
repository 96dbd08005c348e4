"""Pages as people see them: one app, its DLC, its changelog, and the entries of lists."""
