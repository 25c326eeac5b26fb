"""How much of everything the receiver takes. What a team may want otherwise is a setting in `config.py`."""

from __future__ import annotations

KIB, MIB = 1 << 10, 1 << 20

BODY_BYTES = 12 * MIB
"""A submission with its files, as it is sent."""
FORM_BYTES = MIB
"""A submission without files, and a JSON body."""
REGISTRATION_BYTES = 4 * MIB
DRAINED_BYTES = 32 * MIB
"""What is too large is still read so far and thrown away, so that the sender hears why; then the connection is cut."""
HELD_BYTES = 256 * MIB
"""All bodies that are being read or looked through at one time."""
BODY_SECONDS = 30.0
"""A body that has not come within this time is cut off."""
HEAD_SECONDS = 10.0
"""The same of a request's head."""
HEAD_BYTES = 16 * KIB
HEADERS = 80

FIELDS = 40
FIELD_BYTES = 100_000
FIELD_NAME_BYTES = 100
FILES = 5
FILE_BYTES = 10 * MIB
FILE_NAME = 150
"""Characters."""
ZIP_MEMBERS = 5_000
ZIP_BYTES = 200 * MIB
"""What an office document may hold, unpacked."""
ZIP_RATIO = 200
"""How many times larger it may become where it unpacks to more than `ZIP_FREELY`."""
ZIP_FREELY = 20 * MIB
ZIP_LOOKED_AT = MIB
"""The largest member that is unpacked to look at it."""

PER_ADDRESS = 120
"""Submissions in a minute."""
PER_PLAN = 600
FILE_BYTES_A_DAY = 500 * MIB
"""All files of a plan."""

ITEMS = 5_000
PEOPLE = 1_000
KEYS = 20
JUDGED = 20_000
"""Accepted or rejected events that a registration may name."""
TOLD = 10
DEAL = 200
NAME = 200
"""Characters."""

STATE_EVENTS = 2_000
STATE_BYTES = 4 * MIB
STATES_KEPT = 64
WAIT_SECONDS = 25.0
WAITING_PER_PLAN = 50
WAITING = 400
LOOK_SECONDS = 1.0
"""How often one look at the database tells all who wait what other instances took in."""
PAGE_EVENTS = 1_000
PAGE_BYTES = 8 * MIB

QUEUE = 2_000
"""Submissions that wait to be written; more are asked to come back."""
BATCH = 256
"""Submissions that are committed together."""
WRITE_SECONDS = 15.0
"""So long a submission waits for its commit."""
LOCK_SECONDS = 3.0
"""So long a write waits for another process."""
CONNECTIONS = 1_500
IDLE_SECONDS = 20
STOP_SECONDS = 10
TOKEN_CHARACTERS = 24

TELL_SECONDS = 600
"""So long the first news waits for others, where nothing else is set."""
