/** Moving an element of a list by dragging its handle, with mouse, pen or finger. */
import { useCallback, useRef, useState, type PointerEvent } from "react";

export interface Dragging {
  from: number;
  to: number;
}

const EDGE_PX = 60;
const START_PX = 4;

/** `onMove` gets the place it came from and the place it goes to. */
export function useReorder(onMove: (from: number, to: number) => void) {
  const list = useRef<HTMLOListElement>(null);
  const [dragging, setDragging] = useState<Dragging | null>(null);
  const now = useRef<Dragging | null>(null);

  const start = useCallback(
    (index: number) => (down: PointerEvent<HTMLElement>) => {
      if (down.button !== 0) return;
      const handle = down.currentTarget;
      const startY = down.clientY;
      down.preventDefault();
      handle.setPointerCapture(down.pointerId);

      const place = (y: number): number => {
        const children = [...(list.current?.children ?? [])];
        const before = children.findIndex((child) => {
          const box = child.getBoundingClientRect();
          return y < box.top + box.height / 2;
        });
        const gap = before < 0 ? children.length : before;
        return gap > index ? gap - 1 : gap;
      };
      const move = (event: globalThis.PointerEvent) => {
        if (now.current === null && Math.abs(event.clientY - startY) < START_PX) return;
        if (event.clientY < EDGE_PX) window.scrollBy(0, -12);
        else if (event.clientY > window.innerHeight - EDGE_PX) window.scrollBy(0, 12);
        now.current = { from: index, to: place(event.clientY) };
        setDragging(now.current);
      };
      const end = (done: boolean) => {
        handle.removeEventListener("pointermove", move);
        handle.removeEventListener("pointerup", up);
        handle.removeEventListener("pointercancel", cancel);
        window.removeEventListener("keydown", key);
        const last = now.current;
        now.current = null;
        setDragging(null);
        if (done && last !== null && last.from !== last.to) onMove(last.from, last.to);
      };
      const up = () => end(true);
      const cancel = () => end(false);
      const key = (event: KeyboardEvent) => {
        if (event.key === "Escape") end(false);
      };
      handle.addEventListener("pointermove", move);
      handle.addEventListener("pointerup", up);
      handle.addEventListener("pointercancel", cancel);
      window.addEventListener("keydown", key);
    },
    [onMove],
  );

  /** How an element looks while one is dragged: the one itself, and the line where it would land. */
  const classOf = (index: number): string => {
    if (dragging === null) return "";
    if (index === dragging.from) return " dragged";
    if (index === dragging.to) return dragging.to < dragging.from ? " lands-before" : " lands-after";
    return "";
  };

  return { list, start, classOf };
}
