/**
 * Draws a PDF's pages into an element. A page keeps its old picture until the new one is drawn, pages in view are drawn
 * first, and the place of scrolling stays.
 */
import type { PDFDocumentProxy, PDFPageProxy, PDFWorker, RenderTask } from "pdfjs-dist";
import workerUrl from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";

type Library = typeof import("pdfjs-dist");
const MAX_DENSITY = 2;
const PX_PER_PT = 96 / 72;

let library: Promise<{ pdf: Library; worker: PDFWorker }> | undefined;

function load(): Promise<{ pdf: Library; worker: PDFWorker }> {
  library ??= import("pdfjs-dist/legacy/build/pdf.mjs").then((module) => {
    const pdf = module as unknown as Library;
    const port = new Worker(workerUrl, { type: "module" });
    return { pdf, worker: pdf.PDFWorker.create({ port } as never) };
  });
  return library;
}

/** Fetches the library ahead of the first page. */
export function warmUp(): void {
  void load();
}

interface Slot {
  element: HTMLElement;
  page: PDFPageProxy | null;
  width: number;
  height: number;
  fresh: boolean;
  visible: boolean;
  task: RenderTask | null;
}

export class PdfView {
  private slots: Slot[] = [];
  private document: PDFDocumentProxy | null = null;
  private generation = 0;
  private zoom = 1;
  private readonly seen: IntersectionObserver;
  private readonly sized: ResizeObserver;
  private width = 0;

  constructor(
    private readonly scroller: HTMLElement,
    private readonly pages: HTMLElement,
    private readonly label: (page: number, of: number) => string,
    private readonly onPage: (page: number, of: number) => void,
  ) {
    this.seen = new IntersectionObserver((entries) => this.onSeen(entries), { root: scroller, rootMargin: "400px 0px" });
    this.sized = new ResizeObserver(() => this.onResize());
    this.sized.observe(scroller);
    scroller.addEventListener("scroll", this.onScroll, { passive: true });
  }

  destroy(): void {
    this.generation++;
    this.seen.disconnect();
    this.sized.disconnect();
    this.scroller.removeEventListener("scroll", this.onScroll);
    void this.document?.loadingTask.destroy();
  }

  /** Shows another PDF. Resolves when the pages in view are drawn, with false when a later one took its place. */
  async show(bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const generation = ++this.generation;
    const { pdf, worker } = await load();
    if (generation !== this.generation) return false;
    const document = await pdf.getDocument({ data: bytes, worker, useWasm: false, isEvalSupported: false } as never).promise;
    const pages = await Promise.all(Array.from({ length: document.numPages }, (_, i) => document.getPage(i + 1)));
    if (generation !== this.generation) {
      void document.loadingTask.destroy();
      return false;
    }
    const old = this.document;
    this.document = document;
    this.arrange(pages);
    await this.drawVisible();
    void old?.loadingTask.destroy();
    return generation === this.generation;
  }

  setZoom(zoom: number): void {
    this.zoom = zoom;
    this.layout();
    void this.drawVisible();
  }

  /** One element per page, those there are used again. */
  private arrange(pages: PDFPageProxy[]): void {
    while (this.slots.length > pages.length) {
      const slot = this.slots.pop();
      if (!slot) break;
      slot.task?.cancel();
      this.seen.unobserve(slot.element);
      slot.element.remove();
    }
    pages.forEach((page, i) => {
      let slot = this.slots[i];
      if (slot === undefined) {
        const element = document.createElement("div");
        element.className = "page";
        element.setAttribute("role", "img");
        slot = { element, page: null, width: 0, height: 0, fresh: false, visible: false, task: null };
        this.slots.push(slot);
        this.pages.append(element);
        this.seen.observe(element);
      }
      const view = page.getViewport({ scale: 1 });
      slot.task?.cancel();
      slot.page = page;
      slot.width = view.width;
      slot.height = view.height;
      slot.fresh = false;
      slot.element.setAttribute("aria-label", this.label(i + 1, pages.length));
    });
    this.layout();
  }

  private scaleOf(slot: Slot): number {
    const room = Math.max(120, this.scroller.clientWidth - 32);
    const widest = Math.max(1, ...this.slots.map((s) => s.width));
    const fit = Math.min(room / widest, 1.35 * PX_PER_PT);
    return slot.width > 0 ? fit * this.zoom : 1;
  }

  private layout(): void {
    for (const slot of this.slots) {
      const scale = this.scaleOf(slot);
      slot.element.style.width = `${Math.round(slot.width * scale)}px`;
      slot.element.style.height = `${Math.round(slot.height * scale)}px`;
      slot.fresh = false;
    }
    this.onScroll();
  }

  private inView(slot: Slot): boolean {
    const box = slot.element.getBoundingClientRect();
    const frame = this.scroller.getBoundingClientRect();
    return box.bottom > frame.top && box.top < frame.bottom;
  }

  private async drawVisible(): Promise<void> {
    const first = this.slots.filter((slot) => this.inView(slot));
    await Promise.all(first.map((slot) => this.draw(slot)));
    for (const slot of this.slots) if (slot.visible && !slot.fresh) void this.draw(slot);
  }

  private async draw(slot: Slot): Promise<void> {
    const { page } = slot;
    if (page === null || slot.fresh) return;
    slot.fresh = true;
    const density = Math.min(MAX_DENSITY, window.devicePixelRatio || 1);
    const viewport = page.getViewport({ scale: this.scaleOf(slot) * density });
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(viewport.width);
    canvas.height = Math.round(viewport.height);
    slot.task?.cancel();
    const task = page.render({ canvas, viewport });
    slot.task = task;
    try {
      await task.promise;
      if (slot.page === page) slot.element.replaceChildren(canvas);
    } catch (error) {
      if (slot.page === page && (error as Error).name !== "RenderingCancelledException") slot.fresh = false;
    } finally {
      if (slot.task === task) slot.task = null;
    }
  }

  private onSeen(entries: IntersectionObserverEntry[]): void {
    for (const entry of entries) {
      const slot = this.slots.find((s) => s.element === entry.target);
      if (slot === undefined) continue;
      slot.visible = entry.isIntersecting;
      if (slot.visible) void this.draw(slot);
    }
  }

  private readonly onScroll = (): void => {
    const frame = this.scroller.getBoundingClientRect();
    const middle = frame.top + frame.height / 2;
    const at = this.slots.findIndex((slot) => slot.element.getBoundingClientRect().bottom > middle);
    this.onPage(at < 0 ? this.slots.length : at + 1, this.slots.length);
  };

  private onResize(): void {
    const width = this.scroller.clientWidth;
    if (width === this.width || width === 0) return;
    this.width = width;
    this.layout();
    void this.drawVisible();
  }
}
