/** A Linux tap: an Ethernet interface of the kernel whose other end is this process. */
import { accessSync, closeSync, constants, openSync, writeSync } from 'node:fs';
import { getSystemErrorName } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Mac } from '../net/mac.ts';
import { readMac } from '../wire/bytes.ts';
import { isLittleEndian, type Libc, loadLibc } from './linux.ts';
import type { TapReaderData } from './tap-reader.ts';

const DEVICE = '/dev/net/tun';
/** linux/if_tun.h: _IOW('T', 202, int). */
const TUNSETIFF = 0x4004_54ca;
const IFF_TAP = 0x0002;
/** Frames alone, without flags and protocol in front. */
const IFF_NO_PI = 0x1000;
/** linux/sockios.h; taps answer it themselves, in whatever namespace they are. */
const SIOCGIFHWADDR = 0x8927;
/** `struct ifreq`: a name of 16 octets, then the flags, or a family of 2 and an address. */
const IFREQ_SIZE = 40;
const NAME_SIZE = 16;
const HARDWARE_ADDRESS = NAME_SIZE + 2;

/** What the kernel means by refusing a name. */
const REFUSALS: Readonly<Record<string, string>> = {
  EPERM: 'this user may not make interfaces (CAP_NET_ADMIN)',
  EBUSY: 'another program has it open',
  EINVAL: 'an interface of another kind has the name, or none may have it',
};

// The same source runs as TypeScript and compiled; the thread's file lies beside this one.
const READER_FILE = `./tap-reader.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`;

export interface TapOptions {
  /** At most 15 octets; `%d` in it becomes a free number. */
  readonly name: string;
  /** Gets every frame that the kernel sends to the interface. */
  readonly onFrame: (frame: Uint8Array) => void;
}

export interface Tap {
  /** As the kernel has it. */
  readonly name: string;
  /** Frames that the kernel did not take: the interface was down, or too slow. */
  readonly lost: number;
  /** The interface's own, on the kernel's side, as it is now. */
  readonly hardwareAddress: Mac;
  /** Hands the kernel a frame. */
  transmit(frame: Uint8Array): void;
  /** The interface disappears. */
  close(): Promise<void>;
}

/** What is missing here for a tap; undefined where nothing is. */
export function tapNeeds(): string | undefined {
  if (process.platform !== 'linux') return 'Linux';
  try {
    accessSync(DEVICE, constants.R_OK | constants.W_OK);
  } catch {
    return `root and ${DEVICE}`;
  }
  return loadLibc() === undefined ? 'koffi' : undefined;
}

/** Makes the interface; it is down and has no addresses. A string says why there is none. */
export function openTap(options: TapOptions): Tap | string {
  const needs = tapNeeds();
  const libc = loadLibc();
  if (needs !== undefined || libc === undefined) return `a tap needs ${needs}`;
  if (Buffer.byteLength(options.name) >= NAME_SIZE) return `${options.name} is too long a name`;
  const descriptor = openSync(DEVICE, constants.O_RDWR | constants.O_NONBLOCK);
  const name = attach(libc, descriptor, options.name);
  if (name === undefined) {
    const error = getSystemErrorName(-libc.errno());
    closeSync(descriptor);
    return `${options.name} is refused: ${REFUSALS[error] ?? error}`;
  }
  return new LinuxTap(name, { descriptor, libc, onFrame: options.onFrame });
}

function attach(libc: Libc, descriptor: number, name: string): string | undefined {
  const request = new Uint8Array(IFREQ_SIZE);
  request.set(Buffer.from(name));
  new DataView(request.buffer).setInt16(NAME_SIZE, IFF_TAP | IFF_NO_PI, isLittleEndian());
  if (libc.ioctl(descriptor, TUNSETIFF, request) < 0) return undefined;
  return Buffer.from(request.subarray(0, request.indexOf(0))).toString();
}

interface LinuxTapOptions {
  readonly descriptor: number;
  readonly libc: Libc;
  readonly onFrame: TapOptions['onFrame'];
}

class LinuxTap implements Tap {
  readonly name: string;
  readonly #descriptor: number;
  readonly #libc: Libc;
  readonly #stop: number;
  readonly #ended: Promise<void>;
  #open = true;
  #lost = 0;

  constructor(name: string, { descriptor, libc, onFrame }: LinuxTapOptions) {
    this.name = name;
    this.#descriptor = descriptor;
    this.#libc = libc;
    const stop = libc.eventfd(0, 0);
    this.#stop = stop;
    const outstanding = new SharedArrayBuffer(4);
    const waiting = new Int32Array(outstanding);
    const workerData: TapReaderData = { tap: descriptor, stop, outstanding };
    const reader = new Worker(new URL(READER_FILE, import.meta.url), {
      workerData,
      execArgv: [],
    });
    reader.on('message', (batch: Uint8Array[]) => {
      for (const frame of batch) if (this.#open) onFrame(frame);
      Atomics.sub(waiting, 0, batch.length);
      Atomics.notify(waiting, 0);
    });
    this.#ended = new Promise((resolve) => {
      reader.on('exit', () => resolve());
    });
  }

  get lost(): number {
    return this.#lost;
  }

  get hardwareAddress(): Mac {
    const request = new Uint8Array(IFREQ_SIZE);
    this.#libc.ioctl(this.#descriptor, SIOCGIFHWADDR, request);
    return readMac(request, HARDWARE_ADDRESS);
  }

  transmit(frame: Uint8Array): void {
    if (!this.#open) return;
    try {
      writeSync(this.#descriptor, frame);
    } catch {
      // EIO while the interface is down: frames are lost on links that are.
      this.#lost++;
    }
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    writeSync(this.#stop, BigUint64Array.of(1n));
    await this.#ended;
    closeSync(this.#stop);
    closeSync(this.#descriptor);
  }
}
