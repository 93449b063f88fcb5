/** The packets that whoever asks a question sends. */
import { MTU } from '../model/limits.ts';
import { type Family, familyOf } from '../net/ip.ts';
import { PROTOCOL } from '../net/protocol.ts';
import { HEADER_BYTES, ICMP_ECHO_REQUEST, Packet, TCP_SYN } from './packet.ts';
import { messageBytes, type Question, type QuestionProtocol } from './question.ts';

/** TCP's header with its maximum segment size option, in bytes. */
export const SYN_BYTES = HEADER_BYTES.tcp + 4;

/** MTU of the asker's own link, in bytes. */
export function askerMtu({ from }: Question): number {
  return from.kind === 'internet' ? MTU.internet : MTU.vpc;
}

/** @param length bytes without the IP header */
export function questionPacket(question: Question, length: number, flags = 0): Packet {
  const { source, destination, protocol, sourcePort, port, ttl, dontFragment } = question;
  const packet = new Packet();
  packet.family = familyOf(destination);
  packet.source = source;
  packet.destination = destination;
  packet.protocol = protocolNumber(protocol, packet.family);
  packet.sourcePort = sourcePort;
  packet.destinationPort = protocol === 'icmp' ? sourcePort : port;
  if (protocol === 'icmp') packet.icmpType = ICMP_ECHO_REQUEST[packet.family];
  packet.tcpFlags = flags;
  packet.ttl = ttl;
  packet.dontFragment = protocol === 'tcp' || dontFragment;
  setLength(packet, length, askerMtu(question));
  return packet;
}

/** What opens an exchange: a handshake, or the message itself. */
export function firstPacket(question: Question): Packet {
  if (question.protocol === 'tcp') return questionPacket(question, SYN_BYTES, TCP_SYN);
  return questionPacket(question, HEADER_BYTES[question.protocol] + messageBytes(question));
}

/** A sender cuts what exceeds its own MTU: the largest piece is what travels. */
export function setLength(packet: Packet, length: number, mtu: number): void {
  const whole = HEADER_BYTES[packet.family] + length;
  packet.isFragment = whole > mtu && !packet.dontFragment;
  packet.length = packet.isFragment ? mtu : whole;
}

function protocolNumber(protocol: QuestionProtocol, family: Family): number {
  if (protocol === 'icmp') return family === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6;
  return PROTOCOL[protocol];
}
