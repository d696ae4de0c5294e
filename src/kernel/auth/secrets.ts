/** The installation's own secret, and keys for single purposes derived from it. */
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Database } from '../database/types.ts';

export interface Secrets {
  /** Signs access tokens. */
  readonly accessKey: Uint8Array;
  /** A key's signing secret: derived, so that none is stored, and the same whenever it is asked for. */
  signingSecret(keyId: string): string;
  /** A keyed hash of an account and an address: without the secret, addresses cannot be found by trying all of them. */
  addressHash(text: string): Buffer;
}

const derived = (master: Uint8Array, purpose: string): Uint8Array => new Uint8Array(hkdfSync('sha256', master, '', `bellwether ${purpose}`, 32));

/**
 * @param given JWT_SECRET_KEY. Without it one is made and kept in the database, the same for all processes: then who reads the
 *   database can sign tokens. Another secret ends all access tokens and all signing secrets.
 */
export async function loadSecrets(db: Database, given: string | undefined): Promise<Secrets> {
  const master = given === undefined ? await ownSecret(db) : Buffer.from(given);
  const signingKey = derived(master, 'request signing');
  const addressKey = derived(master, 'sign-in addresses');
  return Object.freeze({
    accessKey: derived(master, 'access tokens'),
    signingSecret: (keyId: string) => createHmac('sha256', signingKey).update(keyId).digest('base64url'),
    addressHash: (text: string) => createHmac('sha256', addressKey).update(text).digest(),
  });
}

async function ownSecret(db: Database): Promise<Buffer> {
  await db.query("insert into server_secrets (name, value) values ('master', $1) on conflict do nothing", [randomBytes(32)]);
  const { rows } = await db.query<{ value: Buffer }>("select value from server_secrets where name = 'master'");
  return rows[0]!.value;
}
