"""What makes a plan fit for paper: its fonts, its links and marks, its layout, and the guard against one that never ends."""
