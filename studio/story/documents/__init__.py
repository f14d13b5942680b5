"""Stories that come in documents: Word, EPUB and PDF, opened in a child process that is held to time and memory."""
