"""What must not leave this computer by mistake, and how finished files are looked into before they do."""
