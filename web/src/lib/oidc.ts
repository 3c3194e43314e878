/**
 * Signing in with an OpenID provider: authorization code with PKCE, all in the page.
 *
 * The flow is oauth4webapi's (MIT, September 2026, certified by the OpenID Foundation): it checks more of what comes back
 * than we did, such as the kind of token and whom an ID token is for. Its 17 kB are fetched by those who sign in with a
 * provider, and by no one else. It evaluates no code, so the Content-Security-Policy holds.
 */
import type { AuthorizationServer, Client } from "oauth4webapi";
import { setToken, type SignIn } from "./api.ts";

const PENDING = "sigill.oidc";

/** What came of signing in: `none` when nobody was doing that. */
export type SignInOutcome = "none" | "done" | "failed";

/** What is kept while the person is at the provider. */
interface Pending {
  provider: SignIn;
  state: string;
  verifier: string;
  back: string;
}

/** Seconds that the clock of this computer may be wrong. The service tells by its own whether a token is good. */
const CLOCK_TOLERANCE = 24 * 60 * 60;

/**
 * What a provider may sign its ID token with. All that there are: the page takes nothing from it, and which keys the token
 * for the service may be signed with is told by the service.
 */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"];

const redirectUri = () => location.origin + "/";

/** Leaves the page for the provider. */
export async function startSignIn(provider: SignIn): Promise<void> {
  // By their names, here and below, so that the bundler leaves out the rest.
  const { calculatePKCECodeChallenge, generateRandomCodeVerifier, generateRandomState } = await import("oauth4webapi");
  const [state, verifier] = [generateRandomState(), generateRandomCodeVerifier()];
  const url = new URL(provider.authorization_endpoint);
  const asked = {
    response_type: "code",
    client_id: provider.client_id,
    redirect_uri: redirectUri(),
    scope: provider.scope,
    state,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  sessionStorage.setItem(PENDING, JSON.stringify({ provider, state, verifier, back: location.hash } satisfies Pending));
  location.assign(url);
}

/** What came of a sign-in that the address bar tells of. */
export async function finishSignIn(): Promise<SignInOutcome> {
  const query = new URLSearchParams(location.search);
  if (!query.has("state") || !(query.has("code") || query.has("error"))) return "none";
  const text = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  const pending = text === null ? null : (JSON.parse(text) as Pending);
  // Whatever comes of it, the code is not left where it can be seen.
  history.replaceState(null, "", "/" + (pending?.back ?? ""));
  if (pending === null) return "failed";
  try {
    setToken(await tokenFor(query, pending));
    return "done";
  } catch {
    return "failed";
  }
}

/** Changes the code for a token. Throws when the answer, before or now, is not one to this request. */
async function tokenFor(query: URLSearchParams, { provider, state, verifier }: Pending): Promise<string> {
  const {
    allowInsecureRequests,
    authorizationCodeGrantRequest,
    clockTolerance,
    None,
    processAuthorizationCodeResponse,
    validateAuthResponse,
  } = await import("oauth4webapi");
  const server: AuthorizationServer = {
    issuer: provider.issuer,
    token_endpoint: provider.token_endpoint,
    id_token_signing_alg_values_supported: ALGORITHMS,
  };
  const client: Client = { client_id: provider.client_id, [clockTolerance]: CLOCK_TOLERANCE };
  const callback = validateAuthResponse(server, client, query, state);
  // The service names a provider without TLS only on the machine that it runs on itself.
  const how = { [allowInsecureRequests]: true };
  const response = await authorizationCodeGrantRequest(server, client, None(), callback, redirectUri(), verifier, how);
  return (await processAuthorizationCodeResponse(server, client, response)).access_token;
}
