/** Which sections are open: a small store, so that a change elsewhere does not draw the whole form anew. */
import { useSyncExternalStore } from "react";
import { Listeners } from "./listeners.ts";
import { withAncestors } from "./pointer.ts";

/** Lists that stand outside the section with the other details of what they belong to. */
const OWN_PLACE = new Set(["rows", "columns", "handlingar"]);

/** Which sections are open. */
export class OpenStore extends Listeners {
  private readonly open = new Map<string, boolean>();
  private readonly revealing = new Set<(pointer: string) => void>();

  /** Tells of each place that somebody is led to. */
  readonly onReveal = (listener: (pointer: string) => void): (() => void) => {
    this.revealing.add(listener);
    return () => this.revealing.delete(listener);
  };

  isOpen(pointer: string, otherwise: boolean): boolean {
    return this.open.get(pointer) ?? otherwise;
  }

  set(pointer: string, value: boolean): void {
    this.open.set(pointer, value);
    this.tell();
  }

  /** Opens all that a place lies in. */
  reveal(pointer: string): void {
    let below = "";
    for (const at of withAncestors(pointer)) {
      this.open.set(at, true);
      // What a table or an item says of itself lies in a section of its own, beside the lists it has.
      if (!OWN_PLACE.has(below)) this.open.set(at + "/#about", true);
      below = at.slice(at.lastIndexOf("/") + 1);
    }
    this.tell();
    this.lead(pointer);
  }

  /** Tells that somebody is led to a place. */
  lead(pointer: string): void {
    for (const listener of this.revealing) listener(pointer);
  }

  /** The elements of a list have new places: `to` tells which, or null for one that is gone. */
  rearranged(list: string, to: (index: number) => number | null): void {
    const prefix = list + "/";
    const entries = [...this.open.entries()].filter(([key]) => key.startsWith(prefix));
    for (const [key] of entries) this.open.delete(key);
    for (const [key, value] of entries) {
      const [index = "", ...rest] = key.slice(prefix.length).split("/");
      const next = /^\d+$/.test(index) ? to(Number(index)) : index;
      if (next !== null) this.open.set([prefix + next, ...rest].join("/"), value);
    }
    this.tell();
  }

  clear(): void {
    this.open.clear();
    this.tell();
  }
}

export function useOpen(store: OpenStore, pointer: string, otherwise: boolean): [boolean, (open: boolean) => void] {
  const open = useSyncExternalStore(store.subscribe, () => store.isOpen(pointer, otherwise));
  return [open, (value) => store.set(pointer, value)];
}
