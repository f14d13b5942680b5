"""What is kept on disk: books, characters, the trash, thumbnails, and the check of them all."""
