/** A running desk as commands ask it: over its own interface, so that a command may do what its token may and no more. */
import { readDeskAddress } from '../app/desk-address.ts';
import { readConfig } from '../config.ts';
import type { CommandContext, OptionHelp } from './command.ts';
import { errors } from './errors.ts';
import { envFile, homeFolder } from './paths.ts';

/** Of every command that asks a running desk. A token is no option: options are seen in lists of processes and kept in histories. */
export const deskOptions: Readonly<Record<string, OptionHelp>> = {
  url: { type: 'string', about: 'where the desk listens (default http://127.0.0.1:PORT); BELLWETHER_TOKEN holds the token' },
};

export interface AskInit {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly timeoutMs?: number;
  /** Whatever its status, the reply is what was asked for: /health says 503 with its reasons. */
  readonly anyStatus?: boolean;
}

/** Without a slash at its end. */
export function deskUrl(context: CommandContext): string {
  const { PORT, BELLWETHER_HOME } = readConfig(context.env, envFile(context.env)).values;
  // The desk of this folder says where it listens: it may have been started with another port.
  const url = context.option('url') ?? readDeskAddress(homeFolder(BELLWETHER_HOME))?.url ?? `http://127.0.0.1:${PORT}`;
  return url.replace(/\/+$/, '');
}

/** @throws CodedError DESK_UNREACHABLE; DESK_REFUSED with the desk's own code, field, fix and issues */
export async function askDesk<T>(context: CommandContext, path: string, init: AskInit = {}): Promise<T> {
  const url = deskUrl(context);
  const token = context.env['BELLWETHER_TOKEN'];
  let response: Response;
  try {
    response = await fetch(`${url}${path}`, {
      method: init.method ?? 'GET',
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...init.headers },
      ...(init.body === undefined ? {} : { body: init.body as string }),
      signal: AbortSignal.any([context.signal, AbortSignal.timeout(init.timeoutMs ?? 30_000)]),
    });
  } catch (cause) {
    throw errors.DESK_UNREACHABLE({ detail: url, fix: 'Start it with npm start, or name its address with --url', cause });
  }
  if (!response.ok && !init.anyStatus) throw await refusal(response);
  try {
    return (await response.json()) as T;
  } catch (cause) {
    throw errors.DESK_UNREACHABLE({ detail: `${url} answers, but not as a desk does`, fix: 'Name the address of the API with --url', cause });
  }
}

async function refusal(response: Response): Promise<Error> {
  const problem = (await response.json().catch(() => ({}))) as { code?: string; message?: string; field?: string; fix?: string; issues?: { field: string; message: string; fix?: string }[] };
  const signIn = response.status === 401 || response.status === 403 ? 'Set BELLWETHER_TOKEN to a token whose role may do this (bellwether token create)' : undefined;
  const fix = signIn ?? problem.fix;
  return errors.DESK_REFUSED({
    detail: `${problem.code ?? response.status}: ${problem.message ?? response.statusText}`,
    ...(problem.field === undefined || problem.issues !== undefined ? {} : { field: problem.field }),
    ...(fix === undefined || problem.issues !== undefined ? {} : { fix }),
    ...(problem.issues === undefined ? {} : { issues: problem.issues }),
  });
}
