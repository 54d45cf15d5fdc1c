"""The public register as a static site: pages, data, feeds, and the languages they come in."""
