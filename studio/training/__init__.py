"""Teaching the base model a character or a style: DreamBooth-LoRA from photos, LoRA from captioned pictures."""
