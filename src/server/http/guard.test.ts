import { describe, expect, it } from 'vitest';
import { type GuardOptions, guard, isLoopback } from './guard.ts';
import { RequestError } from './reply.ts';

const LOOPBACK: GuardOptions = { hosts: new Set(['127.0.0.1']), token: undefined };
const TOKEN = 'a-token-of-thirty-two-characters';
const WIDE: GuardOptions = { hosts: new Set(['10.0.0.5', 'lab.example']), token: TOKEN };

interface Asked {
  readonly host?: string | undefined;
  readonly origin?: string;
  readonly authorization?: string;
}

function statusOf({ host, origin, authorization }: Asked, options: GuardOptions): number {
  try {
    guard({ hosts: host === undefined ? [] : [host], origin, authorization }, options);
    return 200;
  } catch (error) {
    if (error instanceof RequestError) return error.status;
    throw error;
  }
}

describe('Host', () => {
  it.each([
    '127.0.0.1',
    '127.0.0.1:4566',
    '127.9.9.9:80',
    'localhost:4566',
    'LOCALHOST',
    'openvpc.localhost:4566',
    '[::1]:4566',
    '[::1]',
  ])('%s is this machine', (host) => {
    expect(statusOf({ host }, LOOPBACK)).toBe(200);
  });

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:4566',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '127.0.0.1@evil.example',
    '10.0.0.5:4566',
    '[::2]',
    'localhost:4566, evil.example',
  ])('%s is refused', (host) => {
    expect(statusOf({ host }, LOOPBACK)).toBe(403);
  });

  it('may be a configured one', () => {
    const authorization = `Bearer ${TOKEN}`;
    expect(statusOf({ host: 'lab.example:4566', authorization }, WIDE)).toBe(200);
    expect(statusOf({ host: '10.0.0.5', authorization }, WIDE)).toBe(200);
    expect(statusOf({ host: 'other.example', authorization }, WIDE)).toBe(403);
  });

  it('must be good each time it is said', () => {
    const twice = () =>
      guard(
        { hosts: ['localhost', 'evil.example'], origin: undefined, authorization: undefined },
        LOOPBACK,
      );
    expect(twice).toThrow(RequestError);
  });
});

describe('Origin', () => {
  const host = 'localhost:4566';
  it.each(['http://localhost:4566', 'HTTP://LOCALHOST:4566'])('%s is our own page', (origin) => {
    expect(statusOf({ host, origin }, LOOPBACK)).toBe(200);
  });

  it.each([
    'null',
    '',
    'http://evil.example',
    'http://localhost:3000',
    'http://127.0.0.1:4566',
    'https://localhost:4566',
    'http://localhost:4566.evil.example',
  ])('%s is foreign', (origin) => {
    expect(statusOf({ host, origin }, LOOPBACK)).toBe(403);
  });
});

describe('the token', () => {
  const host = 'lab.example';
  it.each([undefined, '', TOKEN, 'Bearer', 'Bearer wrong', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`])(
    '%s is not it',
    (authorization) => {
      const asked = authorization === undefined ? { host } : { host, authorization };
      expect(statusOf(asked, WIDE)).toBe(401);
    },
  );

  it('opens what is beyond loopback, from loopback too', () => {
    expect(statusOf({ host, authorization: `Bearer ${TOKEN}` }, WIDE)).toBe(200);
    expect(statusOf({ host, authorization: `bearer ${TOKEN}` }, WIDE)).toBe(200);
    expect(statusOf({ host: 'localhost' }, WIDE)).toBe(401);
  });
});

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.255.0.1', 'localhost', '::1'])('%s', (name) => {
    expect(isLoopback(name)).toBe(true);
  });
  it.each(['0.0.0.0', '::', '10.0.0.1', 'example.com', '127.example.com'])('not %s', (name) => {
    expect(isLoopback(name)).toBe(false);
  });
});
