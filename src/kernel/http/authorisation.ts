/**
 * The authorisation table: every route with its rule, written down a second time, apart from the routes. A rule that was
 * loosened by mistake in one place is found at the start. The tables themselves belong to the application.
 */
import type { Access } from './types.ts';

/** How a rule reads in the table. */
export type Rule =
  | { readonly kind: 'public'; readonly share?: 'sign-in' }
  | { readonly kind: 'proof'; readonly service: string }
  | Extract<Access, { kind: 'role' }>;

/** `GET /api/v1/signals/:id` → who may call it. A WebSocket is `WS /ws/events`. `HEAD` follows `GET`. */
export type Authorisation = Readonly<Record<string, Rule>>;

/** A rule in words, the same for equal rules: `viewer; this machine may read`. */
export function ruleText(rule: Rule | Access): string {
  if (rule.kind === 'public') return rule.share === undefined ? 'anyone' : `anyone; share ${rule.share}`;
  if (rule.kind === 'proof') return `proof of ${rule.service}`;
  const { role, scope, local, signed } = rule;
  return [
    scope === undefined ? role : `${role} with ${scope}`,
    ...(local === undefined ? [] : [`this machine may ${local}`]),
    ...(signed === true ? ['may sign'] : []),
  ].join('; ');
}

/** @throws Error when the route is not in the table, or has another rule there */
export function requireRow(table: Authorisation, key: string, access: Access): void {
  const row = table[key];
  if (row === undefined) throw new Error(`${key} has no row in the authorisation table`);
  const [registered, written] = [ruleText(access), ruleText(row)];
  if (registered !== written) throw new Error(`${key} is registered for "${registered}", and the authorisation table says "${written}"`);
}

/** @throws Error when these methods cannot satisfy the rule */
export function checkRule(access: Access, methods: readonly string[], url: string): void {
  const where = `route ${methods.join(',')} ${url}`;
  const hasBody = methods.every((method) => method !== 'GET' && method !== 'HEAD');
  if (access.kind === 'proof' && !hasBody) throw new Error(`${where}: a proof over the body needs a method with a body`);
  if (access.kind !== 'role') return;
  if (access.signed === true && !hasBody) throw new Error(`${where}: signatures are for writes alone`);
  if (access.local !== undefined && access.role === 'admin') throw new Error(`${where}: administration always needs a token`);
  if (access.local === 'read' && hasBody) throw new Error(`${where}: local reads are for GET`);
}
