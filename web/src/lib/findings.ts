/** What has been found wrong in a document, by its place, so that a change elsewhere does not draw the whole form anew. */
import { useSyncExternalStore } from "react";
import type { Finding } from "./api.ts";
import { Listeners } from "./listeners.ts";
import { withAncestors } from "./pointer.ts";

const NONE: readonly Finding[] = [];

/** Rules that say that something is not there yet, or only the template's: of a field that nobody has been to that is no news. */
const NOT_THERE = new Set(["TEMPLATE", "MOD005", "MOD007", "DEL001", "DNR002", "ARE002", "SIG001", "SIG003"]);
const wordsOf = (finding: Finding): string => finding.code + finding.message_sv;

/**
 * The findings of the document, by their place. What is found in a field while it is being written in is told when it is
 * left; and what is missing in a new document when its field was left, or when somebody asks.
 */
export class FindingStore extends Listeners {
  private all: readonly Finding[] = [];
  private focused: string | null = null;
  private known = new Set<string>();
  private readonly left = new Set<string>();
  private quiet = false;
  private byPointer = new Map<string, Finding[]>();
  private below = new Map<string, number>();
  private readonly lists = new Map<string, readonly Finding[]>();

  set(findings: readonly Finding[]): void {
    this.all = findings;
    this.sort();
  }

  /** Another document. A new one is quiet about what is missing until it is asked. */
  begin(quiet: boolean): void {
    this.quiet = quiet;
    this.left.clear();
    this.sort();
  }

  /** Somebody wants to know all. */
  ask(): void {
    if (!this.quiet) return;
    this.quiet = false;
    this.sort();
  }

  /** The focus has moved from a field to another, or to none. */
  moved(to: string | null): void {
    if (to === this.focused) return;
    const within = to === null ? [] : withAncestors(to);
    if (this.focused !== null) for (const at of withAncestors(this.focused)) if (!within.includes(at)) this.left.add(at);
    this.focused = to;
    this.known = new Set(this.all.filter((finding) => finding.pointer === to).map(wordsOf));
    this.sort();
  }

  /** Whether a finding is told now. */
  private readonly isTold = (finding: Finding): boolean => {
    const { pointer } = finding;
    if (pointer === this.focused && !this.known.has(wordsOf(finding))) return false;
    return !(this.quiet && NOT_THERE.has(finding.code) && !this.left.has(pointer));
  };

  private told: readonly Finding[] = NONE;

  /** The findings that are told now, and how many wait. The same until they change. */
  readonly list = (): readonly Finding[] => this.told;
  get waiting(): number {
    return this.all.length - this.told.length;
  }

  private sort(): void {
    const told = this.all.filter(this.isTold);
    const same = told.length === this.told.length && told.every((finding, i) => finding === this.told[i]);
    if (same) return this.tell();
    this.told = told;
    this.byPointer = new Map();
    this.below = new Map();
    this.lists.clear();
    for (const finding of told) {
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

export function useFindings(store: FindingStore, pointer: string): readonly Finding[] {
  return useSyncExternalStore(store.subscribe, () => store.at(pointer));
}

export function useFindingCount(store: FindingStore, pointer: string): number {
  return useSyncExternalStore(store.subscribe, () => store.countWithin(pointer));
}

/** All that is told now. */
export function useTold(store: FindingStore): readonly Finding[] {
  return useSyncExternalStore(store.subscribe, store.list);
}

/** How many wait until their field was left. */
export function useWaiting(store: FindingStore): number {
  return useSyncExternalStore(store.subscribe, () => store.waiting);
}
