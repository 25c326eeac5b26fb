"""Real web servers on loopback, each told what `planmark headers` prints for it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Event

from tests.ports import free_port

from planmark.targets.hosting import HOSTS

NGINX = """\
daemon off;
{user}
worker_processes 1;
pid {own}/pid;
error_log {own}/errors.log;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {own}/a; proxy_temp_path {own}/b; fastcgi_temp_path {own}/c; uwsgi_temp_path {own}/d; scgi_temp_path {own}/e;
    server {{
        listen 127.0.0.1:{port};
        root {www};
        include {own}/planmark;
    }}
}}
"""
CADDY = """\
{{
\tadmin off
\tauto_https off
}}
http://127.0.0.1:{port} {{
\tbind 127.0.0.1
\troot * {www}
\tfile_server
\timport {own}/planmark
}}
"""
APACHE = """\
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
{user}
PidFile {own}/pid
ErrorLog {own}/errors.log
Mutex file:{own}
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule mime_module /usr/lib/apache2/modules/mod_mime.so
LoadModule dir_module /usr/lib/apache2/modules/mod_dir.so
LoadModule headers_module /usr/lib/apache2/modules/mod_headers.so
LoadModule rewrite_module /usr/lib/apache2/modules/mod_rewrite.so
TypesConfig /etc/mime.types
DocumentRoot {www}
<Directory {www}>
Require all granted
Include {own}/planmark
</Directory>
"""
COMMANDS: Mapping[str, Callable[[Path], list[str]]] = {
    "nginx": lambda own: ["/usr/sbin/nginx", "-e", f"{own}/errors.log", "-c", f"{own}/conf"],
    "caddy": lambda own: [shutil.which("caddy") or "caddy", "run", "--adapter", "caddyfile", "--config", f"{own}/conf"],
    "apache": lambda own: ["/usr/sbin/apache2", "-D", "FOREGROUND", "-f", f"{own}/conf"],
}
CONFIGURATIONS = {"nginx": NGINX, "caddy": CADDY, "apache": APACHE}
USERS = {"nginx": "user root;", "apache": "User www-data\nGroup www-data"}
"""As whom a server that root starts answers."""


@contextmanager
def web_server(kind: str, www: Path, own: Path) -> Iterator[str]:
    """The address at which a server of that kind shows a folder. `own` is a folder for what it needs itself."""
    own.mkdir()
    www.mkdir(exist_ok=True)
    if os.geteuid() == 0:
        for folder in (own, *own.parents, www):
            folder.chmod(folder.stat().st_mode | 0o055)  # for whoever it answers as
    (own / "planmark").write_text(HOSTS[kind](), encoding="utf-8")
    port = free_port()
    said = CONFIGURATIONS[kind].format(own=own, www=www, port=port, user=USERS.get(kind, "") if os.geteuid() == 0 else "")
    (own / "conf").write_text(said, encoding="utf-8")
    home = {**os.environ, "HOME": str(own), "XDG_DATA_HOME": str(own), "XDG_CONFIG_HOME": str(own)}
    with (own / "said").open("wb") as heard, subprocess.Popen(COMMANDS[kind](own), stdout=heard, stderr=heard, env=home) as server:
        try:
            _wait(server, port, own)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait(server: subprocess.Popen[bytes], port: int, own: Path) -> None:
    for _ in range(2000):
        if server.poll() is not None:
            break
        line = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            line.request("GET", "/")
            line.getresponse().read()
        except OSError:
            Event().wait(0.01)
        else:
            return
        finally:
            line.close()
    logs = [path.read_text(encoding="utf-8") for path in (own / "said", own / "errors.log") if path.exists()]
    raise AssertionError("\n".join(["the server does not start", *logs]))
