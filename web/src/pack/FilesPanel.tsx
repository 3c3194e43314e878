/** The files that the pack needs and does not have. */
import { FileButton } from "../parts/FileButton.tsx";
import { useT } from "../texts/index.tsx";

interface Props {
  needed: readonly string[];
  missing: readonly string[];
  onAdd: (files: File[]) => void;
}

export function FilesPanel({ needed, missing, onAdd }: Props) {
  const t = useT();
  return (
    <section className="files-panel" aria-labelledby="files-title">
      <h2 id="files-title">{t.pack.files}</h2>
      <p role="status">
        {missing.length > 0 ? <strong className="missing">{t.pack.filesMissing(missing.length)}</strong> : needed.length > 0 ? t.pack.filesComplete : ""}
      </p>
      {missing.length > 0 && (
        <>
          <p className="help">{t.pack.filesMissingHelp}</p>
          <ul tabIndex={0} aria-labelledby="files-title">
            {missing.map((path) => (
              <li key={path}>{path}</li>
            ))}
          </ul>
        </>
      )}
      <div className="files-buttons">
        <FileButton multiple icon="add" className="quiet" accept=".pdf,.png,.jpg,.jpeg,.json,.svg" onFiles={onAdd}>
          {t.pack.addFiles}
        </FileButton>
        <FileButton folder icon="add" className="quiet" onFiles={onAdd}>
          {t.pack.addFolder}
        </FileButton>
      </div>
    </section>
  );
}
