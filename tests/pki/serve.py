"""Makes the certificates of pki.yml in a folder and serves OCSP, CRLs and timestamps on loopback.

usage: serve.py FOLDER DEFAULT-TIME

Prints the port when ready; ends when standard input does. A request may bring the time at which it is answered in the
header X-Time, so that years can pass within a test.
"""

import sys
import threading
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto import ocsp, tsp
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, ServiceLabel
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

KEYS = {
    "root": 2048, "ca": 2048, "ocsp": 2048, "tsa": 2048, "rsa": 2048, "rsa4096": 4096, "stranger": 2048,
    "p256": ec.SECP256R1, "p384": ec.SECP384R1,
}
SIGNERS = [
    "chef", "ordforande", "justerare", "lang", "stampel", "utgangen", "sparrad", "fel-bruk", "webbplats", "frammande",
]
PASSWORD = "hemligt åäö"


def make_keys(folder):
    for name, kind in KEYS.items():
        path = folder / f"{name}.pem"
        if path.exists():
            continue
        key = rsa.generate_private_key(65537, kind) if isinstance(kind, int) else ec.generate_private_key(kind())
        path.write_bytes(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


def write_certificates(arch, folder):
    from cryptography import x509
    pem = lambda label: x509.load_der_x509_certificate(arch.get_cert(CertLabel(label)).dump()).public_bytes(
        serialization.Encoding.PEM)
    (folder / "trust").mkdir(exist_ok=True)
    (folder / "trust" / "root.pem").write_bytes(pem("root"))
    (folder / "ca.pem").write_bytes(pem("ca"))
    (folder / "tsa.pem").write_bytes(pem("tsa"))
    for name in SIGNERS:
        label = CertLabel(name)
        spec = arch.get_cert_spec(label)
        chain = [name] + [c.value for c in arch.get_chain(label)]
        (folder / f"{name}.chain.pem").write_bytes(b"".join(pem(c) for c in chain))
        (folder / f"{name}.p12").write_bytes(arch.package_pkcs12(label, password=PASSWORD.encode()))
        key = serialization.load_der_private_key(arch.key_set.get_private_key(spec.subject_key).dump(), None)
        for ending, encryption in [
            ("key", serialization.NoEncryption()),
            ("locked.key", serialization.BestAvailableEncryption(PASSWORD.encode())),
        ]:
            (folder / f"{name}.{ending}").write_bytes(key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption))
        (folder / f"{name}.old.key").write_bytes(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()))


def main():
    folder, default = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    keys = folder / "keys"
    keys.mkdir(exist_ok=True)
    make_keys(keys)
    here = Path(__file__).parent

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def at(self):
            told = self.headers.get("X-Time")
            return datetime.fromisoformat(told) if told else default

        def answer(self, body, kind):
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            parts = self.path.strip("/").split("/")
            if len(parts) == 4 and parts[1] == "crls":
                crl = arch.service_registry.get_crl(ServiceLabel(parts[2]), at_time=self.at())
                return self.answer(crl.dump(), "application/pkix-crl")
            self.send_error(404)

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            _, service, label = self.path.strip("/").split("/")
            if service == "ocsp":
                responder = arch.service_registry.summon_responder(ServiceLabel(label), at_time=self.at())
                reply = responder.build_ocsp_response(ocsp.OCSPRequest.load(body))
                return self.answer(reply.dump(), "application/ocsp-response")
            if service == "tsa":
                stamper = arch.service_registry.summon_timestamper(ServiceLabel(label), at_time=self.at())
                reply = stamper.request_tsa_response(tsp.TimeStampReq.load(body))
                return self.answer(reply.dump(), "application/timestamp-reply")
            self.send_error(404)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port = server.server_address[1]
    config = CertomancerConfig.from_yaml(
        (here / "pki.yml").read_text(), key_search_dir=str(keys), external_url_prefix=f"http://127.0.0.1:{port}")
    arch = config.get_pki_arch(ArchLabel("sigill"))
    write_certificates(arch, folder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(port, flush=True)
    sys.stdin.read()


main()
