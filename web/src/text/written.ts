/**
 * Running text as people write it in a field. Each line is a paragraph; `- `, `* `, `• ` and `1. ` begin a point of a list,
 * two spaces more one below it; `> ` is a quotation; `*ord*` and `**ord**` around words are emphasis. Everything else is
 * what it looks like: `5*3 m och 7*2 m` has its asterisks.
 */
import { sameText, toLine, toMarkdown } from "./markdown.ts";
import { fromMarkdown, lettersOf, marksOfSecrecy, tidy, type Block, type Inline } from "./tree.ts";

const BULLET = /^(\s*)[-*•·▪◦](?:[ \t]+|$)(.*)$/;
const NUMBER = /^(\s*)(\d{1,9})[.)][ \t]+(.*)$/;
const DEFINITION = /^\[\^([^\]\s]+)\]:[ \t]+(.*)$/;
/** A mark of secrecy put where links are listed is for the service to read, whatever this page makes of it. */
const LISTED_MARK = /^\s{0,3}\[[^\]]+\]:\s*<?(sekretess|personuppgift):/im;

// ---- Words within a paragraph ----

const SPACE_OR_MARK = /[\s\p{P}]/u;

/** Reads the emphasis, links and notes of a paragraph. */
function readInline(text: string): Inline[] {
  const out: Inline[] = [];
  let letters = "";
  const flush = () => {
    if (letters !== "") out.push({ t: "text", v: letters });
    letters = "";
  };
  for (let i = 0; i < text.length; ) {
    const rest = text.slice(i);
    const escaped = /^\\([*[])/.exec(rest);
    if (escaped) {
      letters += escaped[1];
      i += 2;
      continue;
    }
    const found = rest.startsWith("\n") ? { node: { t: "br" } as Inline, length: 1 } : (noteAt(rest) ?? linkAt(rest) ?? emphasisAt(text, i));
    if (found) {
      flush();
      out.push(found.node);
      i += found.length;
    } else {
      letters += text[i];
      // A run of asterisks that means nothing is passed as one.
      if (text[i] === "*") while (text[i + 1] === "*") letters += text[++i];
      i++;
    }
  }
  flush();
  return tidy(out);
}

interface Found {
  node: Inline;
  length: number;
}

function noteAt(rest: string): Found | undefined {
  const match = /^\[\^([^\]\s]+)\]/.exec(rest);
  return match ? { node: { t: "note", name: match[1] ?? "" }, length: match[0].length } : undefined;
}

/** `[ord](mål)`. One that cannot be read as a link goes on as it is written: it may be a mark of secrecy gone wrong. */
function linkAt(rest: string): Found | undefined {
  const auto = /^<((?:https?:\/\/|mailto:)[^\s<>]+)>/.exec(rest);
  if (auto) return { node: { t: "link", url: auto[1] ?? "", c: [{ t: "text", v: auto[1] ?? "" }] }, length: auto[0].length };
  if (!rest.startsWith("[")) return undefined;
  const end = closing(rest);
  if (end === undefined || rest[end + 1] !== "(") return undefined;
  const target = /^\((?:<([^<>\n]*)>|((?:[^\s()<>]|\([^\s()]*\))*))\)/.exec(rest.slice(end + 1));
  if (target) {
    const node: Inline = { t: "link", url: target[1] ?? target[2] ?? "", c: readInline(rest.slice(1, end)) };
    return { node, length: end + 1 + target[0].length };
  }
  const any = /^\([^\n)]*\)/.exec(rest.slice(end + 1));
  return any ? { node: { t: "raw", v: rest.slice(0, end + 1 + any[0].length) }, length: end + 1 + any[0].length } : undefined;
}

/** Where the bracket that opens a text closes. */
function closing(text: string): number | undefined {
  let depth = 0;
  for (let i = 0; i < text.length && text[i] !== "\n"; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "[") depth++;
    else if (text[i] === "]" && --depth === 0) return i;
  }
  return undefined;
}

/**
 * Asterisks around words: something other than a letter or digit on the outside, no space on the inside. Three of them
 * are both sorts of emphasis, or one around the other.
 */
function emphasisAt(text: string, at: number): Found | undefined {
  const run = /^\*{1,3}(?!\*)/.exec(text.slice(at))?.[0].length;
  const before = text[at - 1];
  if (run === undefined || before === "*" || (before !== undefined && !SPACE_OR_MARK.test(before)) || /^\s|^$/.test(text.slice(at + run))) return undefined;
  for (const length of run === 3 ? [3, 2, 1] : [run]) {
    const end = closingRun(text, at + length, length);
    if (end === undefined) continue;
    const c = readInline(text.slice(at + length, end));
    const strong: Inline = { t: "strong", c };
    const node: Inline = length === 1 ? { t: "em", c } : length === 2 ? strong : { t: "em", c: [strong] };
    return { node, length: end + length - at };
  }
  return undefined;
}

const hasStray = (inlines: readonly Inline[]): boolean => inlines.some((inline) => (inline.t === "text" ? inline.v.includes("*") : "c" in inline && hasStray(inline.c)));

/** Where the asterisks that end an emphasis begin. More of them than it has end what is in it as well. */
function closingRun(text: string, from: number, length: number): number | undefined {
  for (let i = from; i < text.length && text[i] !== "\n"; i++) {
    if (text[i] !== "*") continue;
    const close = /^\*+/.exec(text.slice(i))?.[0].length ?? 0;
    const after = text[i + close];
    const closes = i > from && !/[\s\\]/.test(text[i - 1] ?? "") && (after === undefined || SPACE_OR_MARK.test(after));
    const end = i + close - length;
    if (closes && (close === length || (close > length && !hasStray(readInline(text.slice(from, end)))))) return end;
    i += close - 1;
  }
  return undefined;
}

/** Words as they are written. What would be read as a mark and is none has a backslash before it. */
function writeInline(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => {
      switch (inline.t) {
        case "text":
          return writeLetters(inline.v);
        case "raw":
          return inline.v;
        case "br":
          return "\n";
        case "note":
          return `[^${inline.name}]`;
        case "em":
          return `*${writeInline(inline.c)}*`;
        case "strong":
          return `**${writeInline(inline.c)}**`;
        case "link":
          return `[${writeInline(inline.c)}](${/\s/.test(inline.url) ? `<${inline.url}>` : inline.url})`;
      }
    })
    .join("");
}

function writeLetters(text: string): string {
  const again = readInline(text);
  return again.length === 1 && again[0]?.t === "text" && again[0].v === text ? text : text.replace(/[*[]/g, "\\$&");
}

// ---- Paragraphs, lists, quotations ----

type ListBlock = Extract<Block, { t: "ul" | "ol" }>;

interface Level {
  list: ListBlock;
  indent: number;
}

const widthOf = (space: string): number => space.replaceAll("\t", "    ").length;

/** The lines of a field as a tree. */
export function readBlocks(text: string): Block[] {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const out: Block[] = [];
  const levels: Level[] = [];
  let gap = false;
  for (let i = 0; i < lines.length; i++) {
    let line = lines[i] ?? "";
    if (line.trim() === "") {
      gap = true;
      continue;
    }
    // A backslash at the end of a line breaks it within its paragraph.
    while (/\\$/.test(line) && i + 1 < lines.length && (lines[i + 1] ?? "").trim() !== "") line = line.slice(0, -1).trimEnd() + "\n" + (lines[++i] ?? "").trim();
    const point = pointOf(line, lines, i, levels);
    if (point) addPoint(out, levels, point, gap);
    else if (/^>(\s|$)/.test(line)) {
      const quoted: string[] = [line.replace(/^> ?/, "")];
      while (/^>(\s|$)/.test(lines[i + 1] ?? "")) quoted.push((lines[++i] ?? "").replace(/^> ?/, ""));
      levels.length = 0;
      out.push({ t: "quote", c: readBlocks(quoted.join("\n")) });
    } else addParagraph(out, levels, line);
    gap = false;
  }
  return out;
}

interface Point {
  indent: number;
  number: number | null;
  text: string;
}

/** A line that begins a point of a list. A figure does when it is the first, or follows or leads to its neighbour. */
function pointOf(line: string, lines: readonly string[], at: number, levels: readonly Level[]): Point | undefined {
  const bullet = BULLET.exec(line.split("\n")[0] ?? "");
  const more = line.includes("\n") ? line.slice(line.indexOf("\n")) : "";
  if (bullet && !/^\s*(?:\*[ \t]*){2,}$|^\s*(?:-[ \t]*){2,}$/.test(line)) return { indent: widthOf(bullet[1] ?? ""), number: null, text: (bullet[2] ?? "") + more };
  const numbered = NUMBER.exec(line.split("\n")[0] ?? "");
  if (!numbered) return undefined;
  const number = Number(numbered[2]);
  const indent = widthOf(numbered[1] ?? "");
  const level = levels.find((each) => each.indent === indent);
  const follows = level?.list.t === "ol" && level.list.start + level.list.items.length === number;
  const next = lines.slice(at + 1).find((other) => other.trim() !== "" && widthOf(/^\s*/.exec(other)?.[0] ?? "") <= indent);
  const leads = Number(NUMBER.exec(next ?? "")?.[2] ?? NaN) === number + 1;
  return number === 1 || follows || leads ? { indent, number, text: (numbered[3] ?? "") + more } : undefined;
}

function addPoint(out: Block[], levels: Level[], point: Point, gap: boolean): void {
  while (levels.length > 0 && (levels[levels.length - 1]?.indent ?? 0) > point.indent + 1) levels.pop();
  const top = levels[levels.length - 1];
  const item: Block[] = point.text.trim() === "" ? [] : [{ t: "p", c: readInline(point.text.trim()) }];
  const kind = point.number === null ? "ul" : "ol";
  const below = top !== undefined && point.indent >= top.indent + 2;
  const goesOn = top?.list.t === kind && (top.list.t === "ul" || top.list.start + top.list.items.length === point.number);
  if (top && !below && goesOn) {
    if (gap) top.list.tight = false;
    top.list.items.push(item);
    return;
  }
  const list: ListBlock = point.number === null ? { t: "ul", tight: true, items: [item] } : { t: "ol", start: point.number, tight: true, items: [item] };
  if (top && below) {
    if (gap) top.list.tight = false;
    top.list.items[top.list.items.length - 1]?.push(list);
    levels.push({ list, indent: point.indent });
    return;
  }
  levels.pop();
  const above = levels[levels.length - 1];
  (above ? (above.list.items[above.list.items.length - 1] ?? out) : out).push(list);
  levels.push({ list, indent: point.indent });
}

function addParagraph(out: Block[], levels: Level[], line: string): void {
  const indent = widthOf(/^\s*/.exec(line)?.[0] ?? "");
  while (levels.length > 0 && indent < (levels[levels.length - 1]?.indent ?? 0) + 2) levels.pop();
  const top = levels[levels.length - 1];
  const definition = DEFINITION.exec(line.trim());
  const text = line.trim().replace(/^\\(?=[-•·▪◦>]|\*\s)/, "").replace(/^(\d{1,9})\\(?=[.)])/, "$1");
  const paragraph: Block = definition ? { t: "definition", name: definition[1] ?? "", c: readInline(definition[2] ?? "") } : { t: "p", c: readInline(text) };
  if (!top || definition) {
    levels.length = 0;
    out.push(paragraph);
    return;
  }
  const item = top.list.items[top.list.items.length - 1] ?? [];
  // A second paragraph of a point stands apart from it.
  if (item.length > 0) top.list.tight = false;
  item.push(paragraph);
}

const indented = (text: string): string => text.replace(/\n(?=[^\n])/g, "\n  ");

/** A tree as it is written in a field. */
export function writeBlocks(blocks: readonly Block[]): string {
  let out = "";
  blocks.forEach((block, i) => {
    if (i > 0) out += "\n\n";
    out += writeBlock(block);
  });
  return out;
}

function writeBlock(block: Block): string {
  switch (block.t) {
    case "p":
      return writeParagraph(block.c);
    case "quote":
      return writeBlocks(block.c).split("\n").map((line) => (line === "" ? ">" : "> " + line)).join("\n");
    case "definition":
      return `[^${block.name}]: ${writeInline(block.c)}`;
    case "ul":
    case "ol":
      return block.items.map((item, i) => (block.t === "ul" ? "- " : `${block.start + i}. `) + indented(writeItem(item, block.tight))).join(block.tight ? "\n" : "\n\n");
  }
}

const writeItem = (item: readonly Block[], tight: boolean): string => item.map(writeBlock).join(tight ? "\n" : "\n\n");

function writeParagraph(inlines: readonly Inline[]): string {
  const text = writeInline(inlines).replaceAll("\n", "\\\n");
  const again = readBlocks(text);
  if (again.length === 1 && again[0]?.t === "p") return text;
  return /^\d/.test(text) ? text.replace(/^(\d{1,9})(?=[.)])/, "$1\\") : "\\" + text;
}

// ---- Between the field and the model ----

/**
 * What is sent of what was written, unless the service would find more marks of secrecy in the letters as they stand: no
 * reading of this page may make one of them a mere word.
 */
function withMarks(written: string, markdown: string): string {
  if (!/sekretess|personuppgift/i.test(written)) return markdown;
  const standing = fromMarkdown(written);
  return standing === null || marksOfSecrecy(standing) > marksOfSecrecy(fromMarkdown(markdown) ?? []) ? written : markdown;
}

/** The Markdown of what is written. */
export function markdownOf(written: string): string {
  return LISTED_MARK.test(written) ? written : withMarks(written, toMarkdown(readBlocks(written)));
}

/** What a field shows of Markdown, and whether that says all of it. Where it does not, the Markdown itself is shown. */
export function writtenOf(markdown: string): { text: string; whole: boolean } {
  const blocks = fromMarkdown(markdown);
  if (blocks === null || LISTED_MARK.test(markdown)) return { text: markdown, whole: false };
  const text = writeBlocks(blocks);
  return sameText(fromMarkdown(markdownOf(text)), blocks) ? { text, whole: true } : { text: markdown, whole: false };
}

/** The same for a field of one line, a heading or a cell. */
export const markdownOfLine = (written: string): string => withMarks(written, toLine(readInline(written)));

export function writtenOfLine(markdown: string): string {
  if (!/[*_[\\`<]/.test(markdown)) return markdown;
  const blocks = fromMarkdown(markdown.replace(/^(\s*\d*)([-+#>=~.)]|\*(?=\s))/, "$1\\$2"));
  const [only] = blocks ?? [];
  if (blocks?.length !== 1 || only?.t !== "p") return markdown;
  const text = writeInline(only.c);
  return markdownOfLine(text) === markdown || toLine(only.c) === toLine(readInline(text)) ? text : markdown;
}

/** Letters that came from elsewhere, and of which none is meant as a mark. */
export const markdownOfLetters = (letters: string): string => toLine([{ t: "text", v: letters }]);

/** The letters of a line, for headings of the page and names of files. */
export const lettersOfLine = (markdown: string): string => (/[*_[\\`<]/.test(markdown) ? lettersOf(readInline(writtenOfLine(markdown))) : markdown);
