/** Messages out of a stream of bytes, wherever it is cut: at most one unfinished one is kept. */
import { Fault } from './fault.ts';
import { BGP_HEADER_LENGTH, BGP_MESSAGE_MAX, headerFault, messageLength } from './header.ts';

export class MessageReader {
  /** The beginning of a message whose rest has not come; made when there is one. */
  #held: Uint8Array | undefined;
  #heldLength = 0;
  #dead = false;

  /**
   * The messages that `chunk` completes, each whole, and in the end perhaps the fault of a header:
   * after that nobody knows where messages begin, and nothing is read any more. A message may be
   * part of `chunk`, not a copy. Each call must be read to its end before the next.
   */
  *read(chunk: Uint8Array): Generator<Uint8Array | Fault> {
    for (let at = 0; at < chunk.length && !this.#dead; ) {
      if (this.#heldLength === 0) {
        const length = lengthAt(chunk, at);
        if (length instanceof Fault) {
          yield this.#die(length);
          return;
        }
        if (length !== undefined && at + length <= chunk.length) {
          yield chunk.subarray(at, at + length);
          at += length;
          continue;
        }
      }
      at = this.#hold(chunk, at);
      yield* this.#completed();
    }
  }

  /** Keeps what belongs to the unfinished message; returns where the rest of `chunk` begins. */
  #hold(chunk: Uint8Array, at: number): number {
    this.#held ??= new Uint8Array(BGP_MESSAGE_MAX);
    const known = this.#heldLength >= BGP_HEADER_LENGTH;
    const wanted = known ? messageLength(this.#held, 0) : BGP_HEADER_LENGTH;
    const stop = Math.min(chunk.length, at + wanted - this.#heldLength);
    this.#held.set(chunk.subarray(at, stop), this.#heldLength);
    this.#heldLength += stop - at;
    return stop;
  }

  *#completed(): Generator<Uint8Array | Fault> {
    const held = this.#held;
    if (held === undefined || this.#heldLength < BGP_HEADER_LENGTH) return;
    const fault = headerFault(held, 0);
    if (fault !== undefined) {
      yield this.#die(fault);
    } else if (this.#heldLength === messageLength(held, 0)) {
      this.#heldLength = 0;
      this.#held = undefined;
      yield held.subarray(0, messageLength(held, 0));
    }
  }

  #die(fault: Fault): Fault {
    this.#dead = true;
    this.#held = undefined;
    this.#heldLength = 0;
    return fault;
  }
}

/** The length of the message at `at`; undefined when not even its header is there. */
function lengthAt(bytes: Uint8Array, at: number): number | Fault | undefined {
  if (bytes.length - at < BGP_HEADER_LENGTH) return undefined;
  return headerFault(bytes, at) ?? messageLength(bytes, at);
}
