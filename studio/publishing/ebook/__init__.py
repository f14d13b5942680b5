"""Books without paper: sides as HTML, the web book, EPUB, and reading aloud."""
