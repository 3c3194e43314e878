/** A pack being made by the service: sent, followed to its end, cancelled. */
import { useSyncExternalStore } from "react";
import { call, getJson, type Finding, type Problem } from "../lib/api.ts";
import { events } from "../lib/sse.ts";

export interface Job {
  id: string;
  state: "queued" | "running" | "done" | "failed" | "cancelled";
  progress: { done: number; total: number };
  result: null | { href: string; bytes: number; pages: number; file_name: string };
  report: null | { href: string };
  findings: Finding[];
  problem: Problem | null;
}

/** How the pack should be. */
export interface Options {
  edition: "full" | "offentlig";
  copy: "archive" | "reading";
  keep_going: boolean;
}

export interface Choice {
  options: Options;
  /** The pack that was sent before, for a tilläggslista. */
  sent: File | null;
}

export interface BuildState {
  /** What is chosen now, and what the job was given. */
  choice: Choice;
  made: Choice | null;
  phase: "idle" | "sending" | "working" | "ended" | "cancelled";
  job: Job | null;
  error: unknown;
  /** The model and the files that the job was given. */
  model: unknown;
  files: unknown;
}

const POLL_MS = 1000;
const IDLE: BuildState = { choice: { options: { edition: "full", copy: "archive", keep_going: false }, sent: null }, made: null, phase: "idle", job: null, error: null, model: null, files: null };

const ended = (job: Job) => job.state === "done" || job.state === "failed" || job.state === "cancelled";

class PackBuild {
  private state: BuildState = IDLE;
  private abort: AbortController | null = null;
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly get = (): BuildState => this.state;

  private set(change: Partial<BuildState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  readonly choose = (change: Partial<Choice>): void => this.set({ choice: { ...this.state.choice, ...change } });

  async start(body: FormData, model: unknown, files: unknown): Promise<void> {
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    const old = this.state.job;
    if (old) void forget(old.id);
    this.set({ phase: "sending", job: null, error: null, model, files, made: this.state.choice });
    try {
      const response = await call("/v1/packs", {
        method: "POST",
        body,
        accept: "application/json",
        signal: abort.signal,
        headers: { "Idempotency-Key": crypto.randomUUID() },
        retries: 4,
      });
      const job = (await response.json()) as Job;
      this.set({ phase: "working", job });
      await this.follow(job, abort.signal);
    } catch (error) {
      if (!abort.signal.aborted) this.set({ phase: "ended", error });
    }
  }

  /** Listens to the job's events; asks now and then when they cannot be had. */
  private async follow(first: Job, signal: AbortSignal): Promise<void> {
    let job = first;
    const take = (next: Job) => {
      job = next;
      this.set({ job, phase: ended(job) ? "ended" : "working" });
    };
    try {
      const response = await call(`/v1/jobs/${job.id}/events`, { accept: "text/event-stream", signal });
      for await (const event of events(response)) if (event.name === "job") take(JSON.parse(event.data) as Job);
    } catch (error) {
      if (signal.aborted) throw error;
    }
    while (!ended(job)) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      if (signal.aborted) return;
      take(await getJson<Job>(`/v1/jobs/${job.id}`, signal));
    }
  }

  cancel(): void {
    const { job } = this.state;
    this.abort?.abort();
    this.set({ phase: "cancelled", job: null, error: null });
    if (job) void forget(job.id);
  }

  reset(): void {
    const { job } = this.state;
    this.abort?.abort();
    if (job) void forget(job.id);
    this.state = IDLE;
    this.set({});
  }
}

async function forget(id: string): Promise<void> {
  try {
    await call(`/v1/jobs/${id}`, { method: "DELETE", retries: 0 });
  } catch {
    // The service throws old jobs away by itself.
  }
}

export const packBuild = new PackBuild();

/** Whether what was made is what is chosen. */
export function asChosen({ choice, made }: BuildState): boolean {
  const { options, sent } = choice;
  return made !== null && made.sent === sent && (Object.keys(options) as (keyof Options)[]).every((key) => made.options[key] === options[key]);
}

export function useBuild(): BuildState {
  return useSyncExternalStore(packBuild.subscribe, packBuild.get);
}
