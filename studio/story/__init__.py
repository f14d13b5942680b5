"""From a story to prompts: the words (Story, Scene, Cast, Prompt), the splitter, the plain writer, the composer."""
