/** A field of running text: what is written in it is printed, and what is pasted keeps its paragraphs, points and tables. */
import { useMemo, useRef, useState, type ClipboardEvent } from "react";
import { hasStructure, readHtml, type Copied, type Part } from "../text/html.ts";
import { markdownOf, writeBlocks, writtenOf } from "../text/written.ts";
import { announce } from "../parts/announce.tsx";
import { useT } from "../texts/index.tsx";
import { GrowingText } from "./GrowingText.tsx";
import type { Aria } from "./Labelled.tsx";

interface Props {
  aria: Aria;
  /** Markdown. */
  value: string;
  label?: string;
  rows?: number;
  onChange: (markdown: string) => void;
  /** Where tables may stand beside texts: what is before, in and after what was pasted. */
  onParts?: (before: string, parts: readonly Part[], after: string) => void;
}

/** Two texts with a paragraph's end between them, where both have something. */
const apart = (a: string, b: string): string => (a.trim() === "" ? b : b.trim() === "" ? a : a.replace(/\n*$/, "") + "\n\n" + b.replace(/^\n*/, ""));

/** The rows of a table as paragraphs, where no table can stand. */
const asLines = (part: Part): string => (part.t === "text" ? writeBlocks(part.blocks) : part.cells.map((row) => row.join("; ")).join("\n"));

export function RunningText({ aria, value, label, rows, onChange, onParts }: Props) {
  const t = useT();
  const area = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useState<{ text: string; value: string; whole: boolean } | null>(null);
  const typed = draft !== null && draft.value === value ? draft : null;
  const derived = useMemo(() => (typed === null ? writtenOf(value) : null), [value, typed === null]);
  const now = typed ?? derived ?? writtenOf(value);

  const write = (text: string) => {
    const next = now.whole ? markdownOf(text) : text;
    setDraft({ text, value: next, whole: now.whole });
    onChange(next);
  };

  const put = (before: string, copied: Copied, after: string) => {
    const tables = copied.parts.filter((part) => part.t === "table").length;
    if (tables > 0 && onParts) {
      setDraft(null);
      onParts(markdownOf(before), copied.parts, markdownOf(after));
    } else {
      const added = copied.parts.map(asLines).join("\n\n");
      const single = !added.includes("\n");
      const start = single ? before + added : apart(before, added);
      write(single ? start + after : apart(start, after));
      requestAnimationFrame(() => area.current?.setSelectionRange(start.length, start.length));
    }
    announce([t.pasted.text, tables > 0 ? (onParts ? t.pasted.tables(tables) : t.pasted.tableAsText) : "", copied.pictures > 0 ? t.pasted.pictures(copied.pictures) : ""].filter(Boolean).join(" "));
  };

  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const html = event.clipboardData.getData("text/html");
    if (html === "" || !now.whole) return;
    const copied = readHtml(html);
    if (!hasStructure(copied)) return;
    event.preventDefault();
    const { selectionStart, selectionEnd } = event.currentTarget;
    put(now.text.slice(0, selectionStart), copied, now.text.slice(selectionEnd));
  };

  return (
    <>
      <GrowingText ref={area} aria={aria} label={label} rows={rows} value={now.text} onChange={write} onBlur={() => setDraft(null)} onPaste={onPaste} />
      {!now.whole && <p className="help">{t.textRaw}</p>}
    </>
  );
}
