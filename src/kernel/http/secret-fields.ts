/** Marks secret fields of request schemas: no reply repeats their values. isSecretName finds others by their name. */
import { z } from 'zod';
import type { $ZodType, $ZodTypes } from 'zod/v4/core';

/** The format that OpenAPI has for hidden values, so /openapi.json shows the mark too. */
const SECRET_FORMAT = 'password';

/** @example body({ code: secretField(z.string().max(100)) }) */
export const secretField = <S extends z.ZodType>(schema: S): S =>
  schema.meta({ ...schema.meta(), format: SECRET_FORMAT }) as S;

/**
 * Whether the value at `path` of an input is secret. A value in place of a whole object is secret when the object has a
 * secret field: the caller may have sent that field without its name.
 */
export function isSecretField(schema: $ZodType, path: readonly PropertyKey[]): boolean {
  if (z.globalRegistry.get(schema)?.['format'] === SECRET_FORMAT) return true;
  const { def } = (schema as $ZodTypes)._zod;
  const [key, ...rest] = path;
  switch (def.type) {
    case 'object': {
      if (key === undefined) return Object.values(def.shape).some((member) => isSecretField(member, []));
      const member = Object.entries(def.shape).find(([name]) => name === key)?.[1];
      return member !== undefined && isSecretField(member, rest);
    }
    case 'array':
      return isSecretField(def.element, rest);
    case 'union':
      return def.options.some((option) => isSecretField(option, path));
    case 'pipe':
      return isSecretField(def.in, path);
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return isSecretField(def.innerType, path);
    default:
      return false;
  }
}
