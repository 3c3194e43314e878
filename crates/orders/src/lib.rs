//! What Sigill can be asked for, in types: choices, orders to worker processes, and what comes of them.
//!
//! Both ends of every border see this crate: the command line, the service, the workers, the engine. It knows serde and
//! nothing else, so that the service depends on neither a typesetter nor a reader of PDFs.
//!
//! ```
//! use sigill_orders::{Order, DocumentOptions, Standard};
//!
//! let options = DocumentOptions { standard: "a-2u".parse()?, ..DocumentOptions::default() };
//! let order = Order::Render { options, files: vec!["karta.png".to_owned()] };
//! assert!(serde_json::to_string(&order)?.contains(r#""standard":"a-2u""#));
//! assert_eq!("a-9z".parse::<Standard>().unwrap_err().choices.len(), Standard::ALL.len());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answers;
mod choices;
mod order;
mod terms;
mod verification;

pub use answers::{
    Answer, Checked, Conformance, ConformanceCheck, Description, Finding, KindDescription, Packed, PreparedSignature,
    Product, ProfileDescription, Progress, Reason, Refusal, Rendered, Severity, SignaturePlace, Verified,
};
pub use choices::{Digest, Edition, Level, PackCopy, Reserve, Standard, UnknownChoice, VerifyFormat};
pub use order::{CompleteOptions, DocumentOptions, Order, PackOptions, PrepareOptions, Settings};
pub use sigill_messages::Lang;
pub use verification::{BaselineLevel, Indication, SubIndication};
