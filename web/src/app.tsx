/** The page: its head, the three views, and the dialog for the key. */
import { useEffect, useRef, useState } from "react";
import { setToken, type Scope } from "./lib/api.ts";
import type { SignInOutcome } from "./lib/oidc.ts";
import { ServiceProvider, useService } from "./lib/service.tsx";
import { LiveRegion } from "./parts/announce.tsx";
import { ErrorBoundary } from "./parts/ErrorBoundary.tsx";
import { Icon } from "./parts/Icon.tsx";
import { KeyDialog } from "./parts/KeyDialog.tsx";
import { ProblemNotice } from "./parts/ProblemNotice.tsx";
import { Trouble } from "./parts/Trouble.tsx";
import { useLanguage } from "./texts/index.tsx";
import { DocumentView } from "./views/DocumentView.tsx";
import { PackView } from "./pack/PackView.tsx";
import { VerifyView } from "./views/VerifyView.tsx";

const VIEWS = ["dokument", "kallelse", "kontrollera"] as const;
type ViewName = (typeof VIEWS)[number];

function viewOfHash(): ViewName {
  const name = location.hash.replace(/^#\/?/, "");
  return VIEWS.find((view) => view === name) ?? "dokument";
}

/** What each view needs to be allowed. */
const NEEDED: Record<ViewName, Scope> = { dokument: "render", kallelse: "pack", kontrollera: "verify" };

export function App({ signIn }: { signIn: SignInOutcome }) {
  return (
    <ServiceProvider signIn={signIn}>
      <Shell />
    </ServiceProvider>
  );
}

function Shell() {
  const { t, lang, setLang } = useLanguage();
  const service = useService();
  const [view, setView] = useState<ViewName>(viewOfHash);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);

  useEffect(() => {
    const onHash = () => setView(viewOfHash());
    window.addEventListener("hashchange", onHash);
    return () => window.removeEventListener("hashchange", onHash);
  }, []);

  const names: Record<ViewName, string> = { dokument: t.navDocument, kallelse: t.navPack, kontrollera: t.navVerify };
  useEffect(() => {
    document.title = `${names[view]} – ${t.appName}`;
    // A new view is read from its beginning; the first one is left to the browser.
    if (first.current) first.current = false;
    else main.current?.focus();
  }, [view, t]);

  const signedIn = service.session?.required === true && service.session.authenticated;
  return (
    <>
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>
        {t.skip}
      </a>
      <header className="top">
        <div className="brand">
          <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
            <circle cx="16" cy="16" r="15" className="seal" />
            <circle cx="16" cy="16" r="11.5" className="seal-ring" />
            <path d="M10.5 16.5l4 4 7.5-8.5" className="seal-mark" />
          </svg>
          <span className="brand-name">{t.appName}</span>
        </div>
        <nav aria-label={t.nav}>
          <ul>
            {VIEWS.map((name) => (
              <li key={name}>
                <a href={`#/${name}`} aria-current={view === name ? "page" : undefined}>
                  {names[name]}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="top-tools">
          {service.session?.required === true && !service.session.authenticated && (
            <button type="button" className="quiet" onClick={() => service.askSignIn("first")}>
              <Icon name="key" />
              {service.session.oidc ? t.signIn : t.key}
            </button>
          )}
          {signedIn && (
            <button
              type="button"
              className="quiet"
              onClick={() => {
                setToken(null);
                service.reload();
              }}
            >
              <Icon name="key" />
              {service.session?.name ? `${service.session.name}: ${t.signOut.toLowerCase()}` : t.signOut}
            </button>
          )}
          <button type="button" className="quiet" lang={lang === "sv" ? "en" : "sv"} onClick={() => setLang(lang === "sv" ? "en" : "sv")}>
            {t.otherLanguage}
          </button>
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1} className={"view-" + view}>
        {service.error !== null && (
          <div className="banner">
            <ProblemNotice error={service.error} onRetry={service.reload} />
          </div>
        )}
        {signedIn && !service.session?.scopes.includes(NEEDED[view]) && (
          <div className="banner">
            <div className="notice warning" role="status">
              <p>
                <strong>{t.auth.mayNot[view]}</strong>
              </p>
              <p>{t.problems.notAllowedRemedy}</p>
            </div>
          </div>
        )}
        <Trouble />
        <ErrorBoundary view={view}>
          {view === "dokument" && <DocumentView />}
          {view === "kallelse" && <PackView />}
          {view === "kontrollera" && <VerifyView />}
        </ErrorBoundary>
      </main>
      <footer className="foot">
        {service.session && <span>{t.version(service.session.version)}</span>}
        <a href="/licences.txt">{t.licences}</a>
      </footer>
      {service.signInReason !== null && <KeyDialog why={service.signInReason} />}
      <LiveRegion />
    </>
  );
}
