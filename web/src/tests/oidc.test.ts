import { beforeEach, describe, expect, it, vi } from "vitest";
import { hasToken, setToken } from "../lib/api.ts";
import { finishSignIn, startSignIn } from "../lib/oidc.ts";

const ISSUER = "https://login.example";
const provider = {
  issuer: ISSUER,
  client_id: "sigill-webb",
  authorization_endpoint: `${ISSUER}/authorize?tenant=kommunen`,
  token_endpoint: `${ISSUER}/token`,
  scope: "openid profile",
};
const part = (value: object) => btoa(JSON.stringify(value)).replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_");

interface Back {
  query?: Record<string, string | null>;
  answer?: object;
  status?: number;
  token?: object;
  alg?: string;
}

let sent: URLSearchParams;

/** Signs in, with what comes back from the provider as it should be but for what is given. */
async function signIn({ query = {}, answer = {}, status = 200, token = {}, alg = "RS256" }: Back = {}): Promise<string> {
  await startSignIn(provider);
  const state = sent.get("state") ?? "";
  const back = Object.entries({ code: "kod", state, iss: ISSUER, ...query }).filter(([, value]) => value !== null);
  location.search = "?" + new URLSearchParams(back as [string, string][]);
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: ISSUER, aud: provider.client_id, sub: "u-17", iat: now, exp: now + 300, ...token };
  vi.stubGlobal("fetch", async (path: string, how: RequestInit) => {
    expect(path).toBe(provider.token_endpoint);
    const body = new URLSearchParams(String(how.body));
    expect(Object.fromEntries(body)).toMatchObject({ grant_type: "authorization_code", code: "kod", client_id: provider.client_id, redirect_uri: "https://sigill.example/" });
    expect(body.get("code_verifier")?.length).toBeGreaterThanOrEqual(43);
    const id_token = `${part({ alg })}.${part(claims)}.AAAA`;
    return Response.json({ access_token: "a", token_type: "Bearer", id_token, ...answer }, { status });
  });
  return await finishSignIn();
}

describe("signing in", () => {
  beforeEach(() => {
    const kept = new Map<string, string>();
    vi.stubGlobal("sessionStorage", {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    });
    vi.stubGlobal("history", { replaceState: vi.fn() });
    const assign = (url: URL) => {
      sent = url.searchParams;
    };
    vi.stubGlobal("location", { origin: "https://sigill.example", hash: "#/kallelse", search: "", assign });
    setToken(null);
  });

  it("asks for a code with PKCE, and leaves what the address had", async () => {
    await startSignIn(provider);
    expect(Object.fromEntries(sent)).toMatchObject({
      tenant: "kommunen",
      response_type: "code",
      client_id: "sigill-webb",
      redirect_uri: "https://sigill.example/",
      scope: "openid profile",
      code_challenge_method: "S256",
    });
    expect(sent.get("code_challenge")).toMatch(/^[\w-]{43}$/);
  });
  it("is not what has been done when the address says nothing of it", async () => {
    expect(await finishSignIn()).toBe("none");
  });
  it("gives a token, and leaves no code in the address", async () => {
    expect(await signIn()).toBe("done");
    expect(hasToken()).toBe(true);
    expect(history.replaceState).toHaveBeenCalledWith(null, "", "/#/kallelse");
  });
  it.each<[string, Back]>([
    ["without an ID token", { answer: { id_token: undefined } }],
    ["with an ID token signed in another way", { alg: "ES256" }],
    ["on a computer with a clock that is wrong", { token: { iat: 1, exp: Math.floor(Date.now() / 1000) - 3600 } }],
    ["with a provider that does not name itself on return", { query: { iss: null } }],
  ])("works %s", async (_, back) => {
    expect(await signIn(back)).toBe("done");
  });
  it.each<[string, Back]>([
    ["is refused by the provider", { query: { error: "access_denied" } }],
    ["comes back with another state", { query: { state: "x" } }],
    ["comes back from another provider", { query: { iss: "https://elsewhere.example" } }],
    ["comes back without a code", { query: { code: null, error: "x" } }],
    ["has a code that is not good", { status: 400, answer: { error: "invalid_grant" } }],
    ["gives no token", { answer: { access_token: undefined } }],
    ["gives a token of an unknown kind", { answer: { token_type: "mac" } }],
    ["gives a token of no kind", { answer: { token_type: undefined } }],
    ["gives an ID token for another page", { token: { aud: "another" } }],
    ["gives an ID token of another provider", { token: { iss: "https://elsewhere.example" } }],
  ])("fails when it %s", async (_, back) => {
    expect(await signIn(back)).toBe("failed");
    expect(hasToken()).toBe(false);
  });
  it("fails when this window has not begun it", async () => {
    location.search = "?code=kod&state=x";
    expect(await finishSignIn()).toBe("failed");
  });
});
