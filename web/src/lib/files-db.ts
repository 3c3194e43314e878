/** Files of a draft, kept in the browser's own database so that they survive a reload of the window. */

const DB = "sigill";
const STORE = "files";
const SESSION = "sigill.window";
const MAX_AGE_MS = 24 * 60 * 60 * 1000;
const LOOK_MS = 50;

interface Entry {
  key: string;
  owner: string;
  path: string;
  blob: Blob;
  at: number;
}

function windowId(): string {
  let id = sessionStorage.getItem(SESSION);
  if (id === null) {
    id = crypto.randomUUID();
    sessionStorage.setItem(SESSION, id);
  }
  return id;
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DB, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(STORE, { keyPath: "key" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("no database"));
  });
}

async function run<T>(mode: IDBTransactionMode, action: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const request = action(db.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error("no answer"));
    });
  } finally {
    db.close();
  }
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
    if (blob === null) await run("readwrite", (store) => store.delete(key));
    else await run("readwrite", (store) => store.put({ key, owner, path, blob, at: Date.now() } satisfies Entry));
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
    const entries = await run<Entry[]>("readonly", (store) => store.getAll() as IDBRequest<Entry[]>);
    for (const entry of entries) {
      if (entry.owner === owner) files.set(entry.path, entry.blob);
      else if (Date.now() - entry.at > MAX_AGE_MS) await run("readwrite", (store) => store.delete(entry.key));
    }
  } catch {
    // As above.
  }
  return files;
}
