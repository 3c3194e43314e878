/** From the tree to the Markdown of the model: every letter that Markdown would take for a mark of its own is escaped. */
import { fromMarkdown, tidy, type Block, type Inline } from "./tree.ts";

/** Ways to write the same text. The later ones are for texts that would be read otherwise in the first. */
interface Marks {
  em: "*" | "_";
  strong: "**";
  /** Whether `<` is escaped. What stands in angle brackets is letters, but none of the escapes in it is read. */
  angle: boolean;
}

const USUAL: Marks = { em: "*", strong: "**", angle: false };
const WAYS: readonly Marks[] = [USUAL, { ...USUAL, angle: true }, { em: "_", strong: "**", angle: true }];
const SAFE: Marks = { ...USUAL, angle: true };

const LETTER = /[\p{L}\p{N}]/u;

/** A run of letters, so that all of them are there when it is read. */
function escapeLetters(text: string, angle: boolean): string {
  let out = "";
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? "";
    const [before, after] = [text[i - 1] ?? "", text[i + 1] ?? ""];
    const escaped =
      c === "\\" || c === "*" || c === "`" || c === "[" || c === "]" ||
      // Within a word it is a letter.
      (c === "_" && !(LETTER.test(before) && LETTER.test(after))) ||
      (angle && c === "<" && /[A-Za-z/!?]/.test(after));
    out += escaped ? "\\" + c : c;
  }
  return out;
}

/** A line that would begin a list, a quotation, a heading, a rule or a block of code. */
function escapeStart(line: string): string {
  const clean = line.replace(/^[ \t]+/, "");
  if (/^(?:[-+](?:\s|$)|#{1,6}(?:\s|$)|>|~{3}|=+\s*$)/.test(clean) || /^([-_])(?:[ \t]*\1)*[ \t]*$/.test(clean)) return "\\" + clean;
  return clean.replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2");
}

function inlineText(inlines: readonly Inline[], marks: Marks): string {
  return inlines
    .map((inline) => {
      switch (inline.t) {
        case "text":
          return escapeLetters(inline.v, marks.angle);
        case "raw":
          return inline.v;
        case "br":
          return "\\\n";
        case "note":
          return `[^${inline.name}]`;
        case "em":
          return marks.em + inlineText(inline.c, marks) + marks.em;
        case "strong":
          return marks.strong + inlineText(inline.c, marks) + marks.strong;
        case "link":
          return `[${inlineText(inline.c, marks)}](${targetText(inline.url)})`;
      }
    })
    .join("");
}

/** Where a link leads. One with a space or an odd parenthesis stands in angle brackets. */
function targetText(url: string): string {
  const balanced = (url.match(/\(/g) ?? []).length === (url.match(/\)/g) ?? []).length;
  return /[\s<>]/.test(url) || !balanced ? `<${url.replace(/[<>\\]/g, "\\$&").replaceAll("\n", " ")}>` : url.replace(/[\\*_`[\]]/g, "\\$&");
}

/** One paragraph, with the starts of its lines escaped. */
function paragraph(inlines: readonly Inline[], marks: Marks): string {
  const text = inlineText(inlines, marks);
  const lines = text.split("\n").map((line) => escapeStart(line.replace(/[ \t]+(?=\\?$)/, "")));
  return lines.join("\n").replace(/[ \t]+$/, "");
}

function blocksText(blocks: readonly Block[], marks: Marks, apart: string): string {
  let out = "";
  blocks.forEach((block, i) => {
    const before = blocks[i - 1];
    // A second list after a first of its kind would be read as one with it.
    const other = before !== undefined && before.t === block.t && isSecond(blocks, i);
    if (i > 0) out += before?.t === "p" && isList(block) ? apart : "\n\n";
    out += blockText(block, marks, other);
  });
  return out;
}

const isList = (block: Block): boolean => block.t === "ul" || block.t === "ol";

function isSecond(blocks: readonly Block[], at: number): boolean {
  let n = 0;
  while (at - n > 0 && blocks[at - n - 1]?.t === blocks[at]?.t) n++;
  return n % 2 === 1;
}

const indented = (text: string, by: string): string => text.replace(/\n(?=[^\n])/g, "\n" + by);

function blockText(block: Block, marks: Marks, other: boolean): string {
  switch (block.t) {
    case "p":
      return paragraph(block.c, marks);
    case "quote":
      return blocksText(block.c, marks, "\n\n").split("\n").map((line) => (line === "" ? ">" : "> " + line)).join("\n");
    case "definition":
      return `[^${block.name}]: ${paragraph(block.c, marks)}`;
    case "ul":
    case "ol": {
      const apart = block.tight ? "\n" : "\n\n";
      const items = block.items.map((item, i) => {
        const marker = block.t === "ul" ? (other ? "* " : "- ") : `${block.start + i}${other ? ")" : "."} `;
        return marker + indented(blocksText(item, marks, apart), " ".repeat(marker.length));
      });
      return items.join(apart);
    }
  }
}

/** Whether two trees are the same text. */
export const sameText = (a: readonly Block[] | null, b: readonly Block[] | null): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Parts that read nothing but are in the tree: emphasis of nothing. */
function cleaned(inlines: readonly Inline[]): Inline[] {
  const all = inlines.flatMap((inline): Inline[] => {
    if (!("c" in inline)) return [inline];
    const c = cleaned(inline.c);
    return c.length === 0 ? [] : [{ ...inline, c }];
  });
  return tidy(all);
}

/** A paragraph of a field that has one line. What begins it is no matter: the service reads no lists there. */
export function toLine(inlines: readonly Inline[]): string {
  const clean = cleaned(inlines);
  const usual = inlineText(clean, USUAL);
  if (!usual.includes("<")) return usual;
  return sameText(fromMarkdown(escapeStart(usual)), [{ t: "p", c: clean }]) ? usual : inlineText(clean, SAFE);
}

/** The Markdown of a text. */
export function toMarkdown(blocks: readonly Block[]): string {
  for (const way of WAYS) {
    const text = blocksText(blocks, way, "\n\n");
    if (sameText(fromMarkdown(text), blocks)) return text;
  }
  return blocksText(blocks, SAFE, "\n\n");
}
