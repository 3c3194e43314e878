import { afterEach, describe, expect, it, vi } from "vitest";
import type { Job } from "../lib/api.ts";
import { packBuild } from "../pack/job.ts";

const job = (state: Job["state"], done: number): Job => ({
  id: "ett",
  kind: "pack",
  state,
  progress: { done, total: 2 },
  created: "2026-11-25T10:00:00.000Z",
  findings: [],
});

/** A service that has made a job, and tells of it in the given pieces. */
function service(pieces: string[], then?: Job): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    if (path === "/v1/packs") return Response.json(job("queued", 0), { status: 202 });
    if (path === "/v1/jobs/ett") return Response.json(then);
    const bytes = new TextEncoder();
    const start = (stream: ReadableStreamDefaultController) => {
      for (const piece of pieces) stream.enqueue(bytes.encode(piece));
      stream.close();
    };
    return new Response(new ReadableStream({ start }));
  });
  return asked;
}

async function states(): Promise<string[]> {
  const seen: string[] = [];
  const stop = packBuild.subscribe(() => {
    const { phase, job } = packBuild.get();
    seen.push(job ? `${phase} ${job.state} ${job.progress.done}` : phase);
  });
  await packBuild.start(new FormData(), 1);
  stop();
  return seen;
}

describe("a job is followed", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.stubGlobal("fetch", async () => new Response(null, { status: 204 }));
    packBuild.reset();
    vi.unstubAllGlobals();
  });

  it("by its events, wherever they are cut", async () => {
    const text = `: ping\n\nevent: job\r\ndata: ${JSON.stringify(job("running", 1))}\r\n\r\nevent: other\ndata: {\n\nevent: job\ndata: ${JSON.stringify(job("done", 2))}\n\n`;
    for (const size of [1, 7, text.length]) {
      const asked = service(text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? []);
      expect(await states()).toEqual(["sending", "working queued 0", "working running 1", "ended done 2"]);
      expect(asked.filter((path) => path === "/v1/jobs/ett/events")).toHaveLength(1);
    }
  });
  it("by asking, when its events end too early or cannot be read", async () => {
    for (const told of [[], ["event: job\ndata: {\n\n"], [`event: job\ndata: ${JSON.stringify(job("done", 2))}\n`]]) {
      service(told, job("failed", 1));
      vi.stubGlobal("setTimeout", queueMicrotask);
      expect(await states()).toEqual(["sending", "working queued 0", "ended failed 1"]);
    }
  });
});
