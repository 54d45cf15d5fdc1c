"""What of a program is public, and how: the whitelist that every page and feed is made from."""
