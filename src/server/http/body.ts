import type { IncomingMessage } from 'node:http';
import { DISCARDED_BYTES_MAX } from './limits.ts';

/**
 * A request's body. Of one longer than `bytesMax`, its first `bytesMax + 1` octets, so that the
 * reader sees that it is too long; the rest is thrown away. Undefined: the client went away.
 */
export function readBody(
  request: IncomingMessage,
  bytesMax: number,
): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let kept = 0;
    let seen = 0;
    request.on('data', (chunk: Buffer) => {
      seen += chunk.length;
      if (seen > bytesMax + DISCARDED_BYTES_MAX) request.destroy();
      const part = chunk.subarray(0, bytesMax + 1 - kept);
      kept += part.length;
      if (part.length > 0) chunks.push(part);
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, kept)));
    request.on('error', () => resolve(undefined));
    request.on('close', () => resolve(undefined));
  });
}
