/** The focus after a change, which has drawn nothing yet. */

/** Moves the focus to an element that the next drawing makes. */
export function focusLater(...ids: string[]): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      for (const id of ids) {
        const element = document.getElementById(id) as HTMLButtonElement | null;
        if (element && !element.disabled) return element.focus();
      }
    }),
  );
}
