/** Signing in with an OpenID provider: authorization code with PKCE, all in the page. */
import { setToken, type Session } from "./api.ts";

const PENDING = "sigill.oidc";

export type SignIn = "none" | "done" | "failed";

interface Pending {
  state: string;
  verifier: string;
  issuer: string;
  tokenEndpoint: string;
  clientId: string;
  back: string;
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

const redirectUri = () => location.origin + "/";

/** Leaves the page for the provider. */
export async function startSignIn(oidc: NonNullable<Session["oidc"]>): Promise<void> {
  const pending: Pending = {
    state: random(),
    verifier: random(),
    issuer: oidc.issuer,
    tokenEndpoint: oidc.token_endpoint,
    clientId: oidc.client_id,
    back: location.hash,
  };
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(pending.verifier));
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const url = new URL(oidc.authorization_endpoint);
  url.search = new URLSearchParams({
    ...Object.fromEntries(url.searchParams),
    response_type: "code",
    client_id: oidc.client_id,
    redirect_uri: redirectUri(),
    scope: oidc.scope,
    state: pending.state,
    code_challenge: base64url(new Uint8Array(hash)),
    code_challenge_method: "S256",
  }).toString();
  location.assign(url);
}

/** What came of a sign-in that the address bar tells of. */
export async function finishSignIn(): Promise<SignIn> {
  const query = new URLSearchParams(location.search);
  if (!query.has("state") || !(query.has("code") || query.has("error"))) return "none";
  const text = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  const pending = text === null ? null : (JSON.parse(text) as Pending);
  // Whatever comes of it, the code is not left where it can be seen.
  history.replaceState(null, "", "/" + (pending?.back ?? ""));
  const code = query.get("code");
  if (pending === null || code === null || query.get("state") !== pending.state) return "failed";
  if (query.has("iss") && query.get("iss") !== pending.issuer) return "failed";
  try {
    const response = await fetch(pending.tokenEndpoint, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "authorization_code",
        code,
        client_id: pending.clientId,
        redirect_uri: redirectUri(),
        code_verifier: pending.verifier,
      }),
    });
    const answer = (await response.json()) as { access_token?: string };
    if (!response.ok || !answer.access_token) return "failed";
    setToken(answer.access_token);
    return "done";
  } catch {
    return "failed";
  }
}
