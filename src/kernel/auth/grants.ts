/** Nobody hands out more than they have. Keys, users, passwords and sign-in links hand out access. */
import type { Actor } from './deps.ts';
import { errors } from './errors.ts';
import { atLeast, type Role } from './types.ts';

/**
 * Checks the scopes that an actor hands out. An actor without scopes passes.
 * @param scopes an empty list allows everything that the role allows; a user has no scopes
 * @param field the input to name in the error
 * @throws CodedError SCOPE_EXCEEDED
 */
export function requireScopes({ scopes: own = [] }: Actor, scopes: readonly string[], field: string): void {
  if (own.length === 0) return;
  const exceeding = scopes.filter((scope) => !own.includes(scope));
  if (scopes.length > 0 && exceeding.length === 0) return;
  const given = scopes.length === 0 ? 'access without scopes' : exceeding.join(', ');
  throw errors.SCOPE_EXCEEDED({
    field,
    detail: `This gives ${given}; your key has ${own.join(', ')}`,
    fix: field === 'scopes' ? `Name scopes out of ${own.join(', ')}` : 'Use a key without scopes, or sign in',
  });
}

/**
 * Checks the role that an actor hands out. The operator at the machine and the desk itself pass.
 * @param field the input to name in the error
 * @throws CodedError SCOPE_EXCEEDED
 */
export function requireRole({ role: own }: Actor, role: Role, field: string): void {
  if (own === undefined || atLeast(own, role)) return;
  throw errors.SCOPE_EXCEEDED({
    field,
    detail: `This gives the role ${role}; yours is ${own}`,
    fix: `Choose a role up to ${own}`,
  });
}
