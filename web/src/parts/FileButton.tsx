import { useRef, type ReactNode } from "react";
import { Icon } from "./Icon.tsx";

interface Props {
  accept?: string;
  multiple?: boolean;
  folder?: boolean;
  icon?: Parameters<typeof Icon>[0]["name"];
  className?: string;
  label?: string;
  onFiles: (files: File[]) => void;
  children: ReactNode;
}

/** A button that lets the user choose files. */
export function FileButton({ accept, multiple, folder, icon, className, label, onFiles, children }: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className={className} aria-label={label} onClick={() => input.current?.click()}>
        {icon && <Icon name={icon} />}
        {children}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        multiple={multiple || folder}
        {...(folder ? { webkitdirectory: "" } : {})}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = "";
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}
