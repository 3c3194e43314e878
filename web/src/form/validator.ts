/**
 * The form library asks only which branch of an `anyOf` a value fits. What is right and wrong in a document is said by
 * the service, so nothing is compiled from schemas here (the page may not evaluate strings as code).
 */
import { Validator, type Schema as CfSchema } from "@cfworker/json-schema";
import type { ValidatorType } from "@rjsf/utils";
import { plain, type Json } from "../lib/json.ts";
import type { Schema } from "./schema.ts";

export const validator: ValidatorType<unknown, Schema> = {
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  rawValidation: () => ({ errors: [] }),
  isValid: (schema, formData, rootSchema) => {
    const whole = { ...schema, $defs: rootSchema.$defs } as unknown as CfSchema;
    return new Validator(whole, "2020-12", true).validate(plain((formData ?? null) as Json)).valid;
  },
};
