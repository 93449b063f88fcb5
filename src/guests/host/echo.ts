/** The TCP echo service (RFC 862): every octet goes back, and the close is answered. */
import { TCP_LIMITS } from './limits.ts';
import type { TcpHandlers } from './tcp/connection.ts';

export const TCP_ECHO: TcpHandlers = {
  onData(data, connection) {
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
