"""pyHanko's opinion of signed files, one JSON line per file.

usage: judge.py ROOT.pem TIME online|offline|lta|FUTURE-TIME FILE...

online: revocation is fetched from the services of the test PKI. offline: from the files alone. lta: the long-term proof
of every signature, from the file alone. With a time in the future: the same proof, given then of a file seen at TIME.
"""

import asyncio
import json
import logging
import sys
from datetime import datetime

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.ades import ades_lta_validation, simulate_future_ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    CertValidationPolicySpec, PdfSignatureValidationSpec, RevinfoOnlineFetchingRule, RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager


async def judge(path, root, time, mode):
    with open(path, "rb") as file:
        reader = PdfFileReader(file)
        out = []
        signatures = sorted(reader.embedded_signatures, key=lambda s: s.signed_revision)
        for signature in signatures:
            stamp = signature.sig_object.get("/Type") == "/DocTimeStamp"
            told = {"field": signature.field_name, "timestamp": stamp}
            if mode not in ("online", "offline"):
                if stamp:
                    continue
                spec = PdfSignatureValidationSpec(SignatureValidationSpec(
                    cert_validation_policy=CertValidationPolicySpec(
                        trust_manager=SimpleTrustManager.build([root]), revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO)),
                    revinfo_gathering_policy=RevocationInfoGatheringSpec(
                        online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY)))
                if mode == "lta":
                    timing = ValidationTimingInfo(
                        validation_time=time, best_signature_time=time, point_in_time_validation=True)
                    result = await ades_lta_validation(signature, spec, timing_info=timing)
                else:
                    result = await simulate_future_ades_lta_validation(
                        signature, spec, future_validation_time=datetime.fromisoformat(mode),
                        current_reference_time=time)
                told["indication"] = str(result.ades_subindic)
                told["ok"] = result.ades_subindic.status.name == "PASSED"
            else:
                context = ValidationContext(
                    trust_roots=[root], moment=time, allow_fetching=mode == "online", best_signature_time=time,
                    revocation_mode="hard-fail" if mode == "online" else "soft-fail")
                check = async_validate_pdf_timestamp if stamp else async_validate_pdf_signature
                status = await check(signature, context)
                told |= {
                    "intact": status.intact, "valid": status.valid, "trusted": status.trusted,
                    "coverage": status.coverage.name,
                    "modification": getattr(status.modification_level, "name", None), "ok": status.intact and status.valid and status.trusted and getattr(status, "bottom_line", True),
                }
                why = getattr(status, "diff_result", None)
                if isinstance(why, Exception):
                    told["why"] = str(why)[:200]
            out.append(told)
        return out


def main():
    logging.disable(logging.CRITICAL)
    root = load_cert_from_pemder(sys.argv[1])
    time = datetime.fromisoformat(sys.argv[2])
    for path in sys.argv[4:]:
        try:
            told = {"signatures": asyncio.run(judge(path, root, time, sys.argv[3]))}
        except Exception as error:  # a file it does not even read is a verdict too
            told = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(told), flush=True)


main()
