//! What the service's client is told when an order cannot be carried out.

use std::io::Write as _;

use sigill_model::place::Position;
use sigill_model::{Code, Diagnostic, Localize, Texts};
use sigill_orders::{Finding, Product, Reason, Refusal};

use crate::error::Error;

/// The outcome of an order of the service: the product with its blobs, or a refusal.
pub(super) type OrderOutcome = Result<(Product, Vec<Vec<u8>>), Refusal>;

/// A refusal without findings.
pub(super) fn refusal(reason: Reason, message: &dyn Localize) -> Refusal {
    Refusal { reason, message: Texts::of(message), findings: Vec::new() }
}

/// A fault of this program: what it is goes to the log, not to the client.
pub(super) fn internal(why: impl std::fmt::Display) -> Refusal {
    log(&why);
    refusal(Reason::Internal, &"")
}

pub(super) fn log(why: &impl std::fmt::Display) {
    // Nothing is left to do when standard error is closed.
    drop(writeln!(std::io::stderr(), "sigill worker: {why}"));
}

/// A fault of the machine: what it is goes to the log, and the order may be given again.
pub(super) fn unavailable(why: impl std::fmt::Display) -> Refusal {
    log(&why);
    refusal(Reason::Unavailable, &"")
}

/// Why a pack came to nothing, whose documents' faults are told elsewhere.
pub(super) fn fault(error: Error) -> Refusal {
    match error {
        Error::System(text) => unavailable(text.joined()),
        error => internal(error),
    }
}

/// Why a function of this crate came to nothing, for the service's client.
pub(super) fn refused(error: Error) -> Refusal {
    let (findings, reason) = match error {
        Error::Findings(findings) => {
            let reason = reason_of(findings.first().map(|f| f.code));
            (findings, reason)
        }
        Error::Service(finding) => (vec![*finding], Reason::OutsideFailed),
        Error::Usage(text) | Error::System(text) => return internal(text.joined()),
    };
    let message = match findings.first() {
        Some(first) => first.message.clone(),
        None => return internal("a refusal without a finding"),
    };
    let findings = findings.iter().map(|f| finding(f, None)).collect();
    Refusal { findings, ..refusal(reason, &message) }
}

/// A finding as clients read it.
pub(super) fn finding(found: &Diagnostic, file: Option<&str>) -> Finding {
    let place = |part: fn(&Position) -> usize| found.position.as_ref().map(|p| part(p) as u64);
    Finding {
        code: found.code.to_string(),
        severity: found.severity,
        pointer: found.written_pointer().to_owned(),
        file: file.map(str::to_owned),
        line: place(|p| p.line),
        column: place(|p| p.column),
        width: place(|p| p.width),
        message: found.message.clone(),
        help: found.help.clone(),
    }
}

/// Why a signature cannot be made, by the code of what was found.
fn reason_of(code: Option<Code>) -> Reason {
    match code {
        Some(Code::UND001 | Code::UND002) => Reason::UnreadablePdf,
        Some(Code::UND004 | Code::UND013) => Reason::SignatureConflict,
        _ => Reason::SignatureRefused,
    }
}
