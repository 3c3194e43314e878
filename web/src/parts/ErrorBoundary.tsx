import { Component, type ErrorInfo, type ReactNode } from "react";
import { useT } from "../texts/index.tsx";

/** What is shown instead of a view that could not be drawn. Nothing that was written is lost. */
function Broken({ what, onRetry }: { what: string; onRetry: () => void }) {
  const t = useT();
  return (
    <div className="start">
      <div className="notice error" role="alert">
        <p>
          <strong>{t.broken}</strong> {what}
        </p>
        <p>{t.brokenRemedy}</p>
        <button type="button" onClick={onRetry}>
          {t.retry}
        </button>
      </div>
    </div>
  );
}

interface Props {
  children: ReactNode;
  /** Another key is another try. */
  view: string;
}

export class ErrorBoundary extends Component<Props, { error: Error | null; view: string }> {
  override state: { error: Error | null; view: string } = { error: null, view: this.props.view };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  static getDerivedStateFromProps(props: Props, state: { error: Error | null; view: string }) {
    return props.view === state.view ? null : { error: null, view: props.view };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return <Broken what={error.message} onRetry={() => this.setState({ error: null })} />;
  }
}
