import { useLayoutEffect, useRef, type ClipboardEvent, type Ref } from "react";
import type { Aria } from "./Labelled.tsx";

const SIZES_ITSELF = typeof CSS !== "undefined" && CSS.supports("field-sizing", "content");

interface Props {
  ref?: Ref<HTMLTextAreaElement>;
  aria: Aria;
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  onPaste?: (event: ClipboardEvent<HTMLTextAreaElement>) => void;
  rows?: number;
  label?: string;
}

/** A field of several lines that is as high as its text. */
export function GrowingText(props: Props) {
  const own = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = own.current;
    if (SIZES_ITSELF || element === null) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [props.value]);
  return (
    <textarea
      ref={(element) => {
        own.current = element;
        if (typeof props.ref === "function") props.ref(element);
        else if (props.ref) props.ref.current = element;
      }}
      {...props.aria}
      aria-label={props.label}
      lang="sv"
      className="grows"
      rows={props.rows ?? 2}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
      onBlur={props.onBlur}
      onPaste={props.onPaste}
      spellCheck
    />
  );
}
