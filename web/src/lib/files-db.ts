/**
 * Files of a draft, kept in the browser's own database so that they survive a reload of the window.
 *
 * The database is idb-keyval's (Apache-2.0, July 2026, 1 kB): it waits until a file is really written, where ours only
 * waited until the browser had taken it, and opens the database once instead of at every step.
 */
import { createStore, delMany, del, entries, set } from "idb-keyval";

const SESSION = "sigill.window";
const MAX_AGE_MS = 24 * 60 * 60 * 1000;
const LOOK_MS = 50;

/** A kept file. Its key in the database is the owner and the path. */
interface Kept {
  owner: string;
  path: string;
  blob: Blob;
  at: number;
}

const store = createStore("sigill-files", "files");

function windowId(): string {
  let id = sessionStorage.getItem(SESSION);
  if (id === null) {
    id = crypto.randomUUID();
    sessionStorage.setItem(SESSION, id);
  }
  return id;
}

const ownerOf = (draft: string) => `${windowId()}/${draft}`;

let writes = 0;
let lost = false;

/** Whether files are still being kept. */
export const writing = (): boolean => writes > 0;

/** Waits until nothing is being written. Says whether all of it could be kept. */
export async function settled(): Promise<boolean> {
  while (writing()) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  return !lost;
}

/** Keeps or, with null, forgets a file. A browser that keeps nothing is no reason to stop. */
export async function keepFile(draft: string, path: string, blob: Blob | null): Promise<void> {
  const owner = ownerOf(draft);
  const key = `${owner}/${path}`;
  writes++;
  try {
    if (blob === null) await del(key, store);
    else await set(key, { owner, path, blob, at: Date.now() } satisfies Kept, store);
  } catch {
    // Private windows may refuse; the file is still in memory.
    if (blob !== null) lost = true;
  } finally {
    writes--;
  }
}

/** The files of this window's draft. Those of windows long gone are thrown away. */
export async function keptFiles(draft: string): Promise<Map<string, Blob>> {
  const files = new Map<string, Blob>();
  try {
    const owner = ownerOf(draft);
    const gone: string[] = [];
    for (const [key, kept] of await entries<string, Kept>(store)) {
      if (kept.owner === owner) files.set(kept.path, kept.blob);
      else if (Date.now() - kept.at > MAX_AGE_MS) gone.push(key);
    }
    await delMany(gone, store);
  } catch {
    // As above.
  }
  return files;
}
