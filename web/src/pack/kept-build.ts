/** What is kept of the making of a pack, so that a reload forgets neither what was chosen nor the job. */

/** How the pack should be: those of the service's options that people choose here. */
export interface BuildOptions {
  /** Null: nobody has said, and nothing is made until somebody does. */
  edition: "full" | "offentlig" | null;
  copy: "archive" | "reading";
  keep_going: boolean;
}

export interface KeptBuild {
  options: BuildOptions;
  submitted: BuildOptions | null;
  /** The name of the pack that was sent before. */
  sent: string | null;
  /** Whether the job was given it too. */
  sentSubmitted: boolean;
  job: string | null;
  revision: number | null;
}

const EDITIONS: readonly BuildOptions["edition"][] = ["full", "offentlig", null];
const COPIES: readonly BuildOptions["copy"][] = ["archive", "reading"];
const isOneOf = <T>(value: unknown, of: readonly T[]): value is T => (of as readonly unknown[]).includes(value);

function readOptions(value: unknown): BuildOptions | null {
  if (typeof value !== "object" || value === null) return null;
  const { edition, copy, keep_going } = value as Record<string, unknown>;
  if (!isOneOf(edition, EDITIONS) || !isOneOf(copy, COPIES) || typeof keep_going !== "boolean") return null;
  return { edition, copy, keep_going };
}

const isText = (value: unknown): value is string | null => value === null || typeof value === "string";

/** Reads it, all or nothing. */
export function readKeptBuild(value: unknown): KeptBuild | null {
  if (typeof value !== "object" || value === null) return null;
  const { options, submitted, sent, sentSubmitted, job, revision } = value as Record<string, unknown>;
  const chosen = readOptions(options);
  const given = submitted === null ? null : readOptions(submitted);
  if (chosen === null || (submitted !== null && given === null) || typeof sentSubmitted !== "boolean") return null;
  if (!isText(sent) || !isText(job) || !(revision === null || typeof revision === "number")) return null;
  return { options: chosen, submitted: given, sent, sentSubmitted, job, revision };
}
