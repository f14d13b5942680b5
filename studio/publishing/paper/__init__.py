"""Files for paper and screens: PDF, its tags and boxes, booklets, the inks of a press, and what a printer would find."""
