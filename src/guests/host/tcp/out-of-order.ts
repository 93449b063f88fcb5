/** Segments that arrived behind a gap, ordered by sequence number, not overlapping. */
import { seqAdd, seqAfter, seqBefore, seqDistance } from './sequence.ts';

interface Piece {
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

export class OutOfOrderQueue {
  readonly #limit: number;
  #pieces: Piece[] = [];
  /** The sequence number of a FIN seen behind the gap. */
  #fin: number | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#pieces.length;
  }

  /** Keeps a copy of what is new in it. What arrived first stays; a full queue keeps nothing. */
  insert(sequence: number, bytes: Uint8Array, fin: boolean): void {
    if (fin) this.#fin = seqAdd(sequence, bytes.length);
    let from = sequence;
    const end = seqAdd(sequence, bytes.length);
    let index = 0;
    while (seqBefore(from, end)) {
      const piece = this.#pieces[index];
      if (piece !== undefined && !seqAfter(piece.sequence, from)) {
        const pieceEnd = seqAdd(piece.sequence, piece.bytes.length);
        if (seqAfter(pieceEnd, from)) from = pieceEnd;
        index++;
        continue;
      }
      if (this.#pieces.length >= this.#limit) return;
      const to = piece !== undefined && seqBefore(piece.sequence, end) ? piece.sequence : end;
      const fresh = bytes.slice(seqDistance(sequence, from), seqDistance(sequence, to));
      this.#pieces.splice(index, 0, { sequence: from, bytes: fresh });
      from = to;
    }
  }

  /** Removes and returns the octets that start at `next`, once the gap before them is closed. */
  take(next: number): Uint8Array | undefined {
    while (this.#pieces.length > 0) {
      const first = this.#pieces[0]!;
      if (seqAfter(first.sequence, next)) return undefined;
      this.#pieces.shift();
      const skip = seqDistance(first.sequence, next);
      if (skip < first.bytes.length) return first.bytes.subarray(skip);
    }
    return undefined;
  }

  /** Whether a FIN that was kept stands at `next`. */
  finAt(next: number): boolean {
    return this.#fin === next;
  }
}
