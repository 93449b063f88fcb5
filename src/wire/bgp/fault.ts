/**
 * Error codes of BGP-4 (RFC 4271 section 4.5 and 6; RFC 4486 and 8538 for Cease, RFC 6608 for the
 * state machine, RFC 5492 for capabilities) and the fault that a message can have: what the
 * NOTIFICATION about it says.
 */
import { EMPTY } from '../bytes.ts';

export const BGP_ERROR = {
  header: 1,
  open: 2,
  update: 3,
  holdTimerExpired: 4,
  stateMachine: 5,
  cease: 6,
} as const;

export const HEADER_ERROR = {
  connectionNotSynchronized: 1,
  badMessageLength: 2,
  badMessageType: 3,
} as const;

export const OPEN_ERROR = {
  unspecific: 0,
  unsupportedVersion: 1,
  badPeerAs: 2,
  badIdentifier: 3,
  unsupportedParameter: 4,
  unacceptableHoldTime: 6,
  unsupportedCapability: 7,
} as const;

export const UPDATE_ERROR = {
  malformedAttributeList: 1,
  unrecognizedWellKnown: 2,
  missingWellKnown: 3,
  attributeFlags: 4,
  attributeLength: 5,
  invalidOrigin: 6,
  invalidNextHop: 8,
  optionalAttribute: 9,
  invalidNetwork: 10,
  malformedAsPath: 11,
} as const;

/** RFC 6608: the state in which a message was not expected. */
export const STATE_ERROR = { openSent: 1, openConfirm: 2, established: 3 } as const;

export const CEASE = {
  maximumPrefixes: 1,
  administrativeShutdown: 2,
  peerDeconfigured: 3,
  administrativeReset: 4,
  connectionRejected: 5,
  otherConfigurationChange: 6,
  connectionCollision: 7,
  outOfResources: 8,
} as const;

/** Why a message or its sender is refused; goes out as a NOTIFICATION as it stands. */
export class Fault {
  readonly code: number;
  readonly subcode: number;
  readonly data: Uint8Array;

  constructor(code: number, subcode = 0, data: Uint8Array = EMPTY) {
    this.code = code;
    this.subcode = subcode;
    this.data = data;
  }
}

const CODES: Readonly<Record<number, string>> = {
  1: 'Message Header Error',
  2: 'OPEN Message Error',
  3: 'UPDATE Message Error',
  4: 'Hold Timer Expired',
  5: 'Finite State Machine Error',
  6: 'Cease',
  7: 'ROUTE-REFRESH Message Error',
};

const SUBCODES: Readonly<Record<number, readonly (string | undefined)[]>> = {
  1: [undefined, 'Connection Not Synchronized', 'Bad Message Length', 'Bad Message Type'],
  2: [
    undefined,
    'Unsupported Version Number',
    'Bad Peer AS',
    'Bad BGP Identifier',
    'Unsupported Optional Parameter',
    undefined,
    'Unacceptable Hold Time',
    'Unsupported Capability',
  ],
  3: [
    undefined,
    'Malformed Attribute List',
    'Unrecognized Well-known Attribute',
    'Missing Well-known Attribute',
    'Attribute Flags Error',
    'Attribute Length Error',
    'Invalid ORIGIN Attribute',
    undefined,
    'Invalid NEXT_HOP Attribute',
    'Optional Attribute Error',
    'Invalid Network Field',
    'Malformed AS_PATH',
  ],
  5: [
    undefined,
    'Unexpected Message in OpenSent State',
    'Unexpected Message in OpenConfirm State',
    'Unexpected Message in Established State',
  ],
  6: [
    undefined,
    'Maximum Number of Prefixes Reached',
    'Administrative Shutdown',
    'Peer De-configured',
    'Administrative Reset',
    'Connection Rejected',
    'Other Configuration Change',
    'Connection Collision Resolution',
    'Out of Resources',
    'Hard Reset',
  ],
};

/** `Cease/Administrative Shutdown (6/2)`, in the words of IANA's registry. */
export function errorName(code: number, subcode: number): string {
  const parts = [CODES[code] ?? 'Unknown Error', SUBCODES[code]?.[subcode]];
  return `${parts.filter((part) => part !== undefined).join('/')} (${code}/${subcode})`;
}
