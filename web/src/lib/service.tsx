/** What the service is and has: fetched once, and again after a key has been given. */
import { createContext, useCallback, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import { getJson, hasToken, onKeyWanted, type Kind, type Profile, type Session } from "./api.ts";
import type { SignInOutcome } from "./oidc.ts";

/** Why somebody is asked who they are. `refused`: they signed in, and the service does not take what came of it. */
export type SignInReason = "first" | "expired" | "failed" | "refused";

export interface Service {
  session: Session | null;
  kinds: Kind[] | null;
  profiles: Profile[];
  error: unknown;
  signInReason: SignInReason | null;
  /** Counts sign-ins: what was refused before may be asked again. */
  signIns: number;
  reload: () => void;
  askSignIn: (why: SignInReason | null) => void;
}

const Context = createContext<Service | null>(null);
const RETRY_MS = 5000;

export function ServiceProvider({ signIn, children }: { signIn: SignInOutcome; children: ReactNode }) {
  const [session, setSession] = useState<Session | null>(null);
  const [kinds, setKinds] = useState<Kind[] | null>(null);
  const [profiles, setProfiles] = useState<Profile[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [signInReason, askSignIn] = useState<SignInReason | null>(null);
  /** How the page was come back to; of interest once. */
  const arrived = useRef(signIn);
  const [signIns, setSignIns] = useState(0);
  const reload = useCallback(() => setSignIns((n) => n + 1), []);

  useEffect(
    () =>
      onKeyWanted(() => {
        askSignIn((now) => now ?? (hasToken() ? "expired" : "first"));
        setSession((now) => now && { ...now, authenticated: false, name: null, scopes: [] });
      }),
    [],
  );
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    const load = async () => {
      try {
        const now = await getJson("/v1/session");
        if (stopped) return;
        setSession(now);
        const back = arrived.current;
        arrived.current = "none";
        if (now.required && !now.authenticated) {
          if (back === "none") askSignIn(hasToken() ? "expired" : "first");
          else askSignIn(back === "done" ? "refused" : "failed");
          setError(null);
          return;
        }
        const [allKinds, allProfiles] = await Promise.all([getJson("/v1/kinds"), getJson("/v1/profiles")]);
        if (stopped) return;
        setKinds(allKinds);
        setProfiles(allProfiles);
        setError(null);
      } catch (failure) {
        if (stopped) return;
        setError(failure);
        timer = setTimeout(() => void load(), RETRY_MS);
      }
    };
    void load();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [signIns]);

  return (
    <Context value={{ session, kinds, profiles, error, signInReason, signIns, reload, askSignIn }}>
      {children}
    </Context>
  );
}

export function useService(): Service {
  const service = useContext(Context);
  if (service === null) throw new Error("outside the service");
  return service;
}
