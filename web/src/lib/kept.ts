/**
 * Work that the browser keeps: drafts and their files, so that neither a reload nor a closed tab loses them.
 *
 * The database is idb-keyval's (Apache-2.0, July 2026, 1 kB): it waits until a value is really written, and opens the
 * database once.
 */
import { createStore, delMany, entries, get, keys, type UseStore } from "idb-keyval";
import { useSyncExternalStore } from "react";
import { isOpen, windowId } from "./window.ts";

/** Work of windows that were closed is offered this long, and then thrown away. */
export const KEPT_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;
const LOOK_MS = 50;

/** A kept file. Its key in the database is the owner and the path. */
interface KeptFile {
  owner: string;
  path: string;
  blob: Blob;
  at: number;
}

/** A kept value: a draft, or what is being made of it. Its key is the owner. */
interface KeptValue {
  window: string;
  name: string;
  value: unknown;
  at: number;
}

const files = createStore("sigill-files", "files");
const values = createStore("sigill-work", "values");

const ownerOf = (name: string, window = windowId()) => `${window}/${name}`;

let writes = 0;
/** What could not be written, by its key. */
const failed = new Set<string>();
let trouble = false;
const listeners = new Set<() => void>();

/** Whether something is still being kept. */
export const writing = (): boolean => writes > 0;

/** Waits until nothing is being written. Says whether all of it could be kept. */
export async function settled(): Promise<boolean> {
  while (writing()) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  return failed.size === 0;
}

async function write(key: string, work: () => Promise<unknown>): Promise<void> {
  writes++;
  try {
    await work();
    failed.delete(key);
  } catch {
    // No room, or a window that keeps nothing: what was written is in memory, and the page says so.
    failed.add(key);
  } finally {
    writes--;
    if (trouble !== failed.size > 0) {
      trouble = failed.size > 0;
      for (const listener of listeners) listener();
    }
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether something that was written here could not be kept. */
export const useTrouble = (): boolean => useSyncExternalStore(subscribe, () => trouble);

/** Writes one value, and asks for it to be done at once: the window may be on its way out. */
const put = (store: UseStore, key: string, value: unknown): Promise<void> =>
  store("readwrite", (of) => {
    const request = of.put(value, key);
    of.transaction.commit?.();
    return new Promise((resolve, reject) => {
      of.transaction.oncomplete = () => resolve();
      of.transaction.onabort = of.transaction.onerror = () => reject(of.transaction.error ?? request.error ?? new Error("not written"));
    });
  });

/** Keeps or, with null, forgets a file of a draft. */
export const keepFile = (draft: string, path: string, blob: Blob | null): Promise<void> => {
  const owner = ownerOf(draft);
  const key = `${owner}/${path}`;
  return write(key, () => (blob === null ? delMany([key], files) : put(files, key, { owner, path, blob, at: Date.now() } satisfies KeptFile)));
};

/** Keeps or, with null, forgets a value. */
export const keepValue = (name: string, value: unknown): Promise<void> => {
  const key = ownerOf(name);
  return write(key, () =>
    value === null ? delMany([key], values) : put(values, key, { window: windowId(), name, value, at: Date.now() } satisfies KeptValue),
  );
};

export async function keptValue(name: string): Promise<unknown> {
  try {
    return (await get<KeptValue>(ownerOf(name), values))?.value;
  } catch {
    // A browser that keeps nothing is no reason to stop; the first write tells of it.
    return undefined;
  }
}

/** The files of a draft. */
export async function keptFiles(draft: string, window = windowId()): Promise<Map<string, Blob>> {
  const owner = ownerOf(draft, window);
  try {
    const all = await entries<string, KeptFile>(files);
    return new Map(all.filter(([, kept]) => kept.owner === owner).map(([, kept]) => [kept.path, kept.blob]));
  } catch {
    // As above.
    return new Map();
  }
}

/** Work that a closed window left. */
export interface Left {
  window: string;
  name: string;
  value: unknown;
  at: number;
}

const isDirty = (value: unknown): boolean => typeof value === "object" && value !== null && (value as { dirty?: unknown }).dirty === true;

/**
 * What closed windows have left that no saved file has, newest first. What is too old is thrown away; what was saved is
 * kept a day, since its window may only be on its way from one page to the next.
 */
export async function leftBehind(): Promise<Left[]> {
  // Without locks it cannot be told whose window is open.
  if (!navigator.locks) return [];
  try {
    const all = (await entries<string, KeptValue>(values)).map(([, kept]) => kept);
    const blobs = (await entries<string, KeptFile>(files)).map(([, kept]) => kept);
    const latest = new Map<string, number>();
    const note = (window: string, at: number) => latest.set(window, Math.max(at, latest.get(window) ?? 0));
    for (const { window, at } of all) note(window, at);
    for (const { owner, at } of blobs) note(owner.slice(0, owner.indexOf("/")), at);
    const left: Left[] = [];
    for (const [window, at] of latest) {
      if (await isOpen(window)) continue;
      const unsaved = all.filter((kept) => kept.window === window && isDirty(kept.value));
      const days = unsaved.length > 0 ? KEPT_DAYS : 1;
      if (Date.now() - at > days * DAY_MS) await throwAway(window);
      else left.push(...unsaved);
    }
    return left.sort((a, b) => b.at - a.at);
  } catch {
    // As above.
    return [];
  }
}

/** Throws away what a window has left, or one draft of it. */
export async function throwAway(window: string, name?: string): Promise<void> {
  const owner = name === undefined ? window : ownerOf(name, window);
  const mine = (key: string) => key === owner || key.startsWith(owner + "/");
  await delMany((await keys<string>(files)).filter(mine), files);
  await delMany((await keys<string>(values)).filter(mine), values);
}

/** Gives this window what another one has of the named drafts. */
export async function copyFrom(window: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const kept = await get<KeptValue>(ownerOf(name, window), values);
    if (kept) await keepValue(name, kept.value);
    for (const [path, blob] of await keptFiles(name, window)) await keepFile(name, path, blob);
  }
}
