/** Octets to a port and back, without any client's good manners. */
import { connect } from 'node:net';

/** What is sent one after the other; a number is a wait in milliseconds. */
export type Step = string | Uint8Array | number;

export interface Conversation {
  readonly steps: readonly Step[];
  /** What happens once all is said: wait for the answer, say no more, or be gone. */
  readonly ending: 'listen' | 'end' | 'reset';
  /** What comes back is not read, but for the last of it. */
  readonly deaf?: boolean;
}

export interface Heard {
  /** The status of each answer, in order. */
  readonly statuses: readonly number[];
  /** Whether the server closed the connection, or it stood open until the patience ended. */
  readonly closed: boolean;
}

const KEPT_CHARACTERS = 1_000_000;
const QUIET_MILLIS = 30;

/** Resolves when the server has closed, or after `patienceMillis` of silence. */
export function converse(
  port: number,
  { steps, ending, deaf = false }: Conversation,
  patienceMillis: number,
): Promise<Heard> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let text = '';
    const finish = (closed: boolean) => {
      socket.destroy();
      const statuses = [...text.matchAll(/(?:^|\n)HTTP\/1\.1 (\d{3}) /g)].map(([, code]) =>
        Number(code),
      );
      resolve({ statuses, closed });
    };
    socket.setTimeout(patienceMillis, () => finish(false));
    socket.on('error', () => finish(true));
    socket.on('end', () => finish(true));
    if (!deaf) {
      socket.on('data', (data) => {
        if (text.length < KEPT_CHARACTERS) text += data.toString('latin1');
        // Answered: a kept connection says nothing more.
        socket.setTimeout(Math.min(QUIET_MILLIS, patienceMillis));
      });
    }
    socket.on('connect', () => void say());
    const say = async () => {
      for (const step of steps) {
        if (socket.destroyed) return;
        if (typeof step === 'number') await new Promise((done) => setTimeout(done, step));
        else socket.write(step);
      }
      if (ending === 'end') socket.end();
      if (ending === 'reset') {
        socket.resetAndDestroy();
        finish(true);
      }
    };
  });
}
