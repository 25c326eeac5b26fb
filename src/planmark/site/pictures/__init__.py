"""Pictures: a deal's images as pages show them, first pages of its documents, the card that a shared link shows.

Nothing in here imports Pillow or a PDF library before something has to be drawn: what was drawn once lies in the store.
"""
