/** Checks requests against zod schemas; each fault names its field, what was given and what would be right. */
import type { FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';
import type { $ZodIssue, $ZodType } from 'zod/v4/core';
import { common } from '../errors/index.ts';
import { isSecretName } from '../logging/index.ts';
import { isStorableText } from '../../model/storable.ts';
import { isSecretField } from './secret-fields.ts';

interface Issue {
  readonly field: string;
  readonly message: string;
  readonly fix?: string;
}

const PLACES: Readonly<Record<string, string>> = { body: 'body', querystring: 'query', params: 'path', headers: 'header' };
const MAX_ISSUES = 50;

/**
 * A request's object that refuses unknown fields, so that a misspelt one is an error and not silence.
 * @example schema: { body: body({ name: z.string().min(1).max(80) }) }
 */
export const body = <const Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> => z.strictObject(shape);

/** `limit` and `cursor` of every list, and what else it filters by. Unknown filters are refused. */
export const listQuery = <const Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20), cursor: z.string().max(1_000).optional(), ...shape });

/** The compiler that fastify asks for each part of a request. Its error is VALIDATION_FAILED with one issue a fault. */
export const zodValidator: FastifySchemaCompiler<$ZodType> = ({ schema, httpPart }) => {
  const place = PLACES[httpPart ?? 'body'] ?? 'body';
  return (data: unknown) => {
    const result = z.safeParse(schema, data);
    const unstorable = unstorableText(data);
    if (result.success && unstorable === null) return { value: result.data };
    const issues = [...(unstorable ? [unstorable] : []), ...(result.error?.issues ?? []).slice(0, MAX_ISSUES).flatMap((issue) => describe(issue, data, schema))].slice(0, MAX_ISSUES);
    const first = issues[0]!;
    const error = common.VALIDATION_FAILED({
      detail: `${place}: ${first.field === '' ? '' : `${first.field} `}${first.message}${issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''}`,
      field: first.field,
      ...(first.fix === undefined ? {} : { fix: first.fix }),
      issues,
      facts: { in: place },
    });
    return { error };
  };
};

/** A value on the way to being looked at, with the chain of names that leads to it. */
interface Visit {
  readonly value: unknown;
  readonly key: string | number;
  readonly parent: Visit | null;
}

/**
 * The first text, or name of a member, that Postgres cannot store: no schema says so, and every text may end in a row.
 * Iterative, in linear time; a path is built for the one fault only. Depth is bounded by the body parser.
 */
function unstorableText(data: unknown): Issue | null {
  const stack: Visit[] = [{ value: data, key: '', parent: null }];
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    const { value, key } = visit;
    if ((typeof key === 'string' && !isStorableText(key)) || (typeof value === 'string' && !isStorableText(value))) {
      return { field: pathText(pathTo(visit)), message: 'holds NUL or half of a surrogate pair', fix: 'Leave out U+0000 and lone surrogates' };
    }
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) for (let i = value.length - 1; i >= 0; i--) stack.push({ value: value[i], key: i, parent: visit });
    else for (const name of Object.keys(value).reverse()) stack.push({ value: (value as Record<string, unknown>)[name], key: name, parent: visit });
  }
  return null;
}

function pathTo(visit: Visit): PropertyKey[] {
  const path: PropertyKey[] = [];
  for (let at: Visit | null = visit; at?.parent; at = at.parent) path.push(at.key);
  return path.reverse();
}

function describe(issue: $ZodIssue, data: unknown, schema: $ZodType): Issue[] {
  const field = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: pathText([...issue.path, key]), message: 'is not a field that is known here', fix: 'Remove it, or correct its spelling' }));
  }
  // Of the alternatives of a union, the one with the fewest faults is what was most likely meant.
  if (issue.code === 'invalid_union') {
    const likely = issue.errors.toSorted((a, b) => a.length - b.length)[0];
    if (likely?.length) return likely.flatMap((inner) => describe({ ...inner, path: [...issue.path, ...inner.path] } as $ZodIssue, data, schema));
  }
  const value = valueAt(data, issue.path);
  const given = value === undefined ? 'nothing was given' : `${shown(issue.path, value, schema)} was given`;
  const wanted = expectation(issue);
  return [{ field, message: `${wanted ?? issue.message}: ${given}`, ...(wanted === null ? {} : { fix: `It ${wanted}` }) }];
}

function expectation(issue: $ZodIssue): string | null {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${article(issue.expected)}`;
    case 'too_small':
      return `must be ${issue.exact ? 'exactly' : issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unit(issue.origin)}`;
    case 'too_big':
      return `must be ${issue.exact ? 'exactly' : issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unit(issue.origin)}`;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map((v) => JSON.stringify(v)).join(', ')}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return FORMATS[issue.format] ?? (issue.format === 'regex' ? (ownWords(issue) ?? `must match ${issue.pattern}`) : `must be a valid ${issue.format}`);
    default:
      return null;
  }
}

/** What the schema itself says is right, where it says so: a pattern tells most people nothing. */
const ownWords = ({ message }: $ZodIssue): string | null => (message.startsWith('must ') ? message : null);

const FORMATS: Readonly<Record<string, string>> = {
  datetime: 'must be an ISO 8601 time such as 2026-03-01T12:00:00Z',
  date: 'must be a day such as 2026-03-01',
  email: 'must be an e-mail address',
  url: 'must be a URL',
  uuid: 'must be a UUID',
};

const article = (type: string): string => (type === 'int' ? 'a whole number' : /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);
const unit = (origin: string): string => (origin === 'string' ? ' characters long' : origin === 'array' || origin === 'set' ? ' items long' : '');

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`), '').slice(0, 200);
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let at = data;
  for (const key of path) {
    if (at === null || typeof at !== 'object') return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}

/** What was given, short; never a secret. */
function shown(path: readonly PropertyKey[], value: unknown, schema: $ZodType): string {
  if (isSecretField(schema, path)) return 'something else';
  if (path.some((key) => typeof key === 'string' && isSecretName(key))) return 'something else';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}
