import type { ServerResponse } from 'node:http';
import { STREAM_WAITING_BYTES_MAX } from './limits.ts';
import type { Reply, Sink } from './reply.ts';

type StreamReply = Extract<Reply, { kind: 'stream' }>;

/** Streams that are open, so that they can be ended when the server stops. */
export class OpenStreams {
  readonly #ends = new Set<() => void>();

  get size(): number {
    return this.#ends.size;
  }

  /** Answers with a stream; it ends when its source, its reader or the server ends it. */
  answer(response: ServerResponse, { contentType, headers, open }: StreamReply): void {
    // A stream's connection is not used again, so that it ends when the server stops.
    response.writeHead(200, { 'content-type': contentType, ...headers, connection: 'close' });
    if (response.req.method === 'HEAD') {
      response.end();
      return;
    }
    response.flushHeaders();
    // Streams have their own heartbeats; silence is no reason to end one.
    response.socket?.setTimeout(0);
    const end = () => response.end();
    this.#ends.add(end);
    const close = open(sinkOf(response));
    response.on('close', () => {
      this.#ends.delete(end);
      close();
    });
  }

  endAll(): void {
    for (const end of this.#ends) end();
  }
}

function sinkOf(response: ServerResponse): Sink {
  return {
    write(part) {
      if (response.writableEnded || response.destroyed) return false;
      if (response.writableLength > STREAM_WAITING_BYTES_MAX) return false;
      response.write(part);
      return true;
    },
    end: () => {
      response.end();
    },
  };
}
