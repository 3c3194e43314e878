/**
 * Running text as a tree, read from the Markdown of the model as the service reads it (crates/model/src/text).
 *
 * The reader is micromark's (mdast-util-from-markdown, MIT), which follows CommonMark by the letter, with footnotes. As in
 * the service `&` is a letter: it is changed for a sign of its class while the text is read.
 */
import { fromMarkdown as parse } from "mdast-util-from-markdown";
import { gfmFootnoteFromMarkdown } from "mdast-util-gfm-footnote";
import { gfmFootnote } from "micromark-extension-gfm-footnote";

export type Inline =
  | { t: "text"; v: string }
  | { t: "em" | "strong"; c: Inline[] }
  | { t: "link"; url: string; c: Inline[] }
  | { t: "note"; name: string }
  /** What must reach the service as it was written. */
  | { t: "raw"; v: string }
  | { t: "br" };

export type Block =
  | { t: "p"; c: Inline[] }
  | { t: "ul"; tight: boolean; items: Block[][] }
  | { t: "ol"; start: number; tight: boolean; items: Block[][] }
  | { t: "quote"; c: Block[] }
  | { t: "definition"; name: string; c: Inline[] };

/** The node of the library, as far as it is of use here. */
interface Node {
  type: string;
  value?: string;
  url?: string;
  identifier?: string;
  label?: string;
  ordered?: boolean;
  start?: number | null;
  spread?: boolean | null;
  children?: Node[];
}

const AMPERSAND = "\uFF06";

class Unfit extends Error {}

/** Reads it. Null when it has something that the fields of the page have no way to show: a heading, a picture. */
export function fromMarkdown(markdown: string): Block[] | null {
  const source = markdown.replaceAll("&", AMPERSAND);
  const root = parse(source, { extensions: [gfmFootnote()], mdastExtensions: [gfmFootnoteFromMarkdown()] }) as Node;
  const targets = new Map<string, string>();
  const collect = (node: Node) => {
    if (node.type === "definition" && node.identifier && !targets.has(node.identifier)) targets.set(node.identifier, node.url ?? "");
    node.children?.forEach(collect);
  };
  collect(root);
  try {
    return new Reader(targets).blocks(root);
  } catch (error) {
    if (error instanceof Unfit) return null;
    throw error;
  }
}

class Reader {
  constructor(private readonly targets: ReadonlyMap<string, string>) {}

  blocks(node: Node): Block[] {
    return (node.children ?? []).flatMap((child) => this.block(child));
  }

  private block(node: Node): Block[] {
    switch (node.type) {
      case "paragraph":
        return [{ t: "p", c: tidy(this.inlines(node)) }];
      case "list": {
        const items = (node.children ?? []).map((item) => this.blocks(item));
        const tight = !node.spread && !(node.children ?? []).some((item) => item.spread);
        return [node.ordered ? { t: "ol", start: node.start ?? 1, tight, items } : { t: "ul", tight, items }];
      }
      case "blockquote":
        return [{ t: "quote", c: this.blocks(node) }];
      case "footnoteDefinition": {
        const inner = this.blocks(node);
        const [only] = inner;
        if (inner.length !== 1 || only?.t !== "p") throw new Unfit();
        return [{ t: "definition", name: plain(node.label ?? ""), c: only.c }];
      }
      // Where it leads is said where it is used.
      case "definition":
        return [];
      default:
        throw new Unfit();
    }
  }

  private inlines(node: Node): Inline[] {
    return (node.children ?? []).flatMap((child) => this.inline(child));
  }

  private inline(node: Node): Inline[] {
    switch (node.type) {
      case "text":
        return [{ t: "text", v: plain(node.value ?? "").replace(/[ \t]*\n[ \t]*/g, " ") }];
      // Both are letters in a municipal text.
      case "html":
        return [{ t: "text", v: plain(node.value ?? "").replaceAll("\n", " ") }];
      case "inlineCode":
        return [{ t: "text", v: "`" + plain(node.value ?? "") + "`" }];
      case "break":
        return [{ t: "br" }];
      case "emphasis":
        return [{ t: "em", c: tidy(this.inlines(node)) }];
      case "strong":
        return [{ t: "strong", c: tidy(this.inlines(node)) }];
      case "link":
        return [{ t: "link", url: plain(node.url ?? ""), c: tidy(this.inlines(node)) }];
      case "linkReference": {
        const url = this.targets.get(node.identifier ?? "");
        if (url === undefined) throw new Unfit();
        return [{ t: "link", url: plain(url), c: tidy(this.inlines(node)) }];
      }
      case "footnoteReference":
        return [{ t: "note", name: plain(node.label ?? "") }];
      default:
        throw new Unfit();
    }
  }
}

const plain = (text: string): string => text.replaceAll(AMPERSAND, "&");

/** Neighbouring texts as one; none that is empty. */
export function tidy(inlines: readonly Inline[]): Inline[] {
  const out: Inline[] = [];
  for (const inline of inlines) {
    const last = out[out.length - 1];
    if (inline.t === "text" && last?.t === "text") out[out.length - 1] = { t: "text", v: last.v + inline.v };
    else if (inline.t !== "text" || inline.v !== "") out.push(inline);
  }
  return out;
}

/** The letters of a text alone. */
export function lettersOf(inlines: readonly Inline[]): string {
  return inlines.map((i) => (i.t === "text" || i.t === "raw" ? i.v : i.t === "br" ? "\n" : i.t === "note" ? `[^${i.name}]` : lettersOf(i.c))).join("");
}

const marksIn = (inlines: readonly Inline[]): number =>
  inlines.reduce((n, inline) => n + ("c" in inline ? marksIn(inline.c) + Number(inline.t === "link" && /^(personuppgift|sekretess):/i.test(inline.url)) : 0), 0);

/** How many words of a text are marked as secret or personal. */
export const marksOfSecrecy = (blocks: readonly Block[]): number =>
  blocks.reduce((n, block) => {
    if (block.t === "p" || block.t === "definition") return n + marksIn(block.c);
    return n + (block.t === "quote" ? marksOfSecrecy(block.c) : block.items.reduce((m, item) => m + marksOfSecrecy(item), 0));
  }, 0);
