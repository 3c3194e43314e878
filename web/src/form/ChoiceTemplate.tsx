/** A value that may be of several sorts: which one, and then its field. */
import type { MultiSchemaFieldTemplateProps } from "@rjsf/utils";
import type { ReactElement } from "react";
import { useLanguage } from "../texts/index.tsx";
import { titleOf, type Schema } from "./schema.ts";

export function ChoiceTemplate({ schema, selector, optionSchemaField }: MultiSchemaFieldTemplateProps<unknown, Schema>) {
  const { lang } = useLanguage();
  const control = selector as ReactElement<{ id?: string; name?: string }> | undefined;
  return (
    <div className="sorts wide">
      {control && (
        <div className="field">
          <label htmlFor={control.props.id}>{titleOf(schema, lang, control.props.name?.replace(/__.*$/, ""))}</label>
          {control}
        </div>
      )}
      {optionSchemaField}
    </div>
  );
}
