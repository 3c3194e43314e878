/**
 * The name that this window keeps its work under, which no other open window has.
 *
 * A lock of the browser (Web Locks) is held under the name for as long as the window lives. So a tab that was copied, and
 * came with the name of the first one, takes another; and work of a window that was closed can be told from work that
 * somebody has open.
 */
import { randomId } from "./random.ts";

const SESSION = "sigill.window";
const LOCK = "sigill-window-";
/** A window that is loaded anew may have to wait for itself to let go of the lock. */
const RELOAD_MS = 600;
const LOOK_MS = 50;

let id = "";

export const windowId = (): string => id;

/** Whether another open window has the name. */
export async function isOpen(name: string): Promise<boolean> {
  if (name === id) return true;
  const { held } = (await navigator.locks?.query()) ?? {};
  return held?.some((lock) => lock.name === LOCK + name) ?? false;
}

/** Holds the lock until the window is gone. Says whether it could be had. */
function hold(name: string): Promise<boolean> {
  // Without locks, in a page that is not secure, every window keeps its name.
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((told) => {
    void navigator.locks.request(LOCK + name, { ifAvailable: true }, (lock) => {
      told(lock !== null);
      return lock === null ? undefined : new Promise(() => undefined);
    });
  });
}

/** Takes a name for this window. Tells the name that it came with, when that is another window's. */
export async function nameWindow(): Promise<string | null> {
  const before = sessionStorage.getItem(SESSION);
  if (before !== null) {
    for (let waited = 0; waited <= RELOAD_MS; waited += LOOK_MS) {
      if (await hold(before)) {
        id = before;
        return null;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
  id = randomId();
  sessionStorage.setItem(SESSION, id);
  await hold(id);
  return before;
}
