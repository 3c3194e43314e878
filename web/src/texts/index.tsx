/** The chosen language: Swedish first, remembered in the browser. */
import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from "react";
import { setApiLanguage } from "../lib/api.ts";
import { en } from "./en.ts";
import { sv, type Texts } from "./sv.ts";

export type Lang = "sv" | "en";
const KEY = "sigill.language";

interface Language {
  lang: Lang;
  t: Texts;
  setLang: (lang: Lang) => void;
}

const Context = createContext<Language>({ lang: "sv", t: sv, setLang: () => undefined });

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [lang, setLangState] = useState<Lang>(() => (localStorage.getItem(KEY) === "en" ? "en" : "sv"));
  setApiLanguage(lang);
  useEffect(() => {
    document.documentElement.lang = lang;
  }, [lang]);
  const setLang = useCallback((next: Lang) => {
    localStorage.setItem(KEY, next);
    setLangState(next);
  }, []);
  return <Context value={{ lang, t: lang === "en" ? en : sv, setLang }}>{children}</Context>;
}

export function useLanguage(): Language {
  return useContext(Context);
}

export function useT(): Texts {
  return useContext(Context).t;
}
