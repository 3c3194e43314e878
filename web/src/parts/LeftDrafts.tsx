/** Work that was not saved when its window was closed: it can be taken up again or thrown away. */
import { useEffect, useState } from "react";
import { asKeptDraft, type Draft } from "../lib/draft.ts";
import { copyFrom, KEPT_DAYS, leftBehind, throwAway, type Left } from "../lib/kept.ts";
import { useLanguage } from "../texts/index.tsx";
import { announce } from "./announce.tsx";

interface Props {
  draft: Draft;
  /** What else belongs to it. */
  beside?: readonly string[];
  onTaken?: () => Promise<void>;
}

export function LeftDrafts({ draft, beside = [], onTaken }: Props) {
  const { t, lang } = useLanguage();
  const [left, setLeft] = useState<readonly Left[]>([]);
  const names = [draft.key, ...beside];
  const load = () => void leftBehind().then((all) => setLeft(all.filter((kept) => kept.name === draft.key && asKeptDraft(kept.value) !== null)));
  useEffect(load, [draft]);

  const forget = async (kept: Left) => {
    for (const name of names) await throwAway(kept.window, name);
    load();
  };
  const take = async (kept: Left) => {
    await copyFrom(kept.window, names);
    await draft.open();
    await onTaken?.();
    await forget(kept);
  };
  if (left.length === 0) return null;
  const when = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : "sv-SE", { dateStyle: "short", timeStyle: "short" });
  return (
    <section className="left" aria-labelledby="left-title">
      <h2 id="left-title">{t.kept.title}</h2>
      <p className="help">{t.kept.lead(KEPT_DAYS)}</p>
      <ul>
        {left.map((kept) => {
          const name = asKeptDraft(kept.value)?.title || t.kept.untitled;
          return (
            <li key={kept.window}>
              <span>
                <strong lang="sv">{name}</strong> <span className="left-when">{when.format(kept.at)}</span>
              </span>
              <span className="left-buttons">
                <button type="button" onClick={() => void take(kept)}>
                  {t.kept.take}
                  <span className="visually-hidden">: {name}</span>
                </button>
                <button
                  type="button"
                  className="quiet"
                  onClick={() => {
                    if (!window.confirm(t.kept.throwAsk(name))) return;
                    void forget(kept).then(() => announce(t.removed(name)));
                  }}
                >
                  {t.kept.throw}
                  <span className="visually-hidden">: {name}</span>
                </button>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
