"""Signs a PDF with pyHanko, in two ways, for our verification to judge.

usage: foreign.py PKI-FOLDER PORT TIME IN.pdf BASIC.pdf LONG-TERM.pdf

BASIC.pdf gets a B-B signature in a new visible field, by the chef. LONG-TERM.pdf gets a second, B-LTA, by the justerare.
"""

import asyncio
import logging
import sys
from datetime import datetime
from pathlib import Path

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko_certvalidator import ValidationContext

PASSWORD = "hemligt åäö"


async def main():
    logging.disable(logging.CRITICAL)
    folder, port, time = Path(sys.argv[1]), sys.argv[2], datetime.fromisoformat(sys.argv[3])
    source, basic, long_term = sys.argv[4:]
    signer = lambda name: signers.SimpleSigner.load_pkcs12(str(folder / f"{name}.p12"), passphrase=PASSWORD.encode())
    root = load_cert_from_pemder(str(folder / "trust/root.pem"))

    async def sign(source, target, field, name, **more):
        with open(source, "rb") as file, open(target, "wb") as out:
            meta = signers.PdfSignatureMetadata(
                field_name=field, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256", **more)
            stamper = timestamps.HTTPTimeStamper(f"http://127.0.0.1:{port}/sigill/tsa/tsa") if more else None
            spec = fields.SigFieldSpec(field, box=(300, 100, 500, 160))
            pdf_signer = signers.PdfSigner(meta, signer=signer(name), timestamper=stamper, new_field_spec=spec)
            await pdf_signer.async_sign_pdf(IncrementalPdfFileWriter(file, strict=False), output=out)

    await sign(source, basic, "pyhanko1", "chef")
    context = ValidationContext(trust_roots=[root], moment=time, allow_fetching=True)
    await sign(basic, long_term, "pyhanko2", "justerare",
               embed_validation_info=True, use_pades_lta=True, validation_context=context)


asyncio.run(main())
