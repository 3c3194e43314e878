/** Steps back and forth through what was written: one for each change, or for each run of letters in one place. */
import { isObject, type Json } from "./json.ts";
import { toPointer, type Path } from "./pointer.ts";

/** Letters that follow each other this soon are one step. */
const RUN_MS = 1500;
const MOST = 300;

/** Where two values differ: the innermost place that holds all of it, and whether only a word or a number differs there. */
export function differsAt(a: Json | undefined, b: Json | undefined): { path: Path; scalar: boolean } {
  const path: Path = [];
  let [x, y] = [a, b];
  for (;;) {
    if (Array.isArray(x) && Array.isArray(y) && x.length === y.length) {
      const [from, to] = [x, y];
      const at = from.flatMap((value, i) => (value === to[i] ? [] : [i]));
      if (at.length !== 1) return { path, scalar: false };
      const index = at[0] ?? 0;
      path.push(index);
      [x, y] = [from[index], to[index]];
    } else if (isObject(x) && isObject(y)) {
      const [from, to] = [x, y];
      const at = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((key) => from[key] !== to[key]);
      if (at.length !== 1) return { path, scalar: false };
      const key = at[0] ?? "";
      path.push(key);
      [x, y] = [from[key], to[key]];
    } else return { path, scalar: [x, y].every((value) => value === undefined || value === null || typeof value !== "object") };
  }
}

interface Step<T> {
  state: T;
  /** Where the change after this state was. */
  pointer: string;
}

/** States of a draft. */
export class History<T> {
  private past: Step<T>[] = [];
  private future: Step<T>[] = [];
  private run: { pointer: string; at: number } | null = null;

  /** Before a change: the state that can be come back to. */
  record(state: T, where: { path: Path; scalar: boolean }, now: number): void {
    const pointer = toPointer(where.path);
    const goesOn = where.scalar && this.run !== null && this.run.pointer === pointer && now - this.run.at < RUN_MS;
    this.run = where.scalar ? { pointer, at: now } : null;
    this.future = [];
    if (goesOn) return;
    this.past.push({ state, pointer });
    if (this.past.length > MOST) this.past.shift();
  }

  /** The state before the last change, and where that was. `now` is what can be come back to again. */
  undo(now: T): Step<T> | undefined {
    const step = this.past.pop();
    if (step) this.future.push({ state: now, pointer: step.pointer });
    this.run = null;
    return step;
  }

  redo(now: T): Step<T> | undefined {
    const step = this.future.pop();
    if (step) this.past.push({ state: now, pointer: step.pointer });
    this.run = null;
    return step;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  clear(): void {
    this.past = [];
    this.future = [];
    this.run = null;
  }
}
