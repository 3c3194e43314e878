/** The service's HTTP interface, as the page uses it. */

export interface Finding {
  code: string;
  severity: "error" | "warning";
  pointer: string;
  line?: number;
  column?: number;
  message_sv: string;
  message_en: string;
  help_sv?: string | null;
  help_en?: string | null;
  /** In a pack: the file it was found in; "" is the kallelse itself. */
  file?: string;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  findings?: Finding[];
  request_id?: string;
}

export interface Session {
  authenticated: boolean;
  required: boolean;
  name: string | null;
  scopes: string[];
  version: string;
  oidc: null | {
    issuer: string;
    client_id: string;
    authorization_endpoint: string;
    token_endpoint: string;
    scope: string;
  };
}

export interface Kind {
  name: string;
  title_sv: string;
  title_en: string;
  help_sv: string;
  help_en: string;
  plugin: boolean;
}

export interface Profile {
  name: string;
  title: string;
}

export interface Rendered {
  pages: number;
  standard: string;
  file_name: string;
  findings: Finding[];
  pdf: string;
}

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
  get kind(): string {
    return this.problem?.type.split("/").pop() ?? "";
  }
}

const TOKEN = "sigill.token";
let token: string | null = null;
let language = "sv";
const wanted = new Set<() => void>();

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
  wanted.add(listener);
  return () => wanted.delete(listener);
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
    if (error.status === 401) for (const listener of wanted) listener();
    const busy = error.status === 429 || error.status === 503;
    const seconds = error.retryAfter ?? 1 + attempt * 2;
    if (!busy || attempt >= (options.retries ?? 2) || seconds > MAX_WAIT_SECONDS) throw error;
    await wait(seconds, options.signal);
  }
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await call(path, { accept: "application/json", signal })).json()) as T;
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

function query(values: Record<string, string | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) if (value) search.set(key, value);
  return search.size > 0 ? "?" + search.toString() : "";
}

export async function render(
  model: string,
  files: ReadonlyMap<string, Blob>,
  standard: string,
  signal?: AbortSignal,
): Promise<Rendered> {
  const response = await call("/v1/render" + query({ standard }), {
    method: "POST",
    ...modelBody(model, files),
    accept: "application/json",
    signal,
  });
  return (await response.json()) as Rendered;
}

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
