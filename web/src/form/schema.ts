/** What a schema says of a field: its words in the chosen language and what sort of field it is. */
import { RJSF_REF_KEY, type RJSFSchema } from "@rjsf/utils";
import type { Lang } from "../texts/index.tsx";

export type Schema = RJSFSchema & {
  "x-hjalp"?: string;
  "x-title-en"?: string;
  "x-enum-sv"?: string[] | Record<string, string>;
  "x-enum-en"?: string[] | Record<string, string>;
};

/** The name of the definition a schema came from: `Text`, `Table` … */
export function refName(schema: Schema): string | undefined {
  const ref = (schema as unknown as Record<symbol, unknown>)[RJSF_REF_KEY] ?? schema.$ref;
  return typeof ref === "string" ? ref.split("/").pop() : undefined;
}

/** A word from a property's name, when the schema has no title. */
function fromName(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function titleOf(schema: Schema, lang: Lang, name = ""): string {
  if (lang === "en" && schema["x-title-en"]) return schema["x-title-en"];
  return schema.title ?? fromName(name);
}

/** Help in the chosen language. A schema's `description` is English. */
export function helpOf(schema: Schema, lang: Lang, defs: Record<string, Schema>): string | undefined {
  const help = lang === "en" ? schema.description : schema["x-hjalp"];
  if (help !== undefined) return help === titleOf(schema, lang) + "." ? undefined : help;
  // The help of a type (`ÅÅÅÅ-MM-DD`) stands in for that of the field.
  const name = refName(schema);
  const def = name ? defs[name] : undefined;
  return def && def !== schema ? (lang === "en" ? undefined : def["x-hjalp"]) : undefined;
}

export interface Option {
  value: string;
  label: string;
}

function listed(words: string[] | Record<string, string> | undefined, value: string, index: number): string | undefined {
  return Array.isArray(words) ? words[index] : words?.[value];
}

/** The choices of a field that has a fixed set of words. */
export function optionsOf(schema: Schema, lang: Lang): Option[] | undefined {
  const own = lang === "en" ? schema["x-enum-en"] : schema["x-enum-sv"];
  const branches = (schema.oneOf ?? schema.anyOf) as Schema[] | undefined;
  if (branches && branches.length > 0 && branches.every((b) => typeof b.const === "string")) {
    return branches.map((branch, i) => {
      const value = branch.const as string;
      const described = lang === "en" ? branch.description?.replace(/\.$/, "") : undefined;
      const title = lang === "en" ? branch["x-title-en"] : branch.title;
      return { value, label: title ?? listed(own, value, i) ?? WORDS[lang][value] ?? described ?? fromName(value) };
    });
  }
  if (Array.isArray(schema.enum) && schema.enum.every((v) => typeof v === "string")) {
    return (schema.enum as string[]).map((value, i) => ({
      value,
      label: listed(own, value, i) ?? WORDS[lang][value] ?? fromName(value),
    }));
  }
  return undefined;
}

/** Words for values of the model that a schema may leave without any. */
const WORDS: Record<Lang, Record<string, string>> = {
  sv: {
    ink: "För hand",
    digital: "Digitalt",
    ledamot: "Ledamot",
    ersattare: "Ersättare",
    ovrig: "Övrig",
    text: "Text",
    amount: "Belopp",
    integer: "Antal",
    percent: "Procent",
    date: "Datum",
    status: "Status",
    line: "Rad",
    group: "Grupprubrik",
    subtotal: "Delsumma",
    netto: "Netto",
    total: "Summa",
    varav: "Varav",
    uppnatt: "Uppnått",
    delvis_uppnatt: "Delvis uppnått",
    ej_uppnatt: "Ej uppnått",
    pagar: "Pågår",
    bar: "Staplar",
    checkbox: "Kryssrutor",
  },
  en: {
    ink: "By hand",
    digital: "Digitally",
    ledamot: "Member",
    ersattare: "Substitute",
    ovrig: "Other",
    text: "Text",
    amount: "Amount",
    integer: "Count",
    percent: "Per cent",
    date: "Date",
    status: "Status",
    line: "Line",
    group: "Group heading",
    subtotal: "Subtotal",
    netto: "Net",
    total: "Total",
    varav: "Of which",
    uppnatt: "Reached",
    delvis_uppnatt: "Partly reached",
    ej_uppnatt: "Not reached",
    pagar: "Under way",
    bar: "Bars",
    checkbox: "Tick boxes",
  },
};

/** A schema of the same type with only some of its properties. */
export function only(schema: Schema, keep: (name: string) => boolean): Schema {
  const properties = Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => keep(name)));
  return {
    type: "object",
    properties,
    required: (schema.required ?? []).filter((name) => name in properties),
    additionalProperties: false,
  };
}
