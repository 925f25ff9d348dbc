"""The platforms: one package each, of two pure converters and a thin client."""
