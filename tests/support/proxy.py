"""nginx in front of a site, configured by docs/nginx.conf, on loopback and in its own folder."""

import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "docs" / "nginx.conf"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
HOST = "digits.example"
MAIN = """daemon off;
pid {folder}/pid;
error_log {folder}/errors warn;
events {{ worker_connections 4096; }}
http {{
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/unused;
    uwsgi_temp_path {folder}/unused;
    scgi_temp_path {folder}/unused;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class Proxy:
    http: int  # ports
    https: int
    folder: Path

    def context(self) -> ssl.SSLContext:
        """A TLS context for clients that trusts only the certificate of this proxy."""
        return ssl.create_default_context(cafile=str(self.folder / "certificate"))


@contextmanager
def run_proxy(folder: Path, port: int) -> Iterator[Proxy]:
    """Run nginx. folder: open to other users, because the workers of a root nginx run as one. port: of the site."""
    make_certificate(folder)
    proxy = Proxy(free_port(), free_port(), folder)
    (folder / "site.conf").write_text(adapt_example(proxy, port))
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
    command = [str(NGINX), "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    with subprocess.Popen(command) as server:
        try:
            wait_for(proxy.https)
            yield proxy
        finally:
            server.terminate()


def adapt_example(proxy: Proxy, port: int) -> str:
    """The example configuration with ports and files of this machine; nothing else is changed."""
    text = EXAMPLE.read_text()
    for example, here in (
        ("listen 80;", f"listen 127.0.0.1:{proxy.http};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{proxy.https} ssl"),
        ("127.0.0.1:8000", f"127.0.0.1:{port}"),
        ("/etc/letsencrypt/live/digits.example/fullchain.pem", f"{proxy.folder}/certificate"),
        ("/etc/letsencrypt/live/digits.example/privkey.pem", f"{proxy.folder}/key"),
    ):
        assert text.count(example) == 1, example
        text = text.replace(example, here)
    return text


def make_certificate(folder: Path) -> None:
    names = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    files = ["-keyout", str(folder / "key"), "-out", str(folder / "certificate")]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    subprocess.run(["openssl", "req", "-x509", *kind, *names, *files], check=True, capture_output=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
