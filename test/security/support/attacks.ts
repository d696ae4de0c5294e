/** A route's valid example, changed at one place a request. */
import { createHash } from 'node:crypto';
import { CELLS, CURSORS, HEADERS, JSON_VALUES, LONG_TEXT, RAW_TEXTS, STRANGE_MEMBERS } from './hostile.ts';
import type { Example } from './examples.ts';
import { isValid, type JsonSchema } from './json-schema.ts';
import type { Route } from './routes.ts';
import type { Wire } from './send.ts';

export interface Attack extends Wire {
  /** What was changed, for the message of a failure. */
  readonly what: string;
  /** False: by the route's own schema the request is wrong, and a 2xx is a failure. */
  readonly mayPass: boolean;
}

type Rest = Pick<Attack, 'what' | 'mayPass'> & {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
};

export interface Caller {
  readonly token: string;
  readonly paramOf: (path: string, name: string) => string;
}

const JSON_TYPE = { 'content-type': 'application/json' };
/** Stands for the hostile value in the example's JSON, and is replaced in its text. */
const HERE = '@@here@@';

/** The example itself, to be answered as it says. */
export function exampleRequest(route: Route, example: Example, caller: Caller): Attack {
  return requestOf(route, example, caller)({ what: 'the example', mayPass: true });
}

/** All attacks on one route, in no order. */
export function attacksOn(route: Route, example: Example, caller: Caller): readonly Attack[] {
  const make = requestOf(route, example, caller);
  const path = pathOf(route, example, caller);
  return [
    ...pathAttacks(route, example, caller),
    ...queryAttacks(route, path),
    ...HEADERS.map(([name, value]): Rest => ({
      what: `header ${name}: ${value.slice(0, 40)}`,
      headers: { [name]: value },
      mayPass: true,
    })),
    ...(route.method === 'GET'
      ? [{ what: 'a read with a body', body: Buffer.from('{"a":1}'), headers: JSON_TYPE, mayPass: true }]
      : rawBodies(route, example)),
    ...(example.file ? cellAttacks(example.file.text) : []),
    ...(example.body ? bodyAttacks(example.body, route.body ?? {}) : []),
  ].map(make);
}

function pathOf(
  route: Route,
  { params = {} }: Example,
  caller: Caller,
  hostile: Readonly<Record<string, string>> = {},
): string {
  return route.path.replace(
    /\{(\w+)\}/g,
    (_all, name: string) => hostile[name] ?? encodeURIComponent(params[name] ?? caller.paramOf(route.path, name)),
  );
}

function requestOf(route: Route, example: Example, caller: Caller): (rest: Rest) => Attack {
  const { file } = example;
  const given = file ? Buffer.from(file.text) : example.body ? Buffer.from(JSON.stringify(example.body)) : undefined;
  const type: Record<string, string> = file ? { 'content-type': file.type } : given ? JSON_TYPE : {};
  return ({ what, mayPass, path, headers = {}, body = given }) => ({
    what,
    mayPass,
    method: route.method,
    path: path ?? pathOf(route, example, caller),
    headers: { authorization: `Bearer ${caller.token}`, ...type, ...(body && example.headersFor?.(body)), ...headers },
    ...(body === undefined ? {} : { body }),
  });
}

function pathAttacks(route: Route, example: Example, caller: Caller): readonly Rest[] {
  return route.params.flatMap((name) =>
    RAW_TEXTS.map((raw): Rest => ({
      what: `path {${name}}: ${raw.slice(0, 40)}`,
      path: pathOf(route, example, caller, { [name]: raw }),
      mayPass: true,
    })),
  );
}

function queryAttacks(route: Route, path: string): readonly Rest[] {
  const query = (text: string): Rest => ({
    what: `query ${text.slice(0, 60)}`,
    path: `${path}?${text}`,
    mayPass: true,
  });
  const named = route.query.flatMap((name) => [
    ...(name === 'cursor' ? CURSORS : RAW_TEXTS).map((raw) => query(`${name}=${raw}`)),
    ...[`${name}=1&${name}=2`, `${name}`, `${name}[]=1`, `${name}[a]=1`, `${name}.a=1`].map(query),
  ]);
  return [
    ...named,
    ...[
      '__proto__=1',
      '__proto__[a]=1',
      'constructor=1',
      'unknown=1',
      '%00=1',
      '%=1',
      '%ff=%ff',
      '&&&===',
      'a'.repeat(4_000),
      '?',
    ].map(query),
  ];
}

/** Whole bodies that are wrong as such. A file's route takes them for a file of the wrong type. */
function rawBodies(route: Route, example: Example): readonly Rest[] {
  const json = JSON.stringify(example.body ?? { a: 1 });
  const noBody = example.body === undefined && example.file === undefined;
  const valid = (text: string): boolean => noBody || route.body === null || isValid(route.body, JSON.parse(text));
  const whole = (what: string, body: Buffer | string, mayPass: boolean): Rest => ({
    what: `body: ${what}`,
    body: Buffer.from(body),
    headers: JSON_TYPE,
    mayPass,
  });
  const values = ['null', '[]', '"x"', '1', 'true', '{}', `${'['.repeat(10_000)}${']'.repeat(10_000)}`].map((text) =>
    whole(text.slice(0, 20), text, valid(text)),
  );
  return [
    ...values,
    whole('cut short', json.slice(0, -1), false),
    whole('two values', `${json}${json}`, false),
    whole('UTF-16', Buffer.from(json, 'utf16le'), false),
    whole('with a BOM', `\ufeff${json}`, true),
    whole(
      'invalid UTF-8',
      Buffer.concat([Buffer.from(json.slice(0, -1)), Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x7d])]),
      false,
    ),
    whole('a NUL byte', `${json}\0`, false),
    whole('just over 1 MiB', json + ' '.repeat(1_048_577 - Buffer.byteLength(json)), true),
    whole('9 MiB', `${' '.repeat(9 * 1_048_576)}${json}`, false),
    whole('nothing', '', noBody || route.body === null || isValid(route.body, null)),
    whole(
      'a member twice',
      json.replace('{', '{"a":1,"a":2,'),
      noBody || route.body === null || isValid(route.body, { ...example.body, a: 1 }),
    ),
  ];
}

function cellAttacks(file: string): readonly Rest[] {
  const [header, row] = file.trim().split('\r\n') as [string, string];
  const cells = row.split(',');
  return header
    .split(',')
    .flatMap((column, at) =>
      CELLS.map((cell): Rest => ({
        what: `cell ${column}: ${cell.slice(0, 40)}`,
        body: Buffer.from(`${header}\r\n${cells.with(at, cell).join(',')}\r\n`),
        mayPass: true,
      })),
    );
}

/** Each value at each place of the example, strange members in each of its objects, and each member left out. */
function bodyAttacks(example: Readonly<Record<string, unknown>>, schema: JsonSchema): readonly Rest[] {
  const attack = (what: string, text: string): Rest => ({
    what,
    body: Buffer.from(text),
    mayPass: isValid(schema, JSON.parse(text)),
  });
  return placesIn(example, schema)
    .flatMap((place) => {
      const name = place.join('.');
      const text = JSON.stringify(withAt(example, place, HERE));
      const replaced = JSON_VALUES.map((value) =>
        attack(
          `${name} = ${value.slice(0, 40)}`,
          text.replace(`"${HERE}"`, () => value),
        ),
      );
      const left = attack(`${name} left out`, JSON.stringify(withAt(example, place, undefined)));
      const inside = valueAt(example, place);
      const strange =
        typeof inside === 'object' && inside !== null && !Array.isArray(inside)
          ? STRANGE_MEMBERS.map((member) =>
              attack(
                `${name} with ${member}`,
                text.replace(`"${HERE}"`, () => JSON.stringify(inside).replace('{', `{${member},`)),
              ),
            )
          : [];
      return [...replaced, left, ...strange];
    })
    .concat(
      STRANGE_MEMBERS.map((member) =>
        attack(`the body with ${member}`, JSON.stringify(example).replace('{', `{${member},`)),
      ),
      [attack('a member of 1 MB', JSON.stringify({ ...example, padding: LONG_TEXT.slice(0, 900_000) }))],
    );
}

type Place = readonly (string | number)[];

/** Members of the example at any depth, and those that the schema knows and the example leaves out. */
function placesIn(value: unknown, schema: JsonSchema | undefined, at: Place = []): readonly Place[] {
  if (typeof value !== 'object' || value === null) return at.length === 0 ? [] : [at];
  const known = Array.isArray(value) ? [] : Object.keys(schema?.properties ?? {});
  const names: readonly (string | number)[] = Array.isArray(value)
    ? value.map((_item, i) => i)
    : [...new Set([...Object.keys(value), ...known])];
  const own = at.length === 0 ? [] : [at];
  return [
    ...own,
    ...names.flatMap((name) =>
      placesIn(
        (value as Record<string | number, unknown>)[name],
        typeof name === 'number' ? schema?.items : schema?.properties?.[name],
        [...at, name],
      ),
    ),
  ];
}

const valueAt = (value: unknown, place: Place): unknown =>
  place.reduce<unknown>((inside, name) => (inside as Record<string | number, unknown> | undefined)?.[name], value);

function withAt(value: unknown, [name, ...rest]: Place, put: unknown): unknown {
  if (name === undefined) return put;
  if (Array.isArray(value))
    return value.map((item, i) => (i === name ? withAt(item, rest, put) : item)).filter((item) => item !== undefined);
  return { ...(value as Record<string, unknown>), [name]: withAt((value as Record<string, unknown>)[name], rest, put) };
}

/** `count` of the items, chosen by the seed and the name. */
export function sample<T>(items: readonly T[], count: number, seed: number, name: string): readonly T[] {
  const order = (i: number): string => createHash('sha256').update(`${seed} ${name} ${i}`).digest('hex');
  return items
    .map((item, i) => [order(i), item] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, count)
    .map(([, item]) => item);
}
