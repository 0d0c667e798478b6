"""Files into returns: read cells with their addresses, check them, hand them to the store's door."""
