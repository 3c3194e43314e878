/**
 * Text copied from Word, a web page or a mail, as the tree of a running text: its paragraphs, points, emphasis, links and
 * notes, and its tables apart. The clipboard's HTML is read into a document that is never shown, so nothing in it runs.
 *
 * Converters of HTML to Markdown (turndown was weighed) know nothing of Word's lists, which are paragraphs with a style.
 */
import { tidy, type Block, type Inline } from "./tree.ts";

export type Part = { t: "text"; blocks: Block[] } | { t: "table"; cells: string[][] };

export interface Copied {
  parts: Part[];
  /** Pictures do not come along. */
  pictures: number;
}

const BLOCKS = new Set(["ADDRESS", "ARTICLE", "BLOCKQUOTE", "BODY", "DD", "DIV", "DL", "DT", "H1", "H2", "H3", "H4", "H5", "H6", "HR", "LI", "MAIN", "OL", "P", "PRE", "SECTION", "TABLE", "UL"]);
const NOTHING = new Set(["HEAD", "META", "NOSCRIPT", "SCRIPT", "STYLE", "TEMPLATE", "TITLE", "LINK", "COL", "COLGROUP"]);
const RAISED: Record<string, string> = { 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
const LOWERED: Record<string, string> = { 0: "₀", 1: "₁", 2: "₂", 3: "₃", 4: "₄", 5: "₅", 6: "₆", 7: "₇", 8: "₈", 9: "₉" };

const STYLE = "data-style";
const styleOf = (element: Element): string => (element.getAttribute(STYLE) ?? "").toLowerCase();

/** Styles as plain attributes: they are read here, and the page's policy refuses to have them applied. */
const unstyled = (html: string): string =>
  html.replace(/<style\b[^]*?<\/style>/gi, "").replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/i, ` ${STYLE}=`));

/** Reads the clipboard's HTML. */
export function readHtml(html: string): Copied {
  const document = new DOMParser().parseFromString(unstyled(html), "text/html");
  const reader = new HtmlReader();
  reader.children(document.body);
  return { parts: reader.finish(), pictures: reader.pictures };
}

/** Whether there is more in it than letters: else the clipboard's plain text is as good. */
export function hasStructure({ parts }: Copied): boolean {
  const [only] = parts;
  if (parts.length !== 1 || only?.t !== "text") return parts.length > 0;
  const [block] = only.blocks;
  return only.blocks.length > 1 || (block !== undefined && (block.t !== "p" || block.c.some((inline) => inline.t !== "text")));
}

interface Marks {
  em: boolean;
  strong: boolean;
}
const PLAIN: Marks = { em: false, strong: false };

type ListBlock = Extract<Block, { t: "ul" | "ol" }>;

class HtmlReader {
  pictures = 0;
  private readonly parts: Part[] = [];
  private blocks: Block[] = [];
  private line: Inline[] = [];
  /** Lists that are open, outermost first. */
  private lists: ListBlock[] = [];

  finish(): Part[] {
    this.endLine();
    this.endText();
    return this.parts;
  }

  children(of: Node, marks: Marks = PLAIN): void {
    for (const child of of.childNodes) this.node(child, marks);
  }

  private node(node: Node, marks: Marks): void {
    if (node.nodeType === Node.TEXT_NODE) return this.letters((node.textContent ?? "").replace(/[ \t\r\n]+/g, " "), marks);
    if (!(node instanceof Element) || NOTHING.has(node.tagName) || /display:\s*none|mso-hide:\s*all/.test(styleOf(node))) return;
    if (node.tagName === "IMG" || node.tagName === "V:IMAGEDATA") this.pictures++;
    else if (node.tagName === "BR") this.break();
    else if (node.tagName === "TABLE") this.table(node as HTMLTableElement);
    else if (BLOCKS.has(node.tagName)) this.blockElement(node);
    else this.inlineElement(node, marks);
  }

  private letters(text: string, marks: Marks): void {
    const clean = text.replace(/\u00ad|\u200b/g, "");
    if (clean === "" || (clean === " " && this.line.length === 0)) return;
    const letters: Inline = { t: "text", v: clean };
    const em: Inline = marks.em ? { t: "em", c: [letters] } : letters;
    this.line.push(marks.strong ? { t: "strong", c: [em] } : em);
  }

  private break(): void {
    if (this.line.length > 0) this.line.push({ t: "br" });
  }

  private inlineElement(element: Element, marks: Marks): void {
    const style = styleOf(element);
    const href = element.getAttribute("href") ?? "";
    if (/mso-list:\s*ignore/.test(style)) return;
    const note = /^#_(?:ftn|edn|sdfootnote)(\d+)/.exec(href)?.[1];
    // In the text it is the note; before the note's own words it leads back.
    if (note !== undefined) return void this.line.push({ t: "note", name: note });
    if (/^#_(?:ftn|edn)ref/.test(href)) return;
    if (element.tagName === "SUP" || element.tagName === "SUB") {
      const signs = element.tagName === "SUP" ? RAISED : LOWERED;
      if (/^\d+$/.test(element.textContent ?? "")) return this.letters([...(element.textContent ?? "")].map((c) => signs[c]).join(""), marks);
    }
    const weight = /font-weight:\s*(\w+)/.exec(style)?.[1];
    const strong = weight ? /^(bold|bolder|[6-9]00)$/.test(weight) : marks.strong || /^(B|STRONG)$/.test(element.tagName);
    const slant = /font-style:\s*(\w+)/.exec(style)?.[1];
    const em = slant ? slant === "italic" || slant === "oblique" : marks.em || /^(I|EM|CITE)$/.test(element.tagName);
    if (!/^(https?:|mailto:|tel:)/i.test(href)) return this.children(element, { em, strong });
    const before = this.line;
    this.line = [];
    this.children(element, { em, strong });
    const inner = joined(this.line);
    this.line = before;
    if (inner.length > 0) this.line.push({ t: "link", url: href, c: inner });
  }

  private blockElement(element: Element): void {
    this.endLine();
    const list = /^(UL|OL)$/.test(element.tagName);
    if (list) return this.listElement(element);
    const level = /mso-list:[^;]*level(\d)/.exec(styleOf(element))?.[1];
    if (level) return this.wordPoint(element, Number(level));
    const definition = /^(?:_?ftn|_?edn|sdfootnote)(\d+)$/.exec(element.id)?.[1];
    if (element.tagName !== "DIV" && element.tagName !== "SECTION" && element.tagName !== "BODY" && this.lists.length > 0 && this.isOutside(element)) this.lists = [];
    if (definition !== undefined) return this.definition(element, definition);
    const strong = /^H[1-6]$/.test(element.tagName);
    if (element.tagName === "BLOCKQUOTE") return this.quote(element);
    this.children(element, { em: false, strong });
    this.endLine();
  }

  /** Whether a paragraph ends the list of Word's paragraphs before it. */
  private isOutside(element: Element): boolean {
    return element.closest("li") === null;
  }

  private quote(element: Element): void {
    const outer = this.blocks;
    this.blocks = [];
    this.children(element);
    this.endLine();
    const inner = this.blocks;
    this.blocks = outer;
    if (inner.length > 0) this.blocks.push({ t: "quote", c: inner });
  }

  private definition(element: Element, name: string): void {
    this.children(element);
    const c = joined(this.line);
    this.line = [];
    if (c.length > 0) this.blocks.push({ t: "definition", name, c });
    else {
      // Its words are in a paragraph within, which has been ended.
      const last = this.blocks.pop();
      if (last?.t === "p") this.blocks.push({ t: "definition", name, c: last.c });
      else if (last) this.blocks.push(last);
    }
  }

  private listElement(element: Element): void {
    const start = Number(element.getAttribute("start") ?? 1) || 1;
    const list: ListBlock = element.tagName === "OL" && !/^[aAiI]$/.test(element.getAttribute("type") ?? "") ? { t: "ol", start, tight: true, items: [] } : { t: "ul", tight: true, items: [] };
    const into = this.blocks;
    const outerLists = this.lists;
    this.lists = [];
    for (const child of element.children) {
      // Some write a list within a list beside its points.
      const item = child.tagName === "LI" ? [] : (list.items[list.items.length - 1] ?? []);
      if (child.tagName === "LI" || list.items.length === 0) list.items.push(item);
      this.blocks = item;
      if (child.tagName === "LI") this.children(child);
      else this.node(child, PLAIN);
      this.endLine();
    }
    this.lists = outerLists;
    this.blocks = into;
    const items = list.items.filter((item) => item.length > 0);
    if (items.length > 0) into.push({ ...list, items });
  }

  /** A paragraph that Word shows as a point: its marker stands in a part of its own. */
  private wordPoint(element: Element, level: number): void {
    const marker = ([...element.querySelectorAll(`[${STYLE}]`)].find((part) => /mso-list:\s*ignore/.test(styleOf(part)))?.textContent ?? "·").replace(/[\s\u00a0]/g, "");
    const number = /^\(?(\d+)[.)]?$/.exec(marker)?.[1];
    // Letters and chapters have no list of their own here: they stay as they are written.
    const kept = number === undefined && /^[\p{L}\d.()]{2,}$/u.test(marker) ? marker + " " : "";
    if (kept !== "") {
      this.lists = [];
      this.letters(kept, PLAIN);
      this.children(element);
      return this.endLine();
    }
    this.lists.length = Math.min(this.lists.length, level);
    const kind = number === undefined ? "ul" : "ol";
    if (this.lists.length === level && this.lists[level - 1]?.t !== kind) this.lists.length = level - 1;
    if (this.lists.length < level) {
      const list: ListBlock = number === undefined ? { t: "ul", tight: true, items: [] } : { t: "ol", start: Number(number), tight: true, items: [] };
      const above = this.lists[this.lists.length - 1];
      (above?.items[above.items.length - 1] ?? this.blocks).push(list);
      this.lists.push(list);
    }
    const item: Block[] = [];
    this.lists[this.lists.length - 1]?.items.push(item);
    this.children(element);
    const c = joined(this.line);
    this.line = [];
    if (c.length > 0) item.push({ t: "p", c });
  }

  private table(element: HTMLTableElement): void {
    this.endLine();
    const cells = [...element.rows].map((row) =>
      [...row.cells].flatMap((cell) => {
        const text = (cell.textContent ?? "").replace(/[\s\u00a0]+/g, " ").trim();
        return [text, ...Array<string>(Math.max(0, Math.min(cell.colSpan, 100) - 1)).fill("")];
      }),
    );
    if (cells.length === 0) return;
    this.endText();
    // A frame around a text is no table.
    if (cells.length === 1 && cells[0]?.length === 1) return this.children(element.rows[0]?.cells[0] ?? element);
    this.parts.push({ t: "table", cells });
  }

  private endLine(): void {
    const c = joined(this.line);
    this.line = [];
    if (c.length > 0) this.blocks.push({ t: "p", c });
  }

  private endText(): void {
    if (this.blocks.length > 0) this.parts.push({ t: "text", blocks: this.blocks });
    this.blocks = [];
    this.lists = [];
  }
}

/** A line with neighbours of the same emphasis made one, and spaces and signs moved to where emphasis can end. */
function joined(line: readonly Inline[]): Inline[] {
  const merged: Inline[] = [];
  for (const inline of line) {
    const last = merged[merged.length - 1];
    if ((inline.t === "strong" || inline.t === "em") && last?.t === inline.t) merged[merged.length - 1] = { ...last, c: [...last.c, ...inline.c] };
    else merged.push(inline);
  }
  const loose = merged.flatMap((inline): Inline[] => (inline.t === "strong" || inline.t === "em" ? loosened(inline) : [inline]));
  return trimmed(tidy(loose));
}

/** Emphasis without the spaces at its ends, nor the sign after which a letter would follow. */
function loosened(inline: Extract<Inline, { t: "em" | "strong" }>): Inline[] {
  const inner = joinedInner(inline.c);
  const [first, last] = [inner[0], inner[inner.length - 1]];
  const before = first?.t === "text" ? (/^\s+/.exec(first.v)?.[0] ?? "") : "";
  if (first?.t === "text") inner[0] = { t: "text", v: first.v.slice(before.length) };
  const end = inner[inner.length - 1];
  const after = last?.t === "text" && end?.t === "text" ? (/[\s.,:;!?]*\s*$/.exec(end.v)?.[0] ?? "") : "";
  if (end?.t === "text" && after !== "") inner[inner.length - 1] = { t: "text", v: end.v.slice(0, end.v.length - after.length) };
  const c = tidy(inner);
  return [{ t: "text", v: before }, ...(c.length > 0 ? [{ t: inline.t, c }] : []), { t: "text", v: after }];
}

const joinedInner = (c: readonly Inline[]): Inline[] => {
  const merged: Inline[] = [];
  for (const inline of tidy(c)) {
    const last = merged[merged.length - 1];
    if (inline.t === "em" && last?.t === "em") merged[merged.length - 1] = { t: "em", c: tidy([...last.c, ...inline.c]) };
    else merged.push(inline);
  }
  return merged;
};

/** No spaces or breaks at the ends, and one space where there were several. */
function trimmed(line: Inline[]): Inline[] {
  const out = line.map((inline): Inline => (inline.t === "text" ? { t: "text", v: inline.v.replace(/[\u00a0 \t\n]{2,}/g, " ") } : inline));
  const isEdge = (inline: Inline | undefined) => inline?.t === "br" || (inline?.t === "text" && inline.v.trim() === "");
  while (isEdge(out[0])) out.shift();
  while (isEdge(out[out.length - 1])) out.pop();
  const [first, last] = [out[0], out[out.length - 1]];
  if (first?.t === "text") out[0] = { t: "text", v: first.v.trimStart() };
  if (last?.t === "text") out[out.length - 1] = { t: "text", v: (out[out.length - 1] as { v: string }).v.trimEnd() };
  return out;
}
