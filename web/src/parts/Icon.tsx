/** Line icons. They never stand alone for meaning: each control that has one has words too. */
const PATHS = {
  chevron: "M6 4l4 4-4 4",
  up: "M8 13V3.500M3.500 8L8 3.500 12.500 8",
  down: "M8 3v9.500M3.500 8L8 12.500 12.500 8",
  left: "M13 8H3.500M8 3.500L3.500 8 8 12.500",
  right: "M3 8h9.500M8 3.500L12.500 8 8 12.500",
  remove: "M4 4l8 8M12 4l-8 8",
  add: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  dots: "M3.500 8h.01M8 8h.01M12.500 8h.01",
  grip: "M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01",
  calendar: "M2.5 3.500h11v10h-11zM2.500 6.500h11M5.500 2v3M10.500 2v3",
  undo: "M6 3L2.500 6.500 6 10M2.500 6.500h7a3.500 3.500 0 0 1 0 7H6",
  redo: "M10 3l3.500 3.500L10 10M13.500 6.500h-7a3.500 3.500 0 0 0 0 7H10",
  open: "M2 12.500v-9h4l1.500 2H14v7z",
  save: "M8 2.500v7.500M4.500 7L8 10.500 11.500 7M3 13.500h10",
  file: "M4 2h5.500L12.500 5v9H4zM9 2v3.500h3.500",
  key: "M5.500 10.500a2.500 2.500 0 1 1 0-5 2.500 2.500 0 0 1 0 5zM8 8h6v2.500M11.500 8v2",
  check: "M3 8.500l3.200 3L13 4.500",
  warning: "M8 2.500L14.500 13.500h-13zM8 6.500v3.200M8 11.700h.01",
  question: "M6 6.200a2 2 0 1 1 2.700 1.900c-.5.2-.7.5-.7 1.200M8 11.700h.01M8 1.500a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13z",
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg className={"icon icon-" + name} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** A button that shows an icon and is named by words. */
export function IconButton({
  name,
  label,
  ...rest
}: { name: keyof typeof PATHS; label: string } & React.ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button type="button" {...rest} className={"icon-button " + (rest.className ?? "")} aria-label={label} title={label}>
      <Icon name={name} />
    </button>
  );
}
