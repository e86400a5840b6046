"""What a browser needs to answer by itself and without a network: files, no requests."""
