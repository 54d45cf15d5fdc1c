"""One command a file, each a function that returns its exit code; imports wait inside it."""
