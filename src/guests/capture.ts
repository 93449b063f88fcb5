/** What passes one interface, for Wireshark: a decorator of the fabric's ports. */

export interface CapturedFrame {
  readonly bytes: Uint8Array;
  /** As the guest sees it. */
  readonly direction: 'inbound' | 'outbound';
  /** Why the network dropped it. */
  readonly comment?: string;
}
export type CaptureListener = (frame: CapturedFrame) => void;

export class Captures {
  readonly #listeners = new Map<string, Set<CaptureListener>>();
  /** A frame that was sent and whose fate is not known yet. */
  #pending: { readonly interfaceId: string; readonly frame: CapturedFrame } | undefined;

  /** Hears of an interface's frames until the returned function is called. */
  listen(interfaceId: string, listener: CaptureListener): () => void {
    const listeners = this.#listeners.get(interfaceId) ?? new Set();
    this.#listeners.set(interfaceId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(interfaceId);
    };
  }

  /** The guest sends: the bytes are copied before the network rewrites them. */
  sent(interfaceId: string, bytes: Uint8Array): void {
    this.flush();
    if (!this.#listeners.has(interfaceId)) return;
    this.#pending = { interfaceId, frame: { bytes: bytes.slice(), direction: 'outbound' } };
  }

  received(interfaceId: string, bytes: Uint8Array): void {
    if (!this.#listeners.has(interfaceId)) return;
    this.flush();
    this.#emit(interfaceId, { bytes: bytes.slice(), direction: 'inbound' });
  }

  /** The frame sent last was dropped. */
  dropped(comment: string): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) this.#emit(pending.interfaceId, { ...pending.frame, comment });
  }

  /** Nothing more will be said about the frame sent last. */
  flush(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) this.#emit(pending.interfaceId, pending.frame);
  }

  #emit(interfaceId: string, frame: CapturedFrame): void {
    for (const listener of this.#listeners.get(interfaceId) ?? []) listener(frame);
  }
}
