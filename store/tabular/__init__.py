"""Tables in files: what people keep in spreadsheets, read row by row."""
