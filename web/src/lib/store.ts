/** Small stores that a single field can listen to, so that a change elsewhere does not draw the whole form anew. */
import { useSyncExternalStore } from "react";
import type { Finding } from "./api.ts";
import { withAncestors } from "./pointer.ts";

class Listeners {
  private readonly all = new Set<() => void>();
  readonly subscribe = (listener: () => void): (() => void) => {
    this.all.add(listener);
    return () => this.all.delete(listener);
  };
  protected tell(): void {
    for (const listener of this.all) listener();
  }
}

const NONE: readonly Finding[] = [];

/** The findings of the document, by their place. */
export class FindingStore extends Listeners {
  private byPointer = new Map<string, Finding[]>();
  private below = new Map<string, number>();
  private readonly lists = new Map<string, readonly Finding[]>();

  set(findings: readonly Finding[]): void {
    this.byPointer = new Map();
    this.below = new Map();
    this.lists.clear();
    for (const finding of findings) {
      const list = this.byPointer.get(finding.pointer);
      if (list) list.push(finding);
      else this.byPointer.set(finding.pointer, [finding]);
      for (const pointer of withAncestors(finding.pointer)) this.below.set(pointer, (this.below.get(pointer) ?? 0) + 1);
    }
    this.tell();
  }

  at(pointer: string): readonly Finding[] {
    return this.byPointer.get(pointer) ?? NONE;
  }

  /** Findings at a place and in what it holds. The same list until the findings change. */
  listWithin(pointer: string): readonly Finding[] {
    const known = this.lists.get(pointer);
    if (known) return known;
    const list: Finding[] = [];
    for (const [at, findings] of this.byPointer) {
      if (at === pointer || at.startsWith(pointer + "/")) list.push(...findings);
    }
    const kept = list.length > 0 ? list : NONE;
    this.lists.set(pointer, kept);
    return kept;
  }

  countWithin(pointer: string): number {
    return this.below.get(pointer) ?? 0;
  }
}

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

export function useFindings(store: FindingStore, pointer: string): readonly Finding[] {
  return useSyncExternalStore(store.subscribe, () => store.at(pointer));
}

export function useFindingCount(store: FindingStore, pointer: string): number {
  return useSyncExternalStore(store.subscribe, () => store.countWithin(pointer));
}

export function useOpen(store: OpenStore, pointer: string, otherwise: boolean): [boolean, (open: boolean) => void] {
  const open = useSyncExternalStore(store.subscribe, () => store.isOpen(pointer, otherwise));
  return [open, (value) => store.set(pointer, value)];
}
