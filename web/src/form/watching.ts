/** Tells the findings where the focus is, so that they wait until a field was left. */
import type { FocusEvent } from "react";
import type { FindingStore } from "../lib/findings.ts";

/** The pointer of the field that an element belongs to. */
function pointerOf(element: EventTarget | null): string | null {
  const field = element instanceof Element ? element.closest('[id^="f/"]') : null;
  return field === null ? null : field.id.slice(1).replace(/--.*$/, "");
}

export const watching = (findings: FindingStore) => ({
  onFocus: (event: FocusEvent) => findings.moved(pointerOf(event.target)),
  onBlur: (event: FocusEvent) => findings.moved(pointerOf(event.relatedTarget)),
});
