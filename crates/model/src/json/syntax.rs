//! What a fault of syntax means to whoever wrote the file.

use jsonc_parser::errors::ParseErrorKind;

use crate::diagnostic::Diagnostic;
use crate::messages::jsn001;

/// A syntax error explained, with its remedy.
pub(super) fn explain(kind: &ParseErrorKind) -> Diagnostic {
    use ParseErrorKind as K;
    let reason = &kind.to_string().to_lowercase();
    match kind {
        K::ExpectedComma => jsn001::MissingComma { reason }.at(""),
        K::TrailingCommasNotAllowed | K::UnexpectedComma => jsn001::SurplusComma { reason }.at(""),
        K::CommentsNotAllowed | K::UnterminatedCommentBlock => jsn001::Comment { reason }.at(""),
        K::ExpectedColonAfterObjectKey | K::UnexpectedColon => jsn001::Colon { reason }.at(""),
        K::UnterminatedArray => jsn001::OpenArray { reason }.at(""),
        K::UnterminatedObject => jsn001::OpenObject { reason }.at(""),
        K::MultipleRootJsonValues => jsn001::TextAfter { reason }.at(""),
        K::SingleQuotedStringsNotAllowed => jsn001::SingleQuotes { reason }.at(""),
        K::String(_) => jsn001::OpenString { reason }.at(""),
        K::UnexpectedWord | K::UnexpectedToken | K::UnexpectedTokenInObject => jsn001::Unexpected { reason }.at(""),
        _ => jsn001::Other { reason }.at(""),
    }
}
