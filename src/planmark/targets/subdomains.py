"""What web servers are told where every plan has a subdomain of its own: which folder one stands for, and all that they are told else."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from planmark.targets import hosting

_FOLDER, _OWN = "^/[^/]+/assets/", "^/assets/"
"""Where assets are below the target's folder, and below a plan's own."""


def nginx() -> str:
    """The folder is read off the host's name, whose first label has no dot and no slash in it."""
    lead = "server_name ~^(?<site>[a-z0-9][a-z0-9-]*)\\.plans\\.example\\.com$;\nroot /var/www/plans/$site;\n"
    return _told("nginx", "in a `server { … }` of its own; write your host, and the target's folder", lead)


def caddy() -> str:
    """Labels of the host are counted from its end, from 0 on."""
    lead = "root * /var/www/plans/{labels.3}\nfile_server\n"
    about = "in a block `*.plans.example.com { … }`; labels count from the end, so 3 is the fourth: write yours, and the target's folder"
    return _told("caddy", about, lead)


def apache() -> str:
    """With mod_vhost_alias, which takes the first label for the folder."""
    lead = "ServerAlias *.plans.example.com\nUseCanonicalName Off\nVirtualDocumentRoot /var/www/plans/%1\n<Directory /var/www/plans>\n"
    about = "in a `<VirtualHost>` of its own; write your host, and the target's folder. Needs mod_vhost_alias, mod_headers and mod_rewrite"
    return f"{_told('apache', about, lead)}Require all granted\n</Directory>\n"


SUBDOMAINS: Mapping[str, Callable[[], str]] = {"nginx": nginx, "caddy": caddy, "apache": apache}
"""What is written for each server that can do it."""


def _told(host: str, about: str, lead: str) -> str:
    """The same as without subdomains, below a head of its own."""
    _, _, same = hosting.HOSTS[host]().partition("\n")
    return f"# Made by `planmark headers {host} --subdomains`: {about}.\n{lead}{same.replace(_FOLDER, _OWN)}"
