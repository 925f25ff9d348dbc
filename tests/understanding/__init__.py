"""Labelled lines for understanding: `train` to learn from, `eval` to be measured on, written apart in other voices."""
