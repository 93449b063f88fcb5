/** The resolver as a host's service: port 53 over UDP and TCP (RFC 1035 section 4.2). */
import type { Host } from '../guests/host/host.ts';
import type { TcpHandlers } from '../guests/host/tcp/connection.ts';
import type { ModelReader } from '../model/model.ts';
import { addressKey } from '../model/vpc/network-interface.ts';
import type { Ip } from '../net/ip.ts';
import { answerQuery, type ResolverContext, usesDns64 } from './resolver.ts';

export const DNS_PORT = 53;
/** RFC 1035 section 4.2.2: over TCP two bytes of length stand before a message. */
const LENGTH_BYTES = 2;
/** A message over TCP cannot be longer; what a client keeps back is bounded with it. */
const MESSAGE_BYTES_MAX = 0xffff;

/**
 * Makes a host answer the questions of one VPC.
 * @param forwarder the interface that asks on behalf of others; each for itself unless given
 */
export function serveResolver(
  host: Host,
  reader: ModelReader,
  vpcId: string,
  forwarder?: string,
): void {
  const contextOf = (source: Ip): ResolverContext => {
    const asker = forwarder ?? interfaceAt(reader, vpcId, source);
    return { reader, vpcId, dns64: usesDns64(reader, asker) };
  };
  host.bindUdp(DNS_PORT, {
    onDatagram: ({ source, sourcePort, destination, port, payload }) => {
      const answer = answerQuery(payload, contextOf(source));
      if (answer === undefined) return;
      const back = { source: destination, sourcePort: port, destination: source, port: sourcePort };
      host.sendUdp({ ...back, payload: answer });
    },
  });
  host.listenTcp(DNS_PORT, ({ ends }) => tcpSession(contextOf(ends.destination)));
}

function interfaceAt(reader: ModelReader, vpcId: string, address: Ip): string | undefined {
  return reader.first('network-interface', 'address', addressKey(vpcId, address))?.id;
}

function tcpSession(context: ResolverContext): TcpHandlers {
  let held = Buffer.alloc(0);
  return {
    onData(data, connection) {
      held = Buffer.concat([held, data]);
      while (held.length >= LENGTH_BYTES) {
        const end = LENGTH_BYTES + held.readUInt16BE(0);
        if (held.length < end) break;
        const query = held.subarray(LENGTH_BYTES, end);
        held = held.subarray(end);
        const answer = answerQuery(query, context);
        if (answer !== undefined) connection.send(withLength(answer));
      }
      if (held.length > LENGTH_BYTES + MESSAGE_BYTES_MAX) connection.abort();
    },
    onEnd(connection) {
      connection.close();
    },
  };
}

/** A message as TCP carries it. */
export function withLength(message: Uint8Array): Uint8Array {
  const framed = Buffer.alloc(LENGTH_BYTES + message.length);
  framed.writeUInt16BE(message.length);
  framed.set(message, LENGTH_BYTES);
  return framed;
}
