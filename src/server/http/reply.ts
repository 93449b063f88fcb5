/** What an endpoint answers, and the one way it refuses. */

/** A refusal: `{"error": {"code", "message"}}` with this HTTP status. */
export class RequestError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'RequestError';
    this.status = status;
    this.code = code;
  }
}

/** Where a stream goes. What a slow reader cannot take is left out, never kept without bound. */
export interface Sink {
  /** False when the part was left out, because too much is waiting already. */
  write(part: string | Uint8Array): boolean;
  /** Ends the stream from this side. */
  end(): void;
}

export type Reply =
  | { readonly kind: 'json'; readonly body: unknown; readonly status?: number }
  | { readonly kind: 'text'; readonly contentType: string; readonly body: string }
  | {
      readonly kind: 'stream';
      readonly contentType: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** Begins to write; what it returns runs once, when the stream is over. */
      readonly open: (sink: Sink) => () => void;
    };

export function json(body: unknown, status = 200): Reply {
  return { kind: 'json', body, status };
}

/** One request to an own endpoint. */
export interface EndpointRequest {
  readonly query: URLSearchParams;
  /** What stands in the path where the endpoint's has a `:NAME`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The whole path; a segment `:NAME` stands for any. */
  readonly path: string;
  /** Octets its body may have; JSON_BYTES_MAX unless given. */
  readonly bodyBytesMax?: number;
  /** @throws RequestError */
  readonly handle: (request: EndpointRequest) => Reply | Promise<Reply>;
}
