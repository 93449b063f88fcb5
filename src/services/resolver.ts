/** The VPC's resolver: one DNS message in, one out (RFC 1035, RFC 6891; A-102, I-088). */
import {
  type Answer,
  CHECKING_DISABLED,
  type DecodedPacket,
  decode,
  encode,
  type OptAnswer,
  type Packet,
  type Question,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
} from 'dns-packet';
import type { ModelReader } from '../model/model.ts';
import { privateDomain } from '../model/vpc/dns-names.ts';
import type { Vpc } from '../model/vpc/vpc.ts';
import { formatIp } from '../net/ip.ts';
import { ipv6 } from '../net/ipv6.ts';
import { type NameRecord, recordsOf } from './resolver-names.ts';

export interface ResolverContext {
  readonly reader: ModelReader;
  /** The VPC whose resolver is asked: nobody else can ask it. */
  readonly vpcId: string;
  /** Whether the subnet that asks wants IPv6 addresses for names that have none. */
  readonly dns64?: boolean;
}

/** What a name has of the type asked for; `no-data`: only other types. */
export type Resolution =
  | { readonly kind: 'records'; readonly records: readonly NameRecord[] }
  | { readonly kind: 'no-data' | 'no-name' };

export interface NameQuestion {
  readonly name: string;
  readonly type: string;
  readonly dns64?: boolean;
}

/** Looks a name up for who asks in a VPC; the final dot is optional, case does not matter. */
export function resolveName(
  reader: ModelReader,
  asker: Vpc,
  { name, type, dns64 = false }: NameQuestion,
): Resolution {
  const all = recordsOf(reader, asker, name);
  if (all === undefined) return { kind: 'no-name' };
  const own = type === 'ANY' ? all : all.filter((record) => record.type === type);
  const records = own.length === 0 && type === 'AAAA' && dns64 ? synthesised(all) : own;
  return records.length === 0 ? { kind: 'no-data' } : { kind: 'records', records };
}

/** RFC 6147: each IPv4 address within 64:ff9b::/96. */
function synthesised(all: readonly NameRecord[]): NameRecord[] {
  return all.flatMap((record) =>
    record.type === 'A' ? [{ type: 'AAAA', address: ipv6(0x0064_ff9b, 0, 0, record.address) }] : [],
  );
}

/** Whether the interface's subnet has DNS64 on. */
export function usesDns64(reader: ModelReader, interfaceId: string | undefined): boolean {
  const eni = interfaceId === undefined ? undefined : reader.get('network-interface', interfaceId);
  return (eni && reader.get('subnet', eni.subnetId)?.enableDns64) ?? false;
}

/**
 * The answer to a message, without the length that stands before it over TCP. Undefined when none
 * is sent: to what is no query, and where DNS support is off. Any bytes are taken.
 */
export function answerQuery(bytes: Uint8Array, context: ResolverContext): Uint8Array | undefined {
  const asker = context.reader.get('vpc', context.vpcId);
  if (asker === undefined || !asker.enableDnsSupport) return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < HEADER_BYTES || (buffer[2]! & QR) !== 0) return undefined;
  const query = parseQuery(buffer);
  if (query === undefined) {
    const flags = rcodeFlags(buffer.readUInt16BE(2), RCODE.FORMERR);
    return encode({ type: 'response', id: buffer.readUInt16BE(0), flags });
  }
  return encode(respond(query, asker, context));
}

const HEADER_BYTES = 12;
const QR = 0x80;
/** I-089: the longest message taken. No answer of today exceeds the 512 that need no EDNS. */
const MESSAGE_BYTES_MAX = 4096;
/** Seconds a name's answer, positive or not, may be kept. */
const TTL = 60;

const RCODE = { NOERROR: 0, FORMERR: 1, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;

interface Query {
  readonly message: DecodedPacket;
  readonly question: Question;
  readonly edns: OptAnswer | undefined;
}

/** One question with a name that can be repeated byte by byte, or undefined. */
function parseQuery(buffer: Buffer): Query | undefined {
  const message = decoded(buffer);
  const [question, ...more] = message?.questions ?? [];
  if (message === undefined || question === undefined || more.length > 0) return undefined;
  if (!/^[\x21-\x7e]+$/.test(question.name)) return undefined;
  const edns = message.additionals?.find((record): record is OptAnswer => record.type === 'OPT');
  return { message, question, edns };
}

function decoded(buffer: Buffer): DecodedPacket | undefined {
  if (buffer.length > MESSAGE_BYTES_MAX) return undefined; // no question is that long
  try {
    return decode(buffer);
  } catch {
    return undefined; // the library throws on whatever is malformed
  }
}

function respond(query: Query, asker: Vpc, { reader, dns64 = false }: ResolverContext): Packet {
  const { message, question, edns } = query;
  if (edns !== undefined && edns.ednsVersion !== 0) {
    return response(query, RCODE.NOERROR, { additionals: [opt(BADVERS)] });
  }
  const opcode = ((message.flags ?? 0) >> 11) & 0xf;
  if (opcode !== 0) return response(query, RCODE.NOTIMP);
  // I-088: it only recurses. Zones are not handed out, other classes hold nothing.
  const isZone = question.type === 'AXFR' || question.type === 'IXFR';
  if (!message.flag_rd || isZone || question.class !== 'IN') {
    return response(query, RCODE.REFUSED);
  }
  const { name, type } = question;
  const found = resolveName(reader, asker, { name, type, dns64 });
  if (found.kind === 'records') {
    const answers = found.records.map((record) => answerRecord(question.name, record));
    return response(query, RCODE.NOERROR, { answers });
  }
  const rcode = found.kind === 'no-name' ? RCODE.NXDOMAIN : RCODE.NOERROR;
  return response(query, rcode, { authorities: authority(asker, question.name) });
}

function response(
  { message, question, edns }: Query,
  rcode: number,
  sections: Packet = {},
): Packet {
  return {
    type: 'response',
    id: message.id ?? 0,
    flags: rcodeFlags(message.flags ?? 0, rcode),
    // A class that the library cannot name could not be repeated.
    questions: question.class?.startsWith('UNKNOWN') ? [] : [question],
    ...(edns === undefined ? {} : { additionals: [opt(0)] }),
    ...sections,
  };
}

/** The query's opcode, RD and CD, with an rcode and RA. */
function rcodeFlags(flags: number, rcode: number): number {
  return (flags & (0x7800 | RECURSION_DESIRED | CHECKING_DISABLED)) | RECURSION_AVAILABLE | rcode;
}

/** RFC 6891 6.1.3: the upper bits of rcode 16. */
const BADVERS = 1;

function opt(extendedRcode: number): OptAnswer {
  return {
    type: 'OPT',
    name: '.',
    udpPayloadSize: MESSAGE_BYTES_MAX,
    extendedRcode,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  };
}

function answerRecord(name: string, record: NameRecord): Answer {
  const data = record.type === 'PTR' ? record.name : formatIp(record.address);
  return { name, type: record.type, class: 'IN', ttl: TTL, data };
}

/** RFC 2308: how long a missing name in the VPC's own domain may be taken as missing. */
function authority({ region }: Vpc, name: string): Answer[] {
  const zone = privateDomain(region);
  const text = name.toLowerCase();
  if (text !== zone && !text.endsWith(`.${zone}`)) return [];
  const data = {
    mname: `ns.${zone}`,
    rname: `hostmaster.${zone}`,
    serial: 1,
    refresh: 3600,
    retry: 900,
    expire: 604_800,
    minimum: TTL,
  };
  return [{ type: 'SOA', name: zone, class: 'IN', ttl: TTL, data }];
}
