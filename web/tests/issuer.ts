/** An OpenID provider for the journeys: real keys, a page to sign in on, a code that is good once. */
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const CLIENT = "sigill-webb";
export const AUDIENCE = "sigill";

export interface Person {
  sub: string;
  name: string;
  groups: string[];
}

/** What somebody was sent to the issuer with. */
interface Asked {
  challenge: string;
  redirect: string;
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

export class Issuer {
  address = "";
  /** Who sits at the browser, and how many seconds their tokens are good. */
  person: Person = { sub: "u-17", name: "Åsa Ek", groups: [] };
  seconds = 300;
  audience = AUDIENCE;
  /** What the journey wants to come back otherwise than it should. */
  state: string | null = null;
  /** What was asked for wrongly. */
  readonly faults: string[] = [];
  /** Whether each request for a token was answered with one. */
  readonly tokens: boolean[] = [];
  private readonly keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  private readonly codes = new Map<string, Asked>();
  private server: Server | null = null;
  /** The origin of the page, which alone may read the token. */
  page = "";

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.answer(request, response));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    this.server = server;
    this.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  /** A token for the service, or, with the page's name for the audience, an ID token for the page. */
  token(audience = this.audience): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: this.address, aud: audience, iat: now, exp: now + this.seconds, ...this.person };
    const text = `${part({ alg: "RS256", kid: "k1", typ: "JWT" })}.${part(claims)}`;
    return `${text}.${sign("RSA-SHA256", Buffer.from(text), this.keys.privateKey).toString("base64url")}`;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.address);
    const json = (value: object, status = 200, headers: Record<string, string> = {}) => {
      response.writeHead(status, { "Content-Type": "application/json", ...headers });
      response.end(JSON.stringify(value));
    };
    switch (url.pathname) {
      case "/.well-known/openid-configuration":
        return json({
          issuer: this.address,
          jwks_uri: `${this.address}/keys`,
          authorization_endpoint: `${this.address}/authorize`,
          token_endpoint: `${this.address}/token`,
        });
      case "/keys":
        return json({ keys: [{ ...this.keys.publicKey.export({ format: "jwk" }), kid: "k1", use: "sig", alg: "RS256" }] });
      case "/authorize":
        return this.authorize(url.searchParams, response);
      case "/token": {
        const cors = { "Access-Control-Allow-Origin": this.page, "Cache-Control": "no-store" };
        let body = "";
        for await (const chunk of request) body += String(chunk);
        const good = this.redeem(new URLSearchParams(body), request);
        this.tokens.push(good);
        const tokens = { access_token: this.token(), id_token: this.token(CLIENT) };
        if (good) return json({ ...tokens, token_type: "Bearer", expires_in: Math.max(0, this.seconds) }, 200, cors);
        return json({ error: "invalid_grant" }, 400, cors);
      }
      default:
        response.writeHead(url.pathname === "/favicon.ico" ? 204 : 404);
        response.end();
    }
  }

  /** A page with a button, as a provider has. */
  private authorize(query: URLSearchParams, response: ServerResponse): void {
    const must = (name: string, right: (value: string) => boolean) => {
      const value = query.get(name) ?? "";
      if (!right(value)) this.faults.push(`${name}: ${value}`);
      return value;
    };
    must("response_type", (v) => v === "code");
    must("client_id", (v) => v === CLIENT);
    must("scope", (v) => v.split(" ").includes("openid"));
    must("code_challenge_method", (v) => v === "S256");
    const state = must("state", (v) => v.length >= 43);
    const challenge = must("code_challenge", (v) => /^[\w-]{43}$/.test(v));
    const redirect = must("redirect_uri", (v) => v === `${this.page}/`);
    const code = randomBytes(16).toString("base64url");
    this.codes.set(code, { challenge, redirect });
    const back = (answer: Record<string, string>) => `${redirect}?${new URLSearchParams({ ...answer, state: this.state ?? state, iss: this.address })}`.replaceAll("&", "&amp;");
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
    response.end(
      `<!doctype html><html lang="sv"><title>Kommunen</title><h1>Kommunens inloggning</h1>
       <a role="button" href="${back({ code })}">Logga in</a> <a role="button" href="${back({ error: "access_denied" })}">Avbryt</a></html>`,
    );
  }

  private redeem(body: URLSearchParams, request: IncomingMessage): boolean {
    const asked = this.codes.get(body.get("code") ?? "");
    this.codes.delete(body.get("code") ?? "");
    const challenge = createHash("sha256").update(body.get("code_verifier") ?? "").digest("base64url");
    return (
      asked !== undefined &&
      request.method === "POST" &&
      request.headers.origin === this.page &&
      body.get("grant_type") === "authorization_code" &&
      body.get("client_id") === CLIENT &&
      body.get("redirect_uri") === asked.redirect &&
      challenge === asked.challenge
    );
  }
}
