"""The tests of Onward."""
