/** From a place in the model to its field on the page. */
import { fromPointer, withAncestors } from "../lib/pointer.ts";
import type { OpenStore } from "../lib/store.ts";

/** The element id of the field at a pointer. */
export const fieldId = (pointer: string): string => "f" + pointer;

/** The section of the seldom used fields, and which they are. */
export const MORE = "#more";
export const MORE_FIELDS: readonly string[] = ["andra_dnr", "keywords", "kontakt", "sekretess", "personuppgift"];

/** In a pack, the section with what the kallelse says beside its items. */
export const MEETING = "#meeting";

const FOCUSABLE = "input:not([type=hidden]), textarea, select, button";

/** The field at the pointer, or else the closest thing that it lies in. */
export function fieldAt(pointer: string, root: ParentNode = document): HTMLElement | null {
  for (const at of withAncestors(pointer)) {
    const element = root.querySelector<HTMLElement>("#" + CSS.escape(fieldId(at)));
    if (element) return element;
  }
  return null;
}

function focus(element: HTMLElement): void {
  const target = element.matches(FOCUSABLE) ? element : (element.querySelector<HTMLElement>(FOCUSABLE) ?? element);
  target.scrollIntoView({ block: "center", behavior: "instant" });
  target.focus({ preventScroll: true });
  element.classList.add("arrived");
  setTimeout(() => element.classList.remove("arrived"), 1600);
}

/** Opens what the field lies in, and moves the focus to it. */
export function jumpTo(pointer: string, open: OpenStore): void {
  open.reveal(pointer);
  const [first] = fromPointer(pointer);
  if (first !== "arenden") open.set(MEETING, true);
  if (first !== undefined && MORE_FIELDS.includes(first)) open.set(MORE, true);
  // Sections within sections are drawn one after the other.
  let tries = 0;
  const attempt = () => {
    const element = fieldAt(pointer);
    const exact = element?.id === fieldId(pointer);
    if (exact || tries++ > 4) {
      if (element) focus(element);
    } else requestAnimationFrame(attempt);
  };
  requestAnimationFrame(attempt);
}
