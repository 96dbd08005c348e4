"""What is made from the services' declarations; each module returns files, `samovar generate` writes or compares them."""
