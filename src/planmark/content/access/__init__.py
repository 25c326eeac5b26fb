"""Who may open a protected plan: their slots and what is kept of their passphrases, and the commands' work on both."""
