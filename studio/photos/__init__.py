"""Photos: the door through which every picture of a person enters, clean and upright."""
