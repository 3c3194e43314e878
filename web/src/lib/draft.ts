/** What is being written: a model and its files. It outlives the view that shows it, a reload, and a closed tab. */
import { useSyncExternalStore } from "react";
import { differsAt, History } from "./history.ts";
import { isObject, parseJson, writeJson, type Json, type JsonObject } from "./json.ts";
import { keepFile, keepValue, keptFiles, keptValue, settled, writing } from "./kept.ts";
import { scalarText } from "./numbers.ts";
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
  /** Another one for each state of the model and its files; the same again after stepping back to it. */
  revision: number;
  canUndo: boolean;
  canRedo: boolean;
}

/** A draft as it is kept. */
export interface KeptDraft {
  model: string;
  /** What it is called, for the list of drafts. */
  title: string;
  kind: string;
  dirty: boolean;
  name: string | null;
  origin: string | null;
  revision: number;
}

/** What one step of the history brings back. */
type Content = Pick<DraftState, "model" | "files" | "revision">;

const SAVE_AFTER_MS = 300;
const NOTHING: DraftState = {
  model: null, files: new Map(), dirty: false, name: null, origin: null, generation: 0, revision: 0, canUndo: false, canRedo: false,
};

/** A kept draft, if that is what it is. */
export function asKeptDraft(value: unknown): KeptDraft | null {
  return typeof value === "object" && value !== null && typeof (value as KeptDraft).model === "string" ? (value as KeptDraft) : null;
}

/** The model that was kept; null when what is there is none. */
function readModel(text: string): JsonObject | null {
  try {
    const model = parseJson(text);
    return isObject(model) ? model : null;
  } catch {
    return null;
  }
}

export class Draft {
  private state: DraftState = NOTHING;
  private readonly listeners = new Set<() => void>();
  private readonly history = new History<Content>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waiting = false;
  private lastRevision = 0;
  /** The revision that a saved file has. */
  private savedRevision: number | null = null;

  constructor(readonly key: string) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly get = (): DraftState => this.state;

  /** Takes up what is kept of it. */
  async open(): Promise<void> {
    const kept = asKeptDraft(await keptValue(this.key));
    if (kept === null) return;
    const model = readModel(kept.model);
    if (model === null) return;
    const { dirty, name, origin, revision } = kept;
    this.history.clear();
    this.lastRevision = revision;
    this.savedRevision = dirty ? null : revision;
    const files = await keptFiles(this.key);
    this.state = { ...NOTHING, model, files, dirty, name, origin, revision, generation: this.state.generation + 1 };
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private set(change: Partial<DraftState>): void {
    this.state = { ...this.state, ...change, canUndo: this.history.canUndo, canRedo: this.history.canRedo };
    this.tell();
    clearTimeout(this.timer);
    this.waiting = true;
    this.timer = setTimeout(() => this.store(), SAVE_AFTER_MS);
  }

  private content(): Content {
    const { model, files, revision } = this.state;
    return { model, files, revision };
  }

  /** A change at a place in the model. */
  readonly change = (value: Json | undefined, path: Path): void => {
    const before = this.state.model ?? {};
    const next = setAt(before, path, value);
    if (!isObject(next)) return;
    this.history.record(this.content(), differsAt(before, next), Date.now());
    this.set({ model: next, dirty: true, revision: ++this.lastRevision });
  };

  /** Another model in place of this one. */
  replace(
    model: JsonObject | null,
    files: ReadonlyMap<string, Blob> = new Map(),
    name: string | null = null,
    origin: string | null = null,
  ): void {
    this.keepFiles(files);
    this.history.clear();
    this.savedRevision = ++this.lastRevision;
    this.set({ model, files, name, origin, dirty: false, generation: this.state.generation + 1, revision: this.lastRevision });
    this.store();
  }

  readonly setFile = (path: string, blob: Blob | null): void => {
    const files = new Map(this.state.files);
    if (blob === null) files.delete(path);
    else files.set(path, blob);
    this.changeFiles(files);
  };

  addFiles(added: ReadonlyMap<string, Blob>): void {
    if (added.size > 0) this.changeFiles(new Map([...this.state.files, ...added]));
  }

  private changeFiles(files: ReadonlyMap<string, Blob>): void {
    this.history.record(this.content(), { path: [], scalar: false }, Date.now());
    this.keepFiles(files);
    this.set({ files, dirty: true, revision: ++this.lastRevision });
  }

  /** Keeps these files instead of those of now. */
  private keepFiles(files: ReadonlyMap<string, Blob>): void {
    for (const path of this.state.files.keys()) if (!files.has(path)) void keepFile(this.key, path, null);
    for (const [path, blob] of files) if (this.state.files.get(path) !== blob) void keepFile(this.key, path, blob);
  }

  /** Takes back the last change, or makes it again. Tells where it was. */
  step(way: "undo" | "redo"): string | null {
    const step = this.history[way](this.content());
    if (step === undefined) return null;
    this.keepFiles(step.state.files);
    this.set({ ...step.state, dirty: step.state.revision !== this.savedRevision });
    return step.pointer;
  }

  saved(name: string): void {
    this.savedRevision = this.state.revision;
    this.set({ dirty: false, name });
  }

  /** Whether something has not been given to the browser yet. */
  get pending(): boolean {
    return this.waiting;
  }

  /** Writes the model down. */
  store(): void {
    clearTimeout(this.timer);
    this.waiting = false;
    const { model, dirty, name, origin, revision } = this.state;
    if (model === null) {
      void keepValue(this.key, null);
      return;
    }
    const title = scalarText(model["title"]);
    const kept: KeptDraft = { model: writeJson(model), title, kind: scalarText(model["kind"]), dirty, name, origin, revision };
    void keepValue(this.key, kept);
  }
}

export const documentDraft = new Draft("document");
export const packDraft = new Draft("pack");
export const DRAFTS: readonly Draft[] = [documentDraft, packDraft];

let comesBack = false;

/** Before the page is left for a while, to sign in: when all is kept, leaving need not ask. */
export async function keepAll(): Promise<void> {
  for (const draft of DRAFTS) draft.store();
  comesBack = await settled();
}

/** Watches the window: what is not written down yet is, before it goes; and leaving asks while something is not saved. */
export function watchWindow(): void {
  const storeRest = () => {
    for (const draft of DRAFTS) if (draft.pending) draft.store();
  };
  window.addEventListener("pagehide", storeRest);
  document.addEventListener("visibilitychange", storeRest);
  window.addEventListener("pageshow", () => {
    comesBack = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (comesBack) return;
    storeRest();
    if (DRAFTS.some((draft) => draft.get().dirty) || writing()) event.preventDefault();
  });
}

export function useDraft(draft: Draft): DraftState {
  return useSyncExternalStore(draft.subscribe, draft.get);
}
