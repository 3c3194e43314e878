import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { loadToken } from "./lib/api.ts";
import { DRAFTS, packDraft, watchWindow } from "./lib/draft.ts";
import { copyFrom } from "./lib/kept.ts";
import { nameWindow } from "./lib/window.ts";
import { BUILD, packBuild } from "./pack/job.ts";
import { finishSignIn } from "./lib/oidc.ts";
import { LanguageProvider } from "./texts/index.tsx";
import "./styles/base.css";
import "./styles/form.css";
import "./styles/table.css";
import "./styles/views.css";

/** Takes up what this window has been writing. A copied tab begins with a copy of its own. */
async function openWork(): Promise<void> {
  const copied = await nameWindow();
  if (copied !== null) await copyFrom(copied, [...DRAFTS.map((draft) => draft.key), BUILD]);
  for (const draft of DRAFTS) await draft.open();
  // A job is its own window's to follow and to forget.
  await packBuild.open(packDraft.get().model !== null, copied === null);
  watchWindow();
}

loadToken();
const root = document.getElementById("app");
if (root) {
  const started = Promise.all([finishSignIn(), openWork()]);
  void started.then(([signIn]) => {
    createRoot(root).render(
      <StrictMode>
        <LanguageProvider>
          <App signIn={signIn} />
        </LanguageProvider>
      </StrictMode>,
    );
  });
}
