"""LoRAs: their cards, the shelf they stand on, checking, putting on and taking off."""
