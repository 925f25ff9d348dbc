"""The rules of introductions, whatever people do in whatever order."""
