//! What a fault of syntax means to whoever wrote the file.

use jsonc_parser::errors::ParseErrorKind;

/// Swedish explanation and remedy of a syntax error.
pub(super) fn explain(kind: &ParseErrorKind) -> (&'static str, &'static str, &'static str) {
    use ParseErrorKind as K;
    match kind {
        K::ExpectedComma => {
            ("ett kommatecken saknas", "sätt ett kommatecken mellan värdena", "put a comma between the values")
        }
        K::TrailingCommasNotAllowed | K::UnexpectedComma => {
            ("ett kommatecken för mycket", "ta bort kommatecknet före } eller ]", "remove the comma before } or ]")
        }
        K::CommentsNotAllowed | K::UnterminatedCommentBlock => {
            ("kommentarer är inte tillåtna", "ta bort kommentaren", "remove the comment")
        }
        K::ExpectedColonAfterObjectKey | K::UnexpectedColon => {
            ("ett kolon saknas eller står fel", "skriv \"fält\": värde", "write \"field\": value")
        }
        K::UnterminatedArray => ("en lista avslutas aldrig", "sätt ut ]", "add ]"),
        K::UnterminatedObject => ("ett objekt avslutas aldrig", "sätt ut }", "add }"),
        K::MultipleRootJsonValues => {
            ("text efter dokumentets slut", "låt filen innehålla ett enda objekt", "let the file hold one object")
        }
        K::SingleQuotedStringsNotAllowed => {
            ("text ska stå inom dubbla citattecken", "byt ' mot \"", "use \" instead of '")
        }
        K::String(_) => (
            "en text avslutas aldrig eller har ett otillåtet tecken",
            "avsluta texten med \"; radbrytning skrivs \\n",
            "end the string with \"; a line break is written \\n",
        ),
        K::UnexpectedWord | K::UnexpectedToken | K::UnexpectedTokenInObject => (
            "ett oväntat tecken",
            "text ska stå inom citattecken; kontrollera tecknen runt platsen",
            "text stands in quotes; look at the characters around the place",
        ),
        _ => ("ett oväntat tecken", "kontrollera platsen", "look at the place"),
    }
}
