/**
 * Whether a value is valid by a JSON schema of the OpenAPI document: the keywords that zod writes there. Formats and
 * refinements are
 * not checked: what this function rejects must be refused, what it accepts may be refused.
 */

export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly [keyword: string]: unknown;
}

export function isValid(schema: JsonSchema, value: unknown): boolean {
  const { enum: values, anyOf, oneOf, allOf } = schema;
  if (values !== undefined && !values.includes(value)) return false;
  if ('const' in schema && schema.const !== value) return false;
  if (anyOf && !anyOf.some((one) => isValid(one, value))) return false;
  if (oneOf && !oneOf.some((one) => isValid(one, value))) return false;
  if (allOf && !allOf.every((one) => isValid(one, value))) return false;
  if (schema.type !== undefined && ![schema.type].flat().some((type) => isOfType(type, value))) return false;
  if (typeof value === 'string') return isValidText(schema, value);
  if (typeof value === 'number') return isValidNumber(schema, value);
  if (Array.isArray(value))
    return (
      value.length <= (schema.maxItems ?? Infinity) &&
      (schema.items === undefined || value.every((item) => isValid(schema.items!, item)))
    );
  if (typeof value === 'object' && value !== null) return isValidObject(schema, value as Record<string, unknown>);
  return true;
}

function isOfType(type: string, value: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isSafeInteger(value);
  if (type === 'number') return Number.isFinite(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

/**
 * JSON Schema counts code points: a character beyond U+FFFF is one, though a JavaScript string has two units for it.
 */
const isValidText = ({ minLength = 0, maxLength = Infinity, pattern }: JsonSchema, value: string): boolean =>
  value.length >= minLength &&
  [...value].length <= maxLength &&
  (pattern === undefined || new RegExp(pattern, 'u').test(value)) &&
  value.isWellFormed() &&
  !value.includes('\0');

const isValidNumber = (
  { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity }: JsonSchema,
  value: number,
): boolean =>
  value >= minimum &&
  value <= maximum &&
  (exclusiveMinimum === -Infinity || value > exclusiveMinimum) &&
  (exclusiveMaximum === Infinity || value < exclusiveMaximum);

function isValidObject(
  { properties = {}, required = [], additionalProperties = true }: JsonSchema,
  value: Record<string, unknown>,
): boolean {
  if (!required.every((name) => Object.hasOwn(value, name))) return false;
  return Object.entries(value).every(([name, member]) => {
    if (Object.hasOwn(properties, name)) return isValid(properties[name]!, member);
    return typeof additionalProperties === 'object' ? isValid(additionalProperties, member) : additionalProperties;
  });
}
