/** A pack being made by the service: sent, followed to its end, cancelled. */
import { EventSourceParserStream, type EventSourceMessage } from "eventsource-parser/stream";
import { useSyncExternalStore } from "react";
import { call, getJson, postJson, type Job } from "../lib/api.ts";

/** How the pack should be: those of the service's options that people choose here. */
export interface BuildOptions {
  edition: "full" | "offentlig";
  copy: "archive" | "reading";
  keep_going: boolean;
}

export interface Choice {
  options: BuildOptions;
  /** The pack that was sent before, for a tilläggslista. */
  sent: File | null;
}

export interface BuildState {
  /** What is chosen now, and what the job was submitted with. */
  choice: Choice;
  submitted: Choice | null;
  phase: "idle" | "sending" | "working" | "ended" | "cancelled";
  job: Job | null;
  error: unknown;
  /** The model and the files that the job was given. */
  model: unknown;
  files: unknown;
}

const POLL_MS = 1000;
const IDLE: BuildState = { choice: { options: { edition: "full", copy: "archive", keep_going: false }, sent: null }, submitted: null, phase: "idle", job: null, error: null, model: null, files: null };

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
    this.set({ phase: "sending", job: null, error: null, model, files, submitted: this.state.choice });
    try {
      const job = await postJson("/v1/packs", {
        body,
        signal: abort.signal,
        headers: { "Idempotency-Key": crypto.randomUUID() },
        retries: 4,
      });
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
      // The browser's own EventSource cannot send a key. eventsource-parser (MIT, August 2026, 3.7 kB) reads what it would
      // have: by the letter of the standard, however the lines are cut, with no code of ours.
      const events = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
      const write = ({ event, data }: EventSourceMessage) => {
        if (event === "job") take(JSON.parse(data) as Job);
      };
      await events?.pipeTo(new WritableStream({ write }), { signal });
    } catch (error) {
      if (signal.aborted) throw error;
    }
    while (!ended(job)) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      if (signal.aborted) return;
      take(await getJson("/v1/jobs/{id}", { values: { id: job.id }, signal }));
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

/** Whether the job was given what is chosen. */
export function asChosen({ choice, submitted }: BuildState): boolean {
  const { options, sent } = choice;
  return submitted !== null && submitted.sent === sent && (Object.keys(options) as (keyof BuildOptions)[]).every((key) => submitted.options[key] === options[key]);
}

export function useBuild(): BuildState {
  return useSyncExternalStore(packBuild.subscribe, packBuild.get);
}
