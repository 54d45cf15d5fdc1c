"""Ways round the guards that the search for them found, each closed for good."""
