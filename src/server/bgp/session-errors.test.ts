import { beforeEach, describe, expect, it } from 'vitest';
import type { PlannedSession } from '../../control/hybrid/session-plan.ts';
import { ip } from '../../guests/host/test-support.ts';
import type { BgpState } from '../../services/bgp/fsm.ts';
import type { Reason } from '../../services/bgp/session.ts';
import type { SpeakerOutput } from '../../services/bgp/speaker.ts';
import { EMPTY } from '../../wire/bytes.ts';
import { SessionErrors } from './session-errors.ts';

const PLAN: PlannedSession = {
  ...{ id: 's', linkId: 'l', gatewayId: 'tgw-1' },
  aws: { asn: 64_512, address: ip('169.254.6.1'), others: [] },
  customer: { asn: 65_010, address: ip('169.254.6.2'), others: [] },
  ...{ families: [4], holdSeconds: 30, holdRequired: false, prefixesMax: 100, defaultMed: 100 },
  ...{ localPreference: () => 100, ttl: 1, externalOriginOnly: false },
};
const CONNECT: SpeakerOutput = { type: 'connect', peer: PLAN.id };

function move(from: BgpState, state: BgpState, reason: Reason): SpeakerOutput {
  return { type: 'state', peer: PLAN.id, from, state, reason };
}

const CALLS = move('Idle', 'Connect', { event: 'manualStart' });
const failed = (why?: string) =>
  move('Connect', 'Active', { event: 'connectionFails', ...(why !== undefined && { why }) });

describe('the last error of a session', () => {
  let errors: SessionErrors;
  beforeEach(() => {
    errors = new SessionErrors();
  });
  const reason = () => errors.of(PLAN.id)?.reason;

  it('is absent while a session comes up', () => {
    errors.heardAws(PLAN, CONNECT);
    errors.heardAws(PLAN, CALLS);
    errors.heardAws(PLAN, move('Connect', 'OpenSent', { event: 'connected' }));
    errors.heardAws(PLAN, move('OpenSent', 'OpenConfirm', { event: 'open' }));
    errors.heardAws(PLAN, move('OpenConfirm', 'Established', { event: 'keepalive' }));
    expect(errors.of(PLAN.id)).toBeUndefined();
  });

  it.each([
    ['connection refused', 'connection refused'],
    [undefined, 'no connection'],
  ])('is why a call came to nothing: %s', (why, expected) => {
    errors.heardAws(PLAN, failed(why));
    expect(reason()).toBe(expected);
    errors.heardDevice(PLAN, failed(why));
    expect(reason()).toBe(`the device calls: ${expected}`);
  });

  it('is that a call has no answer once there is another', () => {
    for (const output of [CONNECT, CALLS]) errors.heardAws(PLAN, output);
    expect(reason()).toBeUndefined();
    errors.heardAws(PLAN, CONNECT);
    expect(reason()).toBe('no answer');
  });

  it('is that the device has no answer, each side by its own calls', () => {
    for (const output of [CONNECT, CALLS]) errors.heardDevice(PLAN, output);
    for (const output of [CONNECT, CALLS]) errors.heardAws(PLAN, output);
    expect(reason()).toBeUndefined();
    errors.heardDevice(PLAN, CONNECT);
    expect(reason()).toBe('the device calls: no answer');
  });

  it('is nothing about calls of a session that is over', () => {
    for (const output of [CONNECT, CALLS]) errors.heardDevice(PLAN, output);
    errors.end(PLAN.id);
    errors.heardDevice(PLAN, CONNECT);
    expect(reason()).toBeUndefined();
  });

  it('is nothing about calls after one that failed', () => {
    for (const output of [CONNECT, CALLS, failed('no route'), CONNECT]) {
      errors.heardAws(PLAN, output);
    }
    expect(reason()).toBe('no route');
  });

  it('H-093 is not that one of two connections was given up, nor what we stop', () => {
    const sent = { code: 6, subcode: 7, data: EMPTY };
    errors.heardAws(PLAN, move('OpenConfirm', 'OpenSent', { event: 'collision', sent }));
    errors.heardAws(PLAN, move('Established', 'Idle', { event: 'manualStop', sent }));
    expect(errors.of(PLAN.id)).toBeUndefined();
  });

  it('is a lost connection wherever it was already there', () => {
    errors.heardAws(PLAN, move('OpenSent', 'Active', { event: 'connectionFails' }));
    expect(reason()).toBe('connection lost');
    errors.heardDevice(PLAN, move('Established', 'Idle', { event: 'connectionFails' }));
    expect(reason()).toBe('connection lost');
  });

  it('is kept as long as its session may be again', () => {
    errors.note(PLAN, 'the link is closed');
    errors.keep(() => true);
    expect(reason()).toBe('the link is closed');
    errors.keep(() => false);
    expect(errors.of(PLAN.id)).toBeUndefined();
  });
});
