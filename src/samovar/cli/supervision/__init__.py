"""What `samovar up` is made of: the servers and services of one machine, kept running, heard and stopped together."""
