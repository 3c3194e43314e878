import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { loadToken } from "./lib/api.ts";
import { finishSignIn } from "./lib/oidc.ts";
import { LanguageProvider } from "./texts/index.tsx";
import "./styles/base.css";
import "./styles/form.css";
import "./styles/table.css";
import "./styles/views.css";

loadToken();
const root = document.getElementById("app");
if (root) {
  void finishSignIn().then((signIn) => {
    createRoot(root).render(
      <StrictMode>
        <LanguageProvider>
          <App signIn={signIn} />
        </LanguageProvider>
      </StrictMode>,
    );
  });
}
