"""Numbers about pictures: who is in them, and how like they are to somebody."""
