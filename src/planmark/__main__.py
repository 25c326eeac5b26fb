"""`python -m planmark`: the same as the console script."""

from planmark.cli import main

if __name__ == "__main__":
    main()
