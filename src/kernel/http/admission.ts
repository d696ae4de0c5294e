/**
 * Decides whether a request is let in, with its limits: who calls, whether their limit allows one more, whether they may.
 * The same for routes and WebSockets. Not here: the rules of identity (access.ts) and the order of hooks (request-flow.ts).
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Identity } from '../auth/types.ts';
import { isCodedError } from '../errors/index.ts';
import { decidesAfterBody, presentsCredential, type AccessControl } from './access.ts';
import type { LimitHeaders, RequestLimits } from './request-limits.ts';
import type { RefusalCounter } from './refusal-counter.ts';
import type { RouteMetrics } from './route-metrics.ts';
import type { SiteCheck } from './site-check.ts';
import type { Access, Caller, RoleAccess } from './types.ts';

/** What decides about requests, whether they come as HTTP or as a WebSocket handshake. */
export interface Gatekeepers {
  readonly siteCheck: SiteCheck;
  readonly control: AccessControl;
  readonly limits: RequestLimits;
  readonly metrics: RouteMetrics;
  readonly refusals: RefusalCounter;
}

export interface AdmissionPlan {
  /** The pattern, as in `/api/v1/signals/:id`. */
  readonly route: string;
  readonly access: Access;
  readonly probe: boolean;
  readonly stream: boolean;
}

export const callerOf = (request: FastifyRequest): Caller => ({
  method: request.method,
  url: request.raw.url ?? '/',
  headers: request.headers,
  ip: request.ip,
  socket: request.raw.socket,
});

const headersOf = (reply: FastifyReply): LimitHeaders => ({
  getHeader: (name) => reply.getHeader(name),
  header: (name, value) => reply.header(name, value),
});

/**
 * Finds out who calls. A wrong credential costs a look at the database, so an address that has sent too many is refused
 * before. Who sends none is not: a web page can make a browser send such requests, and must not lock its user out.
 * @throws CodedError RATE_LIMITED, and what `identify` throws
 */
export async function identifyWithin(
  limits: RequestLimits,
  caller: Caller,
  headers: LimitHeaders | null,
  identify: () => Promise<Identity>,
): Promise<Identity> {
  const guesses = presentsCredential(caller);
  if (guesses) limits.checkGuesses(caller.ip);
  try {
    return await identify();
  } catch (e) {
    if (isCodedError(e) && e.status === 401) {
      if (guesses) limits.noteGuess(caller.ip);
      limits.stranger(caller.ip, null, headers);
    }
    throw e;
  }
}

/** Decides from the headers, where the rule can. @throws CodedError when the request is refused */
export async function admitByHeaders(keepers: Gatekeepers, plan: AdmissionPlan, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { control, limits } = keepers;
  const { access, probe, route, stream } = plan;
  if (access.kind === 'public') {
    if (!probe) limits.stranger(request.ip, access.share ?? null, headersOf(reply));
    request.admitted = true;
    return;
  }
  if (decidesAfterBody(access, request)) return limits.unproved(request.ip, headersOf(reply));
  if (access.kind === 'proof') return;
  const caller = callerOf(request);
  if (stream) request.stillAdmitted = () => control.stillAllows(caller, route, access);
  await decide(keepers, plan, access, request, reply, () => control.identify(caller, access));
}

/** Decides by the raw body: a signature, or a webhook's proof. @throws CodedError when the request is refused */
export async function admitByBody(keepers: Gatekeepers, plan: AdmissionPlan, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { control, limits } = keepers;
  const { access } = plan;
  const body = request.rawBody ?? Buffer.alloc(0);
  if (access.kind === 'role') {
    await decide(keepers, plan, access, request, reply, () => control.identifySigned(callerOf(request), body));
    // Parsed only now that its sender is known.
    request.body = request.readBody?.() ?? request.body;
  } else if (access.kind === 'proof') {
    access.prove(request.headers, body);
    limits.known(`service ${access.service}`, 'webhook', headersOf(reply));
    request.admitted = true;
  }
}

async function decide(
  { control, limits }: Gatekeepers,
  { route }: AdmissionPlan,
  access: RoleAccess,
  request: FastifyRequest,
  reply: FastifyReply,
  identify: () => Promise<Identity>,
): Promise<void> {
  const caller = callerOf(request);
  const headers = headersOf(reply);
  const identity = await identifyWithin(limits, caller, headers, identify);
  limits.known(identity.subject, decidesAfterBody(access, request) ? 'signed' : null, headers);
  control.authorise(caller, route, access, identity);
  request.identity = identity;
  request.admitted = true;
}
