import { useRef, useState, type DragEvent, type ReactNode } from "react";
import { droppedFiles } from "../lib/dropped.ts";

interface Props {
  label: string;
  className?: string;
  onFiles: (files: File[]) => void;
  children: ReactNode;
}

const hasFiles = (event: DragEvent) => [...event.dataTransfer.types].includes("Files");

/** A place that takes dropped files. The innermost one gets them. */
export function DropZone({ label, className, onFiles, children }: Props) {
  const depth = useRef(0);
  const [over, setOver] = useState(false);
  const leave = () => {
    depth.current = 0;
    setOver(false);
  };
  return (
    <div
      className={"drop-zone" + (className ? " " + className : "") + (over ? " over" : "")}
      data-drop={label}
      onDragEnter={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        event.stopPropagation();
        depth.current++;
        setOver(true);
      }}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        event.stopPropagation();
      }}
      onDragLeave={(event) => {
        if (!hasFiles(event)) return;
        event.stopPropagation();
        if (--depth.current <= 0) leave();
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        event.stopPropagation();
        leave();
        void droppedFiles(event.dataTransfer).then(onFiles);
      }}
    >
      {children}
    </div>
  );
}
