/** The document as it will be, beside the form. */
import { useEffect, useRef, useState } from "react";
import { IconButton } from "../parts/Icon.tsx";
import { useT } from "../texts/index.tsx";
import { PdfView } from "./pdf-view.ts";

interface Props {
  pdf: Uint8Array<ArrayBuffer> | null;
  stale: boolean;
  busy: boolean;
  /** Whether errors stand in the way of a PDF. */
  errors: boolean;
}

const ZOOMS = [0.75, 1, 1.25, 1.6, 2.200];

export function Preview({ pdf, stale, busy, errors }: Props) {
  const t = useT();
  const scroller = useRef<HTMLDivElement>(null);
  const pages = useRef<HTMLDivElement>(null);
  const view = useRef<PdfView | null>(null);
  const texts = useRef(t);
  texts.current = t;
  const [drawn, setDrawn] = useState(0);
  const [at, setAt] = useState({ page: 0, of: 0 });
  const [zoom, setZoom] = useState(1);

  useEffect(() => {
    if (scroller.current === null || pages.current === null) return;
    const made = new PdfView(
      scroller.current,
      pages.current,
      (page, of) => texts.current.pageOf(page, of),
      (page, of) => setAt((old) => (old.page === page && old.of === of ? old : { page, of })),
    );
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    if (pdf === null) return;
    // The bytes move to the worker; the page keeps its own.
    view.current?.show(pdf.slice()).then(
      (shown) => {
        if (shown) setDrawn((n) => n + 1);
      },
      () => undefined,
    );
  }, [pdf]);

  const step = (by: number) => {
    const next = ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, ZOOMS.indexOf(zoom) + by))] ?? 1;
    setZoom(next);
    view.current?.setZoom(next);
  };
  const openInTab = () => {
    if (pdf === null) return;
    const url = URL.createObjectURL(new Blob([pdf], { type: "application/pdf" }));
    window.open(url, "_blank", "noopener");
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  };

  return (
    <section className="preview" aria-label={t.previewLabel} data-drawn={drawn}>
      <div className="preview-bar">
        <span className="preview-place">{at.of > 0 ? t.pageOf(Math.max(1, at.page), at.of) : ""}</span>
        <span className={"preview-state" + (stale ? " stale" : "")}>
          {stale ? t.previewStale : busy && pdf === null ? t.previewWaiting : ""}
        </span>
        <span className="preview-tools">
          <IconButton name="minus" label={t.zoomOut} disabled={zoom === ZOOMS[0]} onClick={() => step(-1)} />
          <IconButton name="add" label={t.zoomIn} disabled={zoom === ZOOMS[ZOOMS.length - 1]} onClick={() => step(1)} />
          <button type="button" className="quiet" disabled={pdf === null} onClick={openInTab}>
            {t.openInTab}
          </button>
        </span>
      </div>
      <div className="preview-scroll" ref={scroller} tabIndex={0} role="region" aria-label={t.previewLabel}>
        {pdf === null && <p className="preview-none">{busy ? t.previewWaiting : errors ? t.previewErrors : t.previewNone}</p>}
        <div ref={pages} className="pages" lang="sv" />
      </div>
    </section>
  );
}
