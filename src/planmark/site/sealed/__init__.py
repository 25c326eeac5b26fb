"""Protected sites: every file of a deal sealed, behind a page that asks for a passphrase or is opened by a link."""
