/** The thread that waits for a tap's frames, so that nobody else has to. */
import assert from 'node:assert/strict';
import { parentPort, workerData } from 'node:worker_threads';
import { type Libc, loadLibc, POLLIN, pollResult, pollSet } from './linux.ts';

export interface TapReaderData {
  readonly tap: number;
  /** Readable once the thread is to end. */
  readonly stop: number;
  /** One Int32: frames handed over and not yet taken. */
  readonly outstanding: SharedArrayBuffer;
}

/** Frames of one message, and frames on their way before the thread waits for their taker. */
const BATCH_FRAMES = 64;
const OUTSTANDING_FRAMES = 1024;
/** No frame is longer: an IP packet of 65535 octets and an Ethernet header. */
const FRAME_SIZE = 65_549;

function readBatch(libc: Libc, tap: number, buffer: Uint8Array): Uint8Array[] {
  const batch: Uint8Array[] = [];
  while (batch.length < BATCH_FRAMES) {
    const size = libc.read(tap, buffer, buffer.length);
    if (size <= 0) break;
    batch.push(buffer.slice(0, size));
  }
  return batch;
}

function run({ tap, stop, outstanding }: TapReaderData): void {
  const libc = loadLibc();
  assert(libc !== undefined && parentPort !== null);
  const waiting = new Int32Array(outstanding);
  const buffer = new Uint8Array(FRAME_SIZE);
  const fds = pollSet([tap, stop]);
  for (;;) {
    libc.poll(fds, 2, -1);
    if (pollResult(fds, 1) !== 0) return;
    // Anything but input: the device is gone.
    if ((pollResult(fds, 0) & ~POLLIN) !== 0) return;
    const batch = readBatch(libc, tap, buffer);
    if (batch.length === 0) continue;
    Atomics.add(waiting, 0, batch.length);
    parentPort.postMessage(
      batch,
      batch.map((frame) => frame.buffer as ArrayBuffer),
    );
    // What the device cannot queue meanwhile it drops, as a slow machine's would.
    let count = Atomics.load(waiting, 0);
    while (count > OUTSTANDING_FRAMES) {
      Atomics.wait(waiting, 0, count, 100);
      count = Atomics.load(waiting, 0);
      if (libc.poll(pollSet([stop]), 1, 0) > 0) return;
    }
  }
}

run(workerData as TapReaderData);
