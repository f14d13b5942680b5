"""Pictures: what identifies one, how it is denoised, how it is kept."""
