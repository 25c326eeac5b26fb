"""Every state that a plan's page can be in, as sites of their own: for people to look at, and for tests that judge every theme alike."""
