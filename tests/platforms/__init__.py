"""Servers on loopback that speak the wire protocols of the platforms, and tests against them."""
