/** Finds or starts the service that the journeys use. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const SIGILL_BIN = resolve(process.env.SIGILL_BIN ?? fileURLToPath(new URL("../../target/release/sigill", import.meta.url)));
const START_MS = 20_000;

export interface Started {
  url: string;
  child: ChildProcess;
  /** Its queue lies in the folder it is started in. */
  cwd: string;
}

/**
 * Starts `sigill serve` on a free port, with a configuration if one is given, and tells its address. `again` is one that
 * has ended: the new one takes its place.
 */
export async function start(config?: string, again?: Started): Promise<Started> {
  const cwd = again?.cwd ?? mkdtempSync(join(tmpdir(), "sigill-"));
  const how = ["serve", "--listen", again ? new URL(again.url).host : "127.0.0.1:0"];
  if (config !== undefined) {
    writeFileSync(join(cwd, "sigill.toml"), config);
    how.push("--config", "sigill.toml");
  }
  const child = spawn(SIGILL_BIN, how, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const url = await new Promise<string>((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`the service did not tell its address:\n${said}`)), START_MS);
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const address = /listens on (http:\/\/127\.0\.0\.1:\d+)\s/.exec(said)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the service ended with ${code}:\n${said}`)));
  });
  return { url, child, cwd };
}

export default async function setUp(): Promise<() => void> {
  if (process.env.SIGILL_URL) return () => undefined;
  const { url, child } = await start();
  process.env.SIGILL_URL = url;
  return () => {
    child.kill();
  };
}
