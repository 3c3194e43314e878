/** The service's HTTP interface, as the page uses it. */
import type { paths, Problem } from "./api-types.ts";

// openapi-typescript (MIT, March 2026) makes these types of the service's own description, so that what the page believes
// of an answer cannot differ from what the service says of it. It runs when the page is built, and adds nothing to the page.
export type {
  Finding,
  JobView as Job,
  KindEntry as Kind,
  PackOptions,
  Problem,
  ProfileEntry as Profile,
  Scope,
  Session,
  SignatureReport,
  SignIn,
  Verified,
} from "./api-types.ts";

/** The JSON that an operation answers with. */
type JsonOf<Operation> = Operation extends { responses: { 200: { content: { "application/json": infer Body } } } }
  ? Body
  : Operation extends { responses: { 202: { content: { "application/json": infer Body } } } }
    ? Body
    : never;

/** What an operation has in its address: `id` for `{id}`. */
type ValuesOf<Operation> = Operation extends { parameters: { path: infer Values extends Record<string, string> } } ? Values : undefined;

/** An answer that is not what was asked for. `status` 0: nothing answered at all. */
export class ServiceError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem | null,
    readonly retryAfter: number | null = null,
  ) {
    super(problem?.title ?? `HTTP ${status}`);
  }

  /** The last part of the problem's type: `document-has-errors`. */
  get problemName(): string {
    return this.problem?.type.split("/").pop() ?? "";
  }
}

const TOKEN = "sigill.token";
let token: string | null = null;
let language = "sv";
const keyListeners = new Set<() => void>();

export function loadToken(): void {
  token = sessionStorage.getItem(TOKEN);
}

export function setToken(value: string | null): void {
  token = value;
  if (value === null) sessionStorage.removeItem(TOKEN);
  else sessionStorage.setItem(TOKEN, value);
}

export const hasToken = (): boolean => token !== null;

export function setApiLanguage(value: string): void {
  language = value;
}

/** Calls back when the service asks for a key. */
export function onKeyWanted(listener: () => void): () => void {
  keyListeners.add(listener);
  return () => keyListeners.delete(listener);
}

export interface CallOptions {
  method?: string;
  body?: BodyInit;
  type?: string;
  accept?: string;
  signal?: AbortSignal;
  headers?: Record<string, string>;
  /** How many times a busy service is asked again. */
  retries?: number;
}

const MAX_WAIT_SECONDS = 20;

function retryAfter(response: Response): number | null {
  const header = response.headers.get("Retry-After");
  if (header === null) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, (at - Date.now()) / 1000);
}

function wait(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("aborted", "AbortError"));
    });
  });
}

async function toError(response: Response): Promise<ServiceError> {
  let problem: Problem | null = null;
  if ((response.headers.get("Content-Type") ?? "").includes("json")) {
    problem = await response.json().then(
      (value: Problem) => value,
      () => null,
    );
  }
  return new ServiceError(response.status, problem, retryAfter(response));
}

/** Asks the service. Waits and asks again when it says that it is busy. */
export async function call(path: string, options: CallOptions = {}): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    const headers: Record<string, string> = { "Accept-Language": language, ...options.headers };
    if (options.accept) headers["Accept"] = options.accept;
    if (options.type) headers["Content-Type"] = options.type;
    if (token !== null) headers["Authorization"] = `Bearer ${token}`;
    let response: Response;
    try {
      response = await fetch(path, {
        method: options.method ?? "GET",
        body: options.body,
        headers,
        signal: options.signal,
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new ServiceError(0, null);
    }
    if (response.ok || response.status === 304) return response;
    const error = await toError(response);
    if (error.status === 401) for (const listener of keyListeners) listener();
    const busy = error.status === 429 || error.status === 503;
    const seconds = error.retryAfter ?? 1 + attempt * 2;
    if (!busy || attempt >= (options.retries ?? 2) || seconds > MAX_WAIT_SECONDS) throw error;
    await wait(seconds, options.signal);
  }
}

/** An address of the description with values in it. */
function address(path: string, values: Record<string, string> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`${path} wants a value for ${name}`);
    return encodeURIComponent(value);
  });
}

/** The JSON at an address. */
export async function getJson<P extends keyof paths>(
  path: P,
  options: CallOptions & { values?: ValuesOf<paths[P]["get"]> } = {},
): Promise<JsonOf<paths[P]["get"]>> {
  const { values, ...rest } = options;
  const response = await call(address(path, values), { ...rest, accept: "application/json" });
  return (await response.json()) as JsonOf<paths[P]["get"]>;
}

/** The JSON that comes of sending something to an address. */
export async function postJson<P extends keyof paths>(path: P, options: CallOptions & { query?: Query }): Promise<JsonOf<paths[P]["post"]>> {
  const { query, ...rest } = options;
  const response = await call(path + queryText(query), { ...rest, method: "POST", accept: "application/json" });
  return (await response.json()) as JsonOf<paths[P]["post"]>;
}

/** The text of a JSON answer, for models whose digits must not change. */
export async function getText(path: string): Promise<string> {
  return await (await call(path, { accept: "application/json" })).text();
}

/** The body of a request with a model and the files it names. */
export function modelBody(model: string, files: ReadonlyMap<string, Blob>): { body: BodyInit; type?: string } {
  if (files.size === 0) return { body: model, type: "application/json" };
  const form = new FormData();
  form.append("model", new Blob([model], { type: "application/json" }), "model.json");
  for (const [path, file] of files) form.append("file", file, path);
  return { body: form };
}

type Query = Record<string, string | null | undefined>;

/** The end of an address that asks with those values that are given. */
export function queryText(values: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) if (value) search.set(key, value);
  return search.size > 0 ? "?" + search.toString() : "";
}

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
