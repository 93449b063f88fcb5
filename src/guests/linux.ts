/** The few calls of Linux's libc that a tap needs, through koffi. */
import { createRequire } from 'node:module';

export interface Libc {
  /** -1 on failure; `errno` says why. */
  ioctl(descriptor: number, request: number, argument: Uint8Array): number;
  /** `fds`: an array of `struct pollfd`. -1 for no limit of time. */
  poll(fds: Uint8Array, count: number, timeoutMs: number): number;
  read(descriptor: number, buffer: Uint8Array, size: number): number;
  eventfd(initial: number, flags: number): number;
  errno(): number;
}

type Koffi = typeof import('koffi').default;

function loadKoffi(): Koffi | undefined {
  try {
    return createRequire(import.meta.url)('koffi') as Koffi;
  } catch {
    // An optional dependency: it is not there on every platform.
    return undefined;
  }
}

/** Undefined where koffi is missing or the platform is not Linux. */
export function loadLibc(): Libc | undefined {
  const koffi = process.platform === 'linux' ? loadKoffi() : undefined;
  if (koffi === undefined) return undefined;
  const library = koffi.load(null);
  const ioctl = library.func('int ioctl(int fd, unsigned long request, ...)');
  return {
    ioctl: (descriptor, request, argument) =>
      ioctl(descriptor, request, 'uint8_t *', argument) as number,
    poll: library.func('int poll(uint8_t *fds, unsigned long count, int timeout)'),
    read: library.func('long read(int fd, _Out_ uint8_t *buffer, size_t size)'),
    eventfd: library.func('int eventfd(unsigned int initial, int flags)'),
    errno: () => koffi.errno(),
  };
}

/** `struct pollfd`: int fd, short events, short revents. */
export const POLLFD_SIZE = 8;
export const POLLIN = 0x01;
const POLL_EVENTS = 4;
const POLL_REVENTS = 6;

/** An array of `struct pollfd` that waits for input on these descriptors. */
export function pollSet(descriptors: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(POLLFD_SIZE * descriptors.length);
  const view = new DataView(bytes.buffer);
  for (const [index, descriptor] of descriptors.entries()) {
    view.setInt32(index * POLLFD_SIZE, descriptor, isLittleEndian());
    view.setInt16(index * POLLFD_SIZE + POLL_EVENTS, POLLIN, isLittleEndian());
  }
  return bytes;
}

/** What `poll` found out about the descriptor at `index`. */
export function pollResult(fds: Uint8Array, index: number): number {
  const view = new DataView(fds.buffer, fds.byteOffset);
  return view.getInt16(index * POLLFD_SIZE + POLL_REVENTS, isLittleEndian());
}

export function isLittleEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}
