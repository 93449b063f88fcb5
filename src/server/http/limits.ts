/** Bounds on what clients may do to the port. */

/** Octets of the request line and the headers together. */
export const HEADER_BYTES_MAX = 32 * 1024;
export const HEADERS_MAX = 100;
/** How long a client may take for its headers, and for the whole request. */
export const HEADERS_MILLIS = 10_000;
export const REQUEST_MILLIS = 30_000;
/** Clients keep connections for their next call; AWS's SDKs do so for less. */
export const KEEP_ALIVE_MILLIS = 65_000;
/** A connection on which nothing moves is closed. Streams send heartbeats. */
export const IDLE_MILLIS = 120_000;
export const CONNECTIONS_MAX = 10_000;
/** What is read of a body that is too long, so that the refusal reaches its sender. */
export const DISCARDED_BYTES_MAX = 64 * 1024 * 1024;
/** Bodies of questions, durations and the like. */
export const JSON_BYTES_MAX = 1024 * 1024;
/** The body of a whole state. */
export const STATE_BYTES_MAX = 512 * 1024 * 1024;
/** What may wait in memory for a slow reader of a stream; beyond that, parts are left out. */
export const STREAM_WAITING_BYTES_MAX = 4 * 1024 * 1024;
/** Streams that may be open at once. */
export const STREAMS_MAX = 256;
/** How long requests under way may take to finish once the server stops. */
export const STOP_MILLIS = 5_000;
