"""Internet radio: bytes fetched by our own client from addresses that are checked, decoded as a file's are."""
