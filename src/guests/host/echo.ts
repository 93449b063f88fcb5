/**
 * The TCP echo service (RFC 862): every octet goes back, and the close is answered. No segment is
 * longer than those that came, however much came at once: sizes are those of the path.
 */
import { TCP_LIMITS } from './limits.ts';
import type { TcpHandlers } from './tcp/connection.ts';

export const TCP_ECHO: TcpHandlers = {
  onData(data, connection) {
    connection.matchPeer();
    connection.send(data);
    // A window's worth of data must fit before more is read.
    if (connection.sendSpace < TCP_LIMITS.receiveBuffer) connection.pause();
  },
  onDrain(connection) {
    if (connection.sendSpace >= TCP_LIMITS.receiveBuffer) connection.resume();
  },
  onEnd(connection) {
    connection.close();
  },
};
