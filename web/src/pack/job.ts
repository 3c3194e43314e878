/** A pack being made by the service: sent, followed to its end however often the connection breaks, cancelled. */
import { EventSourceParserStream, type EventSourceMessage } from "eventsource-parser/stream";
import { useSyncExternalStore } from "react";
import { call, getJson, postJson, ServiceError, type Job } from "../lib/api.ts";
import { keepFile, keepValue, keptFiles, keptValue } from "../lib/kept.ts";
import { randomId } from "../lib/random.ts";
import { readKeptBuild, type BuildOptions, type KeptBuild } from "./kept-build.ts";

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
  /** Whether the service does not answer, and is being asked again. */
  waiting: boolean;
  job: Job | null;
  error: unknown;
  /** The revision of the kallelse that the job was given. */
  revision: number | null;
}

/** What the work on a pack is kept under, beside the draft. */
export const BUILD = "build";
const SENT = "sent";
const POLL_MS = 1000;
const MOST_WAIT_MS = 10_000;
const NEW: BuildOptions = { edition: "full", copy: "archive", keep_going: false };
const IDLE: BuildState = { choice: { options: NEW, sent: null }, submitted: null, phase: "idle", waiting: false, job: null, error: null, revision: null };

const ended = (job: Job) => job.state === "done" || job.state === "failed" || job.state === "cancelled";

/** Whether asking again may help: nothing answered, or something between us and the service, or it is busy. */
const passes = (error: unknown) => error instanceof ServiceError && (error.status === 0 || error.status === 429 || error.status >= 500);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

class PackBuild {
  private state: BuildState = IDLE;
  private abort: AbortController | null = null;
  /** The job that is followed, or was when it could not be asked about. */
  private followed: string | null = null;
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

  private keep(): void {
    const { choice, submitted, phase, job, revision } = this.state;
    const kept: KeptBuild = {
      options: choice.options,
      submitted: submitted?.options ?? null,
      sent: choice.sent?.name ?? null,
      sentSubmitted: submitted !== null && submitted.sent === choice.sent,
      job: phase === "working" || phase === "ended" ? (job?.id ?? this.followed) : null,
      revision,
    };
    void keepValue(BUILD, kept);
  }

  /**
   * Takes up what was chosen and being made before the window was loaded anew. Where that cannot be told, nobody has
   * chosen an edition: one that was to be public must not be made with all that is secret.
   */
  async open(hasPack: boolean, withJob = true): Promise<void> {
    this.abort?.abort();
    this.state = IDLE;
    const kept = readKeptBuild(await keptValue(BUILD));
    if (kept === null) {
      if (hasPack) this.state = { ...IDLE, choice: { options: { ...NEW, edition: null }, sent: null } };
    } else {
      const blob = kept.sent === null ? undefined : (await keptFiles(BUILD)).get(SENT);
      const sent = blob && kept.sent !== null ? new File([blob], kept.sent, { type: "application/pdf" }) : null;
      const submitted = kept.submitted && { options: kept.submitted, sent: kept.sentSubmitted ? sent : null };
      this.state = { ...IDLE, choice: { options: kept.options, sent }, submitted, revision: kept.revision };
      if (kept.job !== null && withJob) this.goOn(kept.job);
      if (!withJob) {
        this.state = { ...this.state, submitted: null, revision: null };
        this.keep();
      }
    }
    this.set({});
  }

  readonly choose = (change: Partial<Choice>): void => {
    this.set({ choice: { ...this.state.choice, ...change } });
    if (change.sent !== undefined) void keepFile(BUILD, SENT, change.sent);
    this.keep();
  };

  async start(body: FormData, revision: number): Promise<void> {
    const abort = this.anew();
    const { job: old, submitted, revision: before } = this.state;
    this.set({ phase: "sending", waiting: false, job: null, error: null, revision, submitted: this.state.choice });
    // The same key however often it is sent: the service makes one job of it.
    const key = randomId();
    let accepted: Job;
    try {
      accepted = await this.untilAnswered(abort.signal, () =>
        postJson("/v1/packs", { body, signal: abort.signal, headers: { "Idempotency-Key": key }, retries: 4 }),
      );
      this.set({ phase: "working", waiting: false, job: accepted });
      this.keep();
      if (old) void forget(old.id);
    } catch (error) {
      // What was made before is still there.
      if (!abort.signal.aborted) this.set({ phase: "ended", waiting: false, job: old, submitted, revision: before, error });
      return;
    }
    await this.toTheEnd(accepted.id, abort.signal);
  }

  /** Follows the job again, after a reload or when it could not be asked about. */
  readonly resume = (): void => {
    const { phase, error } = this.state;
    if (this.followed !== null && phase === "working" && error !== null) this.goOn(this.followed);
  };

  private goOn(id: string): void {
    const abort = this.anew();
    this.set({ phase: "working", waiting: false, error: null });
    void this.toTheEnd(id, abort.signal);
  }

  private async toTheEnd(id: string, signal: AbortSignal): Promise<void> {
    this.followed = id;
    try {
      await this.follow(id, signal);
    } catch (error) {
      if (!signal.aborted) this.set({ phase: "ended", waiting: false, error });
    }
  }

  private anew(): AbortController {
    this.abort?.abort();
    this.abort = new AbortController();
    return this.abort;
  }

  /** Asks until something answers, ever more seldom. */
  private async untilAnswered<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
    for (let wait = POLL_MS; ; wait = Math.min(MOST_WAIT_MS, wait * 2)) {
      try {
        return await ask();
      } catch (error) {
        if (signal.aborted || !passes(error)) throw error;
        if (!this.state.waiting) this.set({ waiting: true });
        await pause(wait);
        if (signal.aborted) throw error;
      }
    }
  }

  private readonly take = (job: Job): boolean => {
    this.set({ job, waiting: false, phase: ended(job) ? "ended" : "working" });
    if (ended(job)) this.keep();
    return ended(job);
  };

  /** Listens to the job's events, and asks when they cannot be had or have ended too early. */
  private async follow(id: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      if (await this.listen(id, signal)) return;
      await pause(POLL_MS);
      if (signal.aborted) return;
      try {
        if (this.take(await this.untilAnswered(signal, () => getJson("/v1/jobs/{id}", { values: { id }, signal })))) return;
      } catch (error) {
        if (signal.aborted) return;
        // Who is asking has to sign in first; then it goes on.
        if (error instanceof ServiceError && error.status === 401) return this.set({ error, waiting: false });
        throw error;
      }
    }
  }

  /** Whether the events told of the end. */
  private async listen(id: string, signal: AbortSignal): Promise<boolean> {
    let done = false;
    try {
      const response = await call(`/v1/jobs/${id}/events`, { accept: "text/event-stream", signal });
      // The browser's own EventSource cannot send a key. eventsource-parser (MIT, August 2026, 3.7 kB) reads what it would
      // have: by the letter of the standard, however the lines are cut, with no code of ours.
      const events = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
      const write = ({ event, data }: EventSourceMessage) => {
        if (event === "job") done = this.take(JSON.parse(data) as Job);
      };
      await events?.pipeTo(new WritableStream({ write }), { signal });
    } catch (error) {
      if (signal.aborted) throw error;
    }
    return done;
  }

  cancel(): void {
    const { job } = this.state;
    this.abort?.abort();
    this.set({ phase: "cancelled", waiting: false, job: null, error: null });
    this.keep();
    if (job) void forget(job.id);
  }

  reset(): void {
    const { job } = this.state;
    this.abort?.abort();
    if (job) void forget(job.id);
    this.state = IDLE;
    this.set({});
    void keepFile(BUILD, SENT, null);
    this.keep();
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
