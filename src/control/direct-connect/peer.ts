/** What a BGP peer is asked for with, and what it is given (H-061 to H-064). */
import { directConnectError } from '../../model/direct-connect/error.ts';
import type { BgpPeer } from '../../model/direct-connect/virtual-interface.ts';
import { AUTH_KEY_LENGTH } from '../../model/limits.ts';
import type { ModelReader } from '../../model/model.ts';
import {
  addressAt,
  type Cidr,
  cidr,
  cidrEquals,
  cidrSize,
  formatCidr,
  lastAddress,
  overlaps,
  parseCidr4,
  parseCidr6,
} from '../../net/cidr.ts';
import { type Family, familyOf, ipEquals, parseIp } from '../../net/ip.ts';
import type { Random } from '../../net/random.ts';
import type { Transaction } from '../transaction.ts';
import { newDirectConnectId } from './find.ts';

export interface PeerRequest {
  readonly asn: number;
  readonly family: Family;
  readonly authKey?: string;
  /** With their mask: `169.254.255.1/30`. */
  readonly amazonAddress?: string;
  readonly customerAddress?: string;
}

/** A peer in state `pending`. @throws AwsError */
export function newPeer(tx: Transaction, request: PeerRequest): BgpPeer {
  const { asn, family } = request;
  const authKey = request.authKey ?? newAuthKey(tx.random);
  checkAuthKey(authKey);
  const addresses = chosenAddresses(request) ?? newAddresses(tx, family);
  return {
    id: newDirectConnectId(tx, 'dxpeer'),
    state: 'pending',
    family,
    asn,
    authKey,
    ...addresses,
  };
}

function checkAuthKey(key: string): void {
  const { least, most } = AUTH_KEY_LENGTH;
  if (key.length >= least && key.length <= most && /^[\x21-\x7e]*$/.test(key)) return;
  throw directConnectError(`authKey must have ${least} to ${most} characters, and no spaces.`);
}

const LETTERS = [...'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'];

function newAuthKey(random: Random): string {
  return Array.from({ length: AUTH_KEY_LENGTH.generated }, () => random.pick(LETTERS)).join('');
}

type Addresses = Pick<BgpPeer, 'amazonAddress' | 'customerAddress'>;

/** H-063. Undefined where none is given. */
function chosenAddresses(request: PeerRequest): Addresses | undefined {
  const { family, amazonAddress: amazon, customerAddress: customer } = request;
  if (amazon === undefined && customer === undefined) return undefined;
  if (family === 6) {
    throw directConnectError('IPv6 addresses of a BGP peer are assigned by Amazon.'); // H-062
  }
  if (amazon === undefined || customer === undefined) {
    throw directConnectError('Amazon Address and Customer Address must be given together');
  }
  const addresses = {
    amazonAddress: hostAddress('Amazon', amazon),
    customerAddress: hostAddress('Customer', customer),
  };
  const { amazonAddress: ours, customerAddress: theirs } = addresses;
  if (!cidrEquals(blockOf(ours), blockOf(theirs))) {
    throw directConnectError('Amazon Address and Customer Address must be in the same CIDR');
  }
  if (ipEquals(ours.address, theirs.address)) {
    throw directConnectError(`Amazon Address and Customer Address are both ${amazon}`);
  }
  return addresses;
}

function blockOf({ address, length }: Cidr): Cidr {
  return cidr(address, length);
}

/** An address of a block that is neither its network's nor its broadcast address. */
function hostAddress(whose: 'Amazon' | 'Customer', text: string): Cidr {
  const [before = '', mask = '', ...rest] = text.split('/');
  const address = parseIp(before);
  const length = /^\d{1,2}$/.test(mask) ? Number(mask) : Number.NaN;
  const isRight = address !== undefined && familyOf(address) === 4 && rest.length === 0;
  if (!isRight || !(length >= 8 && length <= 31)) {
    const message = `${whose} Address '${text}' is not an IPv4 address with its mask`;
    throw directConnectError(`${message}, such as 169.254.255.1/30`);
  }
  const block = cidr(address, length);
  // A /31 has neither (RFC 3021).
  const isEnd = ipEquals(address, block.address) || ipEquals(address, lastAddress(block));
  if (length < 31 && isEnd) {
    throw directConnectError(`${whose} Address ${text} is a network or broadcast address`);
  }
  return { address, length };
}

/** H-062 */
const POOLS = {
  4: { pool: parseCidr4('169.254.0.0/16')!, length: 30 },
  6: { pool: parseCidr6('2600:9000:b000::/48')!, length: 125 },
} as const;

/** A block that no other peer has; AWS's end has its first address, the customer's its second. */
function newAddresses(tx: Transaction, family: Family): Addresses {
  const { pool, length }: { pool: Cidr; length: number } = POOLS[family];
  const size = 2 ** ((family === 4 ? 32 : 128) - length);
  const count = Math.min(cidrSize(pool) / size, 2 ** 32);
  for (;;) {
    const block = cidr(addressAt(pool, tx.random.below(count) * size), length);
    if (isTaken(tx, block)) continue;
    return {
      amazonAddress: { address: addressAt(block, 1), length },
      customerAddress: { address: addressAt(block, 2), length },
    };
  }
}

/** Metadata and time servers answer in 169.254.169.0/24. */
const RESERVED = parseCidr4('169.254.169.0/24')!;

function isTaken(reader: ModelReader, block: Cidr): boolean {
  if (overlaps(block, RESERVED)) return true;
  return reader.count('direct-connect-virtual-interface', 'peerBlock', formatCidr(block)) > 0;
}
