/** A section that opens and closes. What it holds is drawn only when it is open. */
import { createContext, useContext, type ReactNode } from "react";
import { useFormEnv } from "./env.ts";
import { useFindingCount } from "../lib/findings.ts";
import { useOpen } from "../lib/store.ts";
import { useT } from "../texts/index.tsx";
import { Icon } from "../parts/Icon.tsx";

const Level = createContext(3);

/** A heading at the level of its place. */
export function Heading({ children, className, id }: { children: ReactNode; className?: string; id?: string }) {
  const Tag = `h${useContext(Level)}` as "h3";
  return (
    <Tag className={className} id={id}>
      {children}
    </Tag>
  );
}

export function Deeper({ children }: { children: ReactNode }) {
  return <Level value={Math.min(6, useContext(Level) + 1)}>{children}</Level>;
}

interface Props {
  pointer: string;
  id?: string;
  title: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
  startsOpen?: boolean;
  className?: string;
  children: () => ReactNode;
}

export function Fold({ pointer, id, title, note, actions, startsOpen = false, className, children }: Props) {
  const t = useT();
  const env = useFormEnv();
  const [open, setOpen] = useOpen(env.open, pointer, startsOpen);
  const count = useFindingCount(env.findings, pointer.startsWith("#") ? "#" : pointer);
  return (
    <section className={"fold" + (open ? " open" : "") + (className ? " " + className : "")} id={id}>
      <div className="fold-head">
        <Heading>
          <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon name="chevron" />
            <span className="fold-title">{title}</span>
            {note && <span className="fold-note">{note}</span>}
            {count > 0 && !open && <span className="fold-count">{t.inSection(count)}</span>}
          </button>
        </Heading>
        {actions && <div className="fold-actions">{actions}</div>}
      </div>
      {open && (
        <div className="fold-body">
          <Deeper>{children()}</Deeper>
        </div>
      )}
    </section>
  );
}
