/** Keeps web pages and strangers off openvpc's own endpoints (contract). */
import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { RequestError } from './reply.ts';

export interface GuardOptions {
  /** Names and addresses this server answers to beyond those of loopback, in lower case. */
  readonly hosts: ReadonlySet<string>;
  /** What a caller must show; undefined: nothing, since only this machine can reach the port. */
  readonly token: string | undefined;
}

export interface GuardedRequest {
  /** Every `Host` there is, and the host of the request line where it names one. */
  readonly hosts: readonly string[];
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
  /** `Sec-Fetch-Site`, which browsers send with images and forms too; `none` from programs. */
  readonly site?: string;
}

/** @throws RequestError 403 for a foreign Host or Origin, 401 without the token */
export function guard({ hosts, origin, authorization }: GuardedRequest, options: GuardOptions) {
  const [host] = hosts;
  if (host === undefined || !hosts.every((one) => isKnownHost(one, options.hosts))) {
    const message = `The Host '${host ?? ''}' is not this server; see --allowed-hosts.`;
    throw new RequestError(403, 'ForbiddenHost', message);
  }
  // A browser says whose page asks; programs say nothing.
  if (isForeign(origin, host)) {
    const message = `Pages of '${origin}' may not use this server.`;
    throw new RequestError(403, 'ForbiddenOrigin', message);
  }
  if (options.token === undefined || showsToken(authorization, options.token)) return;
  const message =
    'This server listens beyond loopback: send "Authorization: Bearer TOKEN", with ' +
    'the token in its data folder, or what it printed when it started.';
  throw new RequestError(401, 'Unauthorized', message);
}

/**
 * Whether somebody else's web page calls AWS here. The AWS endpoint has many names and needs no
 * signature, so only what a browser says tells. A page cannot send an `Authorization` header
 * unless a preflight allowed it, which none does; a signature in the query it could make up.
 */
export function isForeignPage(request: GuardedRequest, options: GuardOptions): boolean {
  const { hosts, origin, authorization, site = 'none' } = request;
  if (authorization?.startsWith('AWS4-HMAC-SHA256 ')) return false;
  if (['cross-site', 'same-site'].includes(site)) return true;
  const [host = ''] = hosts;
  return origin !== undefined && (isForeign(origin, host) || !isKnownHost(host, options.hosts));
}

function isForeign(origin: string | undefined, host: string): boolean {
  return origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`;
}

function showsToken(authorization: string | undefined, token: string): boolean {
  const shown = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  // Digests have one length, and tell nothing of where the texts differ.
  return shown !== undefined && timingSafeEqual(digest(shown), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function isKnownHost(host: string, known: ReadonlySet<string>): boolean {
  const name = nameOf(host);
  return name !== undefined && (isLoopback(name) || known.has(name));
}

/** A `Host` without its port, in lower case; undefined for what is none. */
export function nameOf(host: string): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[0-9a-z._-]+)(:\d{1,5})?$/i.exec(host);
  return match?.[1]?.replace(/^\[|\]$/g, '').toLowerCase();
}

/** Whether a name or address can only mean this machine (RFC 6761 for names). */
export function isLoopback(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}
