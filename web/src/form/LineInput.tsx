import { markdownOfLine, writtenOfLine } from "../text/written.ts";
import type { Aria } from "./Labelled.tsx";
import { useWritten } from "./written.ts";

interface Props extends Omit<React.InputHTMLAttributes<HTMLInputElement>, "value" | "onChange" | "id"> {
  aria: Aria;
  /** Markdown of one paragraph. */
  value: string;
  onLine: (markdown: string) => void;
}

/** A field of one line, such as a heading. What looks like a mark in it and is none is printed. */
export function LineInput({ aria, value, onLine, ...rest }: Props) {
  const { text, onText, onBlur } = useWritten(value, writtenOfLine, markdownOfLine, onLine);
  return <input {...aria} {...rest} type="text" lang="sv" value={text} autoComplete="off" onChange={(event) => onText(event.target.value)} onBlur={onBlur} />;
}
