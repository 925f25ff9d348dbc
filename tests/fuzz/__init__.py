"""Random inputs for everything that reads what others wrote, and what has to hold for each of them."""
