"""The team hears that something came: together, off unless it is turned on, and without what buyers wrote."""

from __future__ import annotations

import json
import socket
from pathlib import Path

from tests.receiver.running import PATIENCE, Receiving, eventually, fields
from tests.telling.servers import mail_server, webhook


def test_a_webhook_hears_of_what_came(tmp_path: Path) -> None:
    """What was done on which item, whom it concerns; nobody's name, no text, no token."""
    with webhook() as hook, Receiving(tmp_path, **notify(WEBHOOK=hook.url)) as receiver:
        receiver.register()
        sent = fields(kind="comment", text="Our budget is 3 million", name="Maria Lindqvist")
        assert receiver.post(sent).status == 201
        assert receiver.post(fields(kind="test", item="plan")).status == 201
        eventually(lambda: hook.posts, "the webhook hears nothing")
        (news,) = hook.posts[0]["news"]
        assert news == {
            "plan": "northwind",
            "to": ["dana@halyard.example", "owen@halyard.example"],
            "sentence": "comment: task/nda",
        }
        said = json.dumps(hook.posts)
        assert not [word for word in ("budget", "Maria", sent["pm_token"]) if word in said]


def test_mails_go_to_whom_it_concerns(tmp_path: Path) -> None:
    """The plan's contact and the task's owner; what is bounced is no news."""
    with mail_server() as server, Receiving(tmp_path, **notify(SMTP=server.place)) as receiver:
        receiver.register()
        assert receiver.post(fields(item="task/none")).status == 403
        assert receiver.post(fields()).status == 201
        eventually(lambda: len(server.mails) == 2, "no mail comes")
        assert sorted(server.got()) == [("dana@halyard.example", "northwind: 1 new act"), ("owen@halyard.example", "northwind: 1 new act")]


def test_a_webhook_that_is_away_costs_nobody_an_answer(tmp_path: Path) -> None:
    """And what it should have heard is told when the receiver ends, if it is back."""
    with webhook() as hook:
        port = hook.url
    with Receiving(tmp_path, **notify(WEBHOOK=port)) as receiver:
        receiver.register()
        assert [receiver.post(fields()).status for _ in range(5)] == [201] * 5


def test_a_webhook_that_says_nothing_keeps_nobody_waiting(tmp_path: Path) -> None:
    """Whoever sends something while the webhook is being waited for is answered as ever."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with Receiving(tmp_path, **notify(WEBHOOK=url)) as receiver:
            receiver.register()
            assert receiver.post(fields()).status == 201
            silent.settimeout(PATIENCE)
            asked, _ = silent.accept()
            with asked:
                assert [receiver.post(fields()).status for _ in range(5)] == [201] * 5
            silent.close()


def notify(**ways: str) -> dict[str, str]:
    """The settings of ways to tell, at once."""
    return {"PLANMARK_RECEIVER_NOTIFY_EVERY": "0", **{f"PLANMARK_RECEIVER_NOTIFY_{name}": value for name, value in ways.items()}}
