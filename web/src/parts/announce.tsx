/** Words for screen readers about what just happened. */
import { useSyncExternalStore } from "react";

let message = "";
let turn = 0;
const listeners = new Set<() => void>();

export function announce(text: string): void {
  // The same words twice must be told twice: a no-break space makes them differ.
  turn = 1 - turn;
  message = text + (turn ? "\u00a0" : "");
  for (const listener of listeners) listener();
}

/** Something that was removed: told, and offered back as long as nothing else is changed. */
export interface Removal {
  text: string;
}

let removal: Removal | null = null;

export function announceRemoved(text: string): void {
  removal = { text };
  announce(text);
}

export const useRemoval = (): Removal | null =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => removal,
  );

export function LiveRegion() {
  const text = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => message,
  );
  return (
    <div className="visually-hidden" role="status" aria-live="polite" data-testid="live">
      {text}
    </div>
  );
}
