//! Signs that CommonMark would take for markup and that a writer of reports means as they stand.
//!
//! `5*3 m och 7*2 m` has no emphasis in it, `- 500 tkr` is an amount and no bullet, `2009. Då inrättades nämnden` no
//! list that begins at 2009. Such signs are exchanged for stand-ins of the private use area while a text is parsed, and
//! are themselves again in what comes of it. Writers cannot write a stand-in: the area is refused (TXT002).

/// Signs that may be meant as they stand, and what stands for each of them.
const STAND_INS: [(char, char); 6] = [
    ('*', '\u{10FF01}'),
    ('-', '\u{10FF02}'),
    ('+', '\u{10FF03}'),
    ('.', '\u{10FF04}'),
    (')', '\u{10FF05}'),
    ('>', '\u{10FF06}'),
];

/// The text with stand-ins for the signs that are no markup, and spaces for tabs inside lines.
pub(super) fn protect(text: &str) -> String {
    let lone = Bullets::count(text);
    let mut out = String::with_capacity(text.len());
    let lines: Vec<&str> = text.split('\n').collect();
    for (i, line) in lines.iter().enumerate() {
        if i > 0 {
            out.push('\n');
        }
        // What goes on further in is an item of a list, whatever it begins with.
        let next = lines[i + 1..].iter().find(|line| !line.trim().is_empty());
        let continued = next.is_some_and(|next| depth(next) >= depth(line) + 2);
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let spaced = format!("{}{}", &line[..indent], line[indent..].replace('\t', " "));
        // A line beside others that begin so is one of a quotation.
        let beside = [i.checked_sub(1).and_then(|i| lines.get(i)), lines.get(i + 1)];
        let quoted = beside.into_iter().flatten().any(|line| line.trim_start().starts_with('>'));
        let literal = line_start(&spaced, &lone, quoted).filter(|_| !continued);
        stars(&spaced, literal, &mut out);
    }
    out
}

/// How far in a line begins; a tab goes to the next stop of four (CommonMark 0.31, 2.2).
fn depth(line: &str) -> usize {
    let mut depth = 0;
    for c in line.chars() {
        match c {
            ' ' => depth += 1,
            '\t' => depth += 4 - depth % 4,
            _ => break,
        }
    }
    depth
}

/// What was exchanged, as it was.
pub(super) fn restore(part: &str) -> String {
    part.chars().map(|c| STAND_INS.iter().find(|(_, stand_in)| *stand_in == c).map_or(c, |(sign, _)| *sign)).collect()
}

fn stand_in(sign: char) -> char {
    STAND_INS.iter().find(|(c, _)| *c == sign).map_or(sign, |(_, stand_in)| *stand_in)
}

/// How many lines of a text begin with each bullet.
struct Bullets([(char, usize); 3]);

impl Bullets {
    fn count(text: &str) -> Self {
        let mut counts = ['-', '+', '*'].map(|sign| (sign, 0));
        for line in text.lines().map(str::trim_start) {
            for (sign, count) in &mut counts {
                *count += usize::from(line.strip_prefix(*sign).is_some_and(|rest| rest.starts_with([' ', '\t'])));
            }
        }
        Self(counts)
    }

    /// Whether one line at most begins with it: a list of one is none.
    fn is_lone(&self, sign: char) -> bool {
        self.0.iter().any(|(c, count)| *c == sign && *count <= 1)
    }
}

/// Byte position of the sign at the start of a line that is no markup, if there is one. List marks that are markup
/// are passed over, since another line may begin behind them: `3) - = ökade kostnader`.
fn line_start(line: &str, bullets: &Bullets, quoted: bool) -> Option<usize> {
    let mut at = 0;
    let mut nested = false;
    loop {
        at += line[at..].len() - line[at..].trim_start_matches(' ').len();
        let rest = &line[at..];
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let sign = rest[digits..].chars().next()?;
        let after = &rest[digits + sign.len_utf8()..];
        let spaced = after.starts_with(' ');
        let words = after.trim_start_matches(' ');
        let figure = words.starts_with(|c: char| c.is_ascii_digit());
        let literal = match sign {
            // A year, or a number that a list would write otherwise.
            '.' | ')' if (1..=9).contains(&digits) && (spaced || after.is_empty()) => {
                digits > 3 || (digits > 1 && rest.starts_with('0'))
            }
            '-' | '+' | '*' if digits == 0 && spaced => {
                let lone = bullets.is_lone(sign) && (sign != '-' || figure);
                lone || nested || words.starts_with('=') || (sign == '+' && figure)
            }
            // More than, not a quotation.
            '>' if digits == 0 => !quoted && ((figure && !is_numbered(words)) || words.starts_with('=')),
            _ => return None,
        };
        if literal {
            return Some(at + digits);
        }
        nested = digits > 0;
        at += digits + sign.len_utf8();
    }
}

/// Whether a line begins as an item of a numbered list.
fn is_numbered(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < line.len() && rest.starts_with(['.', ')']) && rest[1..].starts_with(' ')
}

/// Writes a line with stand-ins for asterisks between letters or figures and in addresses, and for the sign at `literal`.
fn stars(line: &str, literal: Option<usize>, out: &mut String) {
    let mut before = None;
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != '*' {
            out.push(if literal == Some(at) { stand_in(c) } else { c });
            before = Some(c);
            continue;
        }
        let mut run = 1;
        while chars.next_if(|(_, c)| *c == '*').is_some() {
            run += 1;
        }
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        // An address ends with the bracket that it stands in: **[sidan](https://exempel.example)**.
        let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '[' | ']');
        let word = line[..at].rsplit(ends).next().unwrap_or_default();
        let within = inside(before) && inside(chars.peek().map(|(_, c)| *c));
        let kept = literal == Some(at) || within || word.contains("://");
        out.extend(std::iter::repeat_n(if kept { stand_in('*') } else { '*' }, run));
        before = Some('*');
    }
}
