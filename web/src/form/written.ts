/** A field that shows a text otherwise than the model has it. */
import { useState } from "react";

/**
 * What is typed stays as it was typed until the field is left, as long as the model has what came of it; a change from
 * elsewhere, such as stepping back, shows at once.
 */
export function useWritten<T>(value: T, show: (value: T) => string, read: (text: string) => T, onChange: (value: T) => void) {
  const [draft, setDraft] = useState<{ text: string; value: T } | null>(null);
  return {
    text: draft !== null && draft.value === value ? draft.text : show(value),
    onText: (text: string) => {
      const next = read(text);
      setDraft({ text, value: next });
      onChange(next);
    },
    onBlur: () => setDraft(null),
  };
}
