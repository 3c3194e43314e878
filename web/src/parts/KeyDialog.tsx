/** Asks people to sign in, or for the key to the service. */
import { useEffect, useId, useRef, useState, type FormEvent } from "react";
import { getJson, setToken } from "../lib/api.ts";
import { startSignIn } from "../lib/oidc.ts";
import { keepAll } from "../lib/draft.ts";
import { useService, type SignInReason } from "../lib/service.tsx";
import { useT } from "../texts/index.tsx";
import type { Texts } from "../texts/sv.ts";
import { ProblemNotice } from "./ProblemNotice.tsx";

/** What is said first, and whether it is that something went wrong. */
function words(why: SignInReason, oidc: boolean, t: Texts): { text: string; wrong: boolean } {
  if (why === "failed") return { text: t.auth.oidcFailed, wrong: true };
  if (why === "refused") return { text: t.auth.oidcRefused, wrong: true };
  if (why === "expired") return { text: oidc ? t.auth.oidcExpired : t.auth.keyExpired, wrong: true };
  return { text: oidc ? t.auth.oidcLead : t.auth.lead, wrong: false };
}

export function KeyDialog({ why }: { why: SignInReason }) {
  const t = useT();
  const service = useService();
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useId();
  const [key, setKey] = useState("");
  const [wrong, setWrong] = useState(false);
  const [error, setError] = useState<unknown>(null);

  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    return () => element?.close();
  }, []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setWrong(false);
    setError(null);
    setToken(key.trim());
    try {
      const session = await getJson("/v1/session");
      if (session.required && !session.authenticated) {
        setToken(null);
        setWrong(true);
        document.getElementById(input)?.focus();
        return;
      }
      service.askSignIn(null);
      service.reload();
    } catch (failure) {
      setToken(null);
      setError(failure);
    }
  };

  const oidc = service.session?.oidc ?? null;
  const first = words(why, oidc !== null, t);
  const signIn = async () => {
    if (oidc === null) return;
    try {
      await keepAll();
      await startSignIn(oidc);
    } catch {
      service.askSignIn("failed");
    }
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={input + "-title"} onCancel={() => service.askSignIn(null)}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id={input + "-title"}>{oidc ? t.auth.oidcTitle : t.auth.title}</h2>
        {first.wrong ? (
          <p className="notice error" role="alert">
            {first.text}
          </p>
        ) : (
          <p>{first.text}</p>
        )}
        {oidc && (
          <>
            <button type="button" className="primary" onClick={() => void signIn()}>
              {t.auth.oidc}
            </button>
            <p className="or">{t.auth.or}</p>
          </>
        )}
        <div className="field">
          <label htmlFor={input}>{oidc ? t.auth.oidcKey : t.auth.label}</label>
          <input
            id={input}
            type="password"
            autoComplete="off"
            value={key}
            aria-invalid={wrong || undefined}
            aria-describedby={wrong ? input + "-wrong" : undefined}
            onChange={(event) => setKey(event.target.value)}
            required
          />
          <p id={input + "-wrong"} role="alert" className="field-error">
            {wrong ? t.auth.wrong : ""}
          </p>
        </div>
        {error !== null && <ProblemNotice error={error} />}
        <div className="dialog-buttons">
          <button type="button" className="quiet" onClick={() => service.askSignIn(null)}>
            {t.cancel}
          </button>
          <button type="submit" className={oidc ? undefined : "primary"}>
            {t.auth.save}
          </button>
        </div>
      </form>
    </dialog>
  );
}
