/** What is being written: a model and its files. It outlives the view that shows it, and a reload of the window. */
import { useSyncExternalStore } from "react";
import { keepFile, keptFiles, settled, writing } from "./files-db.ts";
import { isObject, parseJson, writeJson, type Json, type JsonObject } from "./json.ts";
import { setAt, type Path } from "./pointer.ts";

export interface DraftState {
  model: JsonObject | null;
  files: ReadonlyMap<string, Blob>;
  /** Whether something is written that no saved file has. */
  dirty: boolean;
  /** The name of the file it came from. */
  name: string | null;
  /** Where in a pack it was opened from: the path of its file, or the pointer to it in the kallelse. */
  origin: string | null;
  /** Counts models that came from elsewhere than the form. */
  generation: number;
}

const SAVE_AFTER_MS = 300;

export class Draft {
  private state: DraftState = { model: null, files: new Map(), dirty: false, name: null, origin: null, generation: 0 };
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  readonly restored: boolean;

  constructor(private readonly key: string) {
    this.restored = this.load();
    window.addEventListener("pagehide", () => this.store());
    void keptFiles(key).then((files) => {
      if (files.size > 0 && this.state.model !== null) this.set({ files: new Map([...files, ...this.state.files]) });
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly get = (): DraftState => this.state;

  private set(change: Partial<DraftState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.store(), SAVE_AFTER_MS);
  }

  /** A change at a place in the model. */
  readonly change = (value: Json | undefined, path: Path): void => {
    const next = setAt(this.state.model ?? {}, path, value);
    if (isObject(next)) this.set({ model: next, dirty: true });
  };

  /** Another model in place of this one. */
  replace(
    model: JsonObject | null,
    files: ReadonlyMap<string, Blob> = new Map(),
    name: string | null = null,
    origin: string | null = null,
  ): void {
    for (const path of this.state.files.keys()) void keepFile(this.key, path, null);
    for (const [path, blob] of files) void keepFile(this.key, path, blob);
    this.set({ model, files, name, origin, dirty: false, generation: this.state.generation + 1 });
    this.store();
  }

  readonly setFile = (path: string, blob: Blob | null): void => {
    const files = new Map(this.state.files);
    if (blob === null) files.delete(path);
    else files.set(path, blob);
    void keepFile(this.key, path, blob);
    this.set({ files });
  };

  addFiles(added: ReadonlyMap<string, Blob>): void {
    for (const [path, blob] of added) void keepFile(this.key, path, blob);
    this.set({ files: new Map([...this.state.files, ...added]) });
  }

  saved(name: string): void {
    this.set({ dirty: false, name });
  }

  /** Writes the model down. Says whether there was room. */
  store(): boolean {
    const { model, dirty, name, origin } = this.state;
    const key = "sigill.draft." + this.key;
    try {
      if (model === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify({ model: writeJson(model), dirty, name, origin }));
      return true;
    } catch {
      // No room: the draft is still in memory, and leaving asks.
      return false;
    }
  }

  private load(): boolean {
    try {
      const text = sessionStorage.getItem("sigill.draft." + this.key);
      if (text === null) return false;
      const kept = JSON.parse(text) as { model: string; dirty: boolean; name: string | null; origin: string | null };
      const model = parseJson(kept.model);
      if (!isObject(model)) return false;
      this.state = { ...this.state, model, dirty: kept.dirty, name: kept.name, origin: kept.origin ?? null };
      return true;
    } catch {
      return false;
    }
  }
}

export const documentDraft = new Draft("document");
export const packDraft = new Draft("pack");

let comesBack = false;

/** Before the page is left for a while, to sign in: when all is kept, leaving need not ask. */
export async function keepAll(): Promise<void> {
  const files = await settled();
  const models = [documentDraft, packDraft].map((draft) => draft.store());
  comesBack = files && models.every(Boolean);
}
window.addEventListener("pageshow", () => {
  comesBack = false;
});

/** Leaving asks while something is not saved. */
window.addEventListener("beforeunload", (event) => {
  if (comesBack) return;
  if (documentDraft.get().dirty || packDraft.get().dirty || writing()) event.preventDefault();
});

export function useDraft(draft: Draft): DraftState {
  return useSyncExternalStore(draft.subscribe, draft.get);
}
