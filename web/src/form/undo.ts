/** Taking back changes by the keyboard, in place of the browser's own way, which knows one field at a time. */
import { useEffect } from "react";
import type { Draft } from "../lib/draft.ts";
import type { OpenStore } from "../lib/store.ts";
import { announce } from "../parts/announce.tsx";
import { useT } from "../texts/index.tsx";
import { jumpTo } from "./jump.ts";

type Way = "undo" | "redo";

function wayOf(event: KeyboardEvent): Way | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? "redo" : "undo";
  return key === "y" && !event.metaKey ? "redo" : null;
}

/** Gives the ways back and forth, and listens to the keys and the browser's menu. */
export function useUndo(draft: Draft, open: OpenStore): (way: Way) => void {
  const t = useT();
  const step = (way: Way) => {
    const pointer = draft.step(way);
    announce(pointer === null ? t.undo.nothing : way === "undo" ? t.undo.undone : t.undo.redone);
    if (pointer !== null && pointer !== "") jumpTo(pointer, open);
  };
  useEffect(() => {
    const elsewhere = (target: EventTarget | null) => target instanceof Element && target.closest("dialog") !== null;
    const onKey = (event: KeyboardEvent) => {
      const way = wayOf(event);
      if (way === null || elsewhere(event.target)) return;
      event.preventDefault();
      step(way);
    };
    const onInput = (event: InputEvent) => {
      const way = event.inputType === "historyUndo" ? "undo" : event.inputType === "historyRedo" ? "redo" : null;
      if (way === null || elsewhere(event.target)) return;
      event.preventDefault();
      step(way);
    };
    document.addEventListener("keydown", onKey);
    document.addEventListener("beforeinput", onInput);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("beforeinput", onInput);
    };
  });
  return step;
}
