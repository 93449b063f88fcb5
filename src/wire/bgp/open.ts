/**
 * OPEN, the first message of each side (RFC 4271 section 4.2).
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+
 *     |    Version    |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |     My Autonomous System      |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |           Hold Time           |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                         BGP Identifier                        |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     | Opt Parm Len  |  parameters: type, length, value; one after the other
 *     +-+-+-+-+-+-+-+-+
 */
import assert from 'node:assert/strict';
import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts';
import { read16, readIpv4, write16, write32 } from '../bytes.ts';
import { AS_TRANS, ASN16_MAX } from './as-path.ts';
import {
  type Capabilities,
  encodeCapabilities,
  formatCapabilities,
  NO_CAPABILITIES,
  readCapabilities,
} from './capability.ts';
import { BGP_ERROR, Fault, OPEN_ERROR } from './fault.ts';
import { BGP_HEADER_LENGTH, BGP_TYPE, type BgpView, beginMessage } from './header.ts';

const field = {
  version: 0,
  asn: 1,
  holdTime: 3,
  identifier: 5,
  length: 9,
  parameters: 10,
} as const;
const BODY = BGP_HEADER_LENGTH;
const VERSION = 4;
const PARAMETER_HEADER = 2;
const PARAMETER_CAPABILITIES = 2;
/** The two shortest hold times that RFC 4271 section 4.2 has; zero switches the timer off. */
const HOLD_SECONDS_MIN = 3;

export interface Open {
  /** The true number, of two or four bytes (RFC 6793 section 4.1). */
  readonly asn: number;
  /** In seconds: 0, or 3 to 65535. */
  readonly holdSeconds: number;
  readonly identifier: Ipv4;
  readonly capabilities: Capabilities;
}

function openFault(subcode: number, data?: Uint8Array): Fault {
  return new Fault(BGP_ERROR.open, subcode, data);
}

/** Reads the body of a message whose header is in order (RFC 4271 section 6.2). */
export function readOpen({ bytes, bodyOffset, end }: BgpView): Open | Fault {
  const version = bytes[bodyOffset + field.version]!;
  if (version !== VERSION) {
    return openFault(OPEN_ERROR.unsupportedVersion, Uint8Array.of(0, VERSION));
  }
  const offset = bodyOffset + field.parameters;
  if (offset + bytes[bodyOffset + field.length]! !== end) return openFault(OPEN_ERROR.unspecific);
  const capabilities = readParameters(bytes, offset, end);
  const field16 = read16(bytes, bodyOffset + field.asn);
  const asn = capabilities instanceof Fault ? field16 : (capabilities.fourOctetAs ?? field16);
  // RFC 7607
  if (asn === 0) return openFault(OPEN_ERROR.badPeerAs);
  const holdSeconds = read16(bytes, bodyOffset + field.holdTime);
  if (holdSeconds > 0 && holdSeconds < HOLD_SECONDS_MIN) {
    return openFault(OPEN_ERROR.unacceptableHoldTime);
  }
  const identifier = readIpv4(bytes, bodyOffset + field.identifier);
  if (identifier === 0) return openFault(OPEN_ERROR.badIdentifier);
  if (capabilities instanceof Fault) return capabilities;
  return { asn, holdSeconds, identifier, capabilities };
}

/** Capabilities may stand in one parameter or in several (RFC 5492 section 4). */
function readParameters(bytes: Uint8Array, offset: number, end: number): Capabilities | Fault {
  let capabilities = NO_CAPABILITIES;
  for (let at = offset; at < end; ) {
    const start = at + PARAMETER_HEADER;
    if (start > end) return openFault(OPEN_ERROR.unspecific);
    const stop = start + bytes[at + 1]!;
    if (stop > end) return openFault(OPEN_ERROR.unspecific);
    if (bytes[at] !== PARAMETER_CAPABILITIES) return openFault(OPEN_ERROR.unsupportedParameter);
    const more = readCapabilities(bytes, start, stop, capabilities);
    if (more === undefined) return openFault(OPEN_ERROR.unspecific);
    capabilities = more;
    at = stop;
  }
  return capabilities;
}

export function encodeOpen({ asn, holdSeconds, identifier, capabilities }: Open): Uint8Array {
  const parameter = encodeCapabilities(capabilities);
  const length = parameter.length === 0 ? 0 : PARAMETER_HEADER + parameter.length;
  assert(length <= 0xff, 'too many capabilities');
  const bytes = beginMessage(BGP_TYPE.open, BODY + field.parameters + length);
  bytes[BODY + field.version] = VERSION;
  write16(bytes, BODY + field.asn, asn > ASN16_MAX ? AS_TRANS : asn);
  write16(bytes, BODY + field.holdTime, holdSeconds);
  write32(bytes, BODY + field.identifier, identifier);
  bytes[BODY + field.length] = length;
  if (length === 0) return bytes;
  const at = BODY + field.parameters;
  bytes[at] = PARAMETER_CAPABILITIES;
  bytes[at + 1] = parameter.length;
  bytes.set(parameter, at + PARAMETER_HEADER);
  return bytes;
}

export function formatOpen({ asn, holdSeconds, identifier, capabilities }: Open): string {
  const offered = formatCapabilities(capabilities);
  const end = offered === '' ? '' : `, ${offered}`;
  return `BGP, OPEN, AS ${asn}, hold ${holdSeconds}s, id ${formatIpv4(identifier)}${end}`;
}
