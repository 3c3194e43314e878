//! Formulas over columns (`avvikelse = prognos - budget`) or rows, evaluated exactly with a bound on rounding error.

use rust_decimal::Decimal;

/// A number as published: its value and how far rounding may have moved it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rounded {
    /// The published value.
    pub value: Decimal,
    /// The true value lies within `value ± error`.
    pub error: Decimal,
}

impl Rounded {
    /// A number known exactly.
    pub fn exact(value: Decimal) -> Self {
        Self { value, error: Decimal::ZERO }
    }

    /// Sum of two rounded numbers: errors add. `None` on overflow.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Some(Self { value: self.value.checked_add(other.value)?, error: self.error.checked_add(other.error)? })
    }

    /// So many times as much. `None` on overflow.
    pub fn times(self, factor: Decimal) -> Option<Self> {
        self.multiply(Self::exact(factor))
    }

    fn negate(self) -> Self {
        Self { value: -self.value, error: self.error }
    }

    fn multiply(self, other: Self) -> Option<Self> {
        let (a, b) = (self.value.abs(), other.value.abs());
        let error = a
            .checked_mul(other.error)?
            .checked_add(b.checked_mul(self.error)?)?
            .checked_add(self.error.checked_mul(other.error)?)?;
        Some(Self { value: self.value.checked_mul(other.value)?, error })
    }

    fn divide(self, other: Self) -> Option<Self> {
        let least = other.value.abs().checked_sub(other.error)?;
        if least <= Decimal::ZERO {
            return None;
        }
        let value = self.value.checked_div(other.value)?;
        let error = self.error.checked_add(value.abs().checked_mul(other.error)?)?.checked_div(least)?;
        Some(Self { value, error })
    }
}

/// A parsed formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Formula {
    /// A number.
    Number(Decimal),
    /// A column or row by its id.
    Name(String),
    /// Sign change.
    Negate(Box<Formula>),
    /// `+`, `-`, `*` or `/` between two formulas.
    Binary(Operator, Box<Formula>, Box<Formula>),
}

/// The four operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-` or `−`
    Subtract,
    /// `*` or `·`
    Multiply,
    /// `/`
    Divide,
}

/// Why a formula cannot be read: byte offset and what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormulaError {
    /// What was found where something else was expected.
    pub found: String,
}

/// Most parts of one formula; keeps parsing and evaluation shallow.
const MAX_TOKENS: usize = 200;

impl Formula {
    /// Parses `a - b`, or `name = a - b` where the name is ignored.
    ///
    /// # Errors
    /// When the text is no formula; the error says what was in the way.
    pub fn parse(text: &str) -> Result<Self, FormulaError> {
        let right = text.split_once('=').map_or(text, |(_, r)| r);
        let tokens = tokens(right)?;
        if tokens.len() > MAX_TOKENS {
            return Err(FormulaError { found: format!("{} delar", tokens.len()) });
        }
        let mut parser = Parser { tokens, at: 0 };
        let formula = parser.sum()?;
        match parser.tokens.get(parser.at) {
            None => Ok(formula),
            Some(t) => Err(FormulaError { found: t.text() }),
        }
    }

    /// Ids the formula uses.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Number(_) => Vec::new(),
            Self::Name(n) => vec![n],
            Self::Negate(f) => f.names(),
            Self::Binary(_, a, b) => {
                let mut names = a.names();
                names.extend(b.names());
                names
            }
        }
    }

    /// Whether it only adds and subtracts, so that sums of its results are results of its sums.
    pub fn is_additive(&self) -> bool {
        match self {
            Self::Number(n) => n.is_zero(),
            Self::Name(_) => true,
            Self::Negate(f) => f.is_additive(),
            Self::Binary(Operator::Add | Operator::Subtract, a, b) => a.is_additive() && b.is_additive(),
            Self::Binary(..) => false,
        }
    }

    /// Whether it is a quotient of what its names stand for, and not already made per cent: `utfall / budget`, and not
    /// `utfall / budget * 100`.
    pub fn is_quotient(&self) -> bool {
        self.parts().any(|part| matches!(part, Self::Binary(Operator::Divide, ..)))
            && !self.parts().any(|part| matches!(part, Self::Number(n) if *n == Decimal::ONE_HUNDRED))
    }

    fn parts(&self) -> Box<dyn Iterator<Item = &Self> + '_> {
        let below: Box<dyn Iterator<Item = &Self> + '_> = match self {
            Self::Number(_) | Self::Name(_) => Box::new(std::iter::empty()),
            Self::Negate(f) => f.parts(),
            Self::Binary(_, a, b) => Box::new(a.parts().chain(b.parts())),
        };
        Box::new(std::iter::once(self).chain(below))
    }

    /// The value, or `None` when a name has no value, on overflow and on division by (possibly) zero.
    pub fn evaluate(&self, lookup: &dyn Fn(&str) -> Option<Rounded>) -> Option<Rounded> {
        match self {
            Self::Number(n) => Some(Rounded::exact(*n)),
            Self::Name(name) => lookup(name),
            Self::Negate(f) => Some(f.evaluate(lookup)?.negate()),
            Self::Binary(op, a, b) => {
                let (a, b) = (a.evaluate(lookup)?, b.evaluate(lookup)?);
                match op {
                    Operator::Add => a.checked_add(b),
                    Operator::Subtract => a.checked_add(b.negate()),
                    Operator::Multiply => a.multiply(b),
                    Operator::Divide => a.divide(b),
                }
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Number(Decimal),
    Name(String),
    Symbol(char),
}

impl Token {
    fn text(&self) -> String {
        match self {
            Self::Number(n) => n.to_string(),
            Self::Name(n) => n.clone(),
            Self::Symbol(c) => c.to_string(),
        }
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, FormulaError> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let length = if c.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let digits = &rest[..end];
            let n = digits.parse().map_err(|_| FormulaError { found: digits.chars().take(30).collect() })?;
            out.push(Token::Number(n));
            end
        } else if c.is_alphabetic() || c == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            out.push(Token::Name(rest[..end].to_owned()));
            end
        } else {
            out.push(Token::Symbol(match c {
                '\u{2212}' => '-',
                '·' | '×' => '*',
                '+' | '-' | '*' | '/' | '(' | ')' => c,
                _ => return Err(FormulaError { found: c.to_string() }),
            }));
            c.len_utf8()
        };
        rest = rest[length..].trim_start();
    }
    Ok(out)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn take(&mut self, symbols: &[char]) -> Option<char> {
        match self.tokens.get(self.at) {
            Some(Token::Symbol(c)) if symbols.contains(c) => {
                self.at += 1;
                Some(*c)
            }
            _ => None,
        }
    }

    fn sum(&mut self) -> Result<Formula, FormulaError> {
        let mut left = self.product()?;
        while let Some(c) = self.take(&['+', '-']) {
            let op = if c == '+' { Operator::Add } else { Operator::Subtract };
            left = Formula::Binary(op, Box::new(left), Box::new(self.product()?));
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Formula, FormulaError> {
        let mut left = self.factor()?;
        while let Some(c) = self.take(&['*', '/']) {
            let op = if c == '*' { Operator::Multiply } else { Operator::Divide };
            left = Formula::Binary(op, Box::new(left), Box::new(self.factor()?));
        }
        Ok(left)
    }

    fn factor(&mut self) -> Result<Formula, FormulaError> {
        if self.take(&['-']).is_some() {
            return Ok(Formula::Negate(Box::new(self.factor()?)));
        }
        if self.take(&['(']).is_some() {
            let inner = self.sum()?;
            return match self.take(&[')']) {
                Some(_) => Ok(inner),
                None => Err(FormulaError { found: "en parentes som aldrig stängs".into() }),
            };
        }
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        match token {
            Some(Token::Number(n)) => Ok(Formula::Number(n)),
            Some(Token::Name(n)) => Ok(Formula::Name(n)),
            Some(t) => Err(FormulaError { found: t.text() }),
            None => Err(FormulaError { found: "formelns slut".into() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<(String, String)> {
        let lookup = |name: &str| match name {
            "prognos" => Some(Rounded { value: (-152622).into(), error: Decimal::new(5, 1) }),
            "budget" => Some(Rounded { value: (-140295).into(), error: Decimal::new(5, 1) }),
            "noll" => Some(Rounded::exact(Decimal::ZERO)),
            _ => None,
        };
        let r = Formula::parse(text).ok()?.evaluate(&lookup)?;
        Some((r.value.normalize().to_string(), r.error.normalize().to_string()))
    }

    #[test]
    fn the_deviation_of_verksamhet_76() {
        assert_eq!(value("avvikelse = prognos - budget"), Some(("-12327".into(), "1".into())));
        assert_eq!(value("prognos − budget").map(|v| v.0), Some("-12327".into()));
    }

    #[test]
    fn precedence_parentheses_and_signs() {
        assert_eq!(value("1 + 2 * 3").map(|v| v.0), Some("7".into()));
        assert_eq!(value("(1 + 2) * -3").map(|v| v.0), Some("-9".into()));
        assert_eq!(value("8 / 4 / 2").map(|v| v.0), Some("1".into()));
    }

    #[test]
    fn what_has_no_value_gives_none() {
        assert_eq!(value("prognos / noll"), None);
        assert_eq!(value("okand + 1"), None);
    }

    #[test]
    fn faults_are_named() {
        assert_eq!(Formula::parse("a +").unwrap_err().found, "formelns slut");
        assert_eq!(Formula::parse("a $ b").unwrap_err().found, "$");
        assert_eq!(Formula::parse("a b").unwrap_err().found, "b");
        assert!(Formula::parse(&"(".repeat(100_000)).is_err());
    }
}
