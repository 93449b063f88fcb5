/** What happens to VPN connections by itself (H-007, H-031, H-036). */
import { tunnelLinks } from '../../model/hybrid/link.ts';
import { HYBRID_VISIBLE_MILLIS } from '../../model/limits.ts';
import { dropTags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import { endSession } from './bgp-report.ts';
import { moveConnection } from './connection-life.ts';
import { forgetEndedLinks } from './site-links.ts';
import { negotiate } from './tunnel-negotiation.ts';

const KIND = 'vpn-connection';

export const connectionEvents: Record<string, TimedEvent> = {
  'vpn-connection.provision': (tx, id) => {
    const connection = tx.get(KIND, id);
    if (connection?.state !== 'pending' && connection?.state !== 'modifying') return;
    const provisioned = moveConnection(tx, connection, 'provision');
    for (const link of tunnelLinks(provisioned)) negotiate(tx, link);
  },
  'vpn-connection.finish': (tx, id) => {
    const connection = tx.get(KIND, id);
    if (connection?.state !== 'deleting') return;
    for (const route of tx.by('vpn-connection-route', 'connection', id)) {
      tx.unschedule(route.id);
      tx.delete('vpn-connection-route', route.id);
    }
    for (const link of tunnelLinks(connection)) {
      tx.unschedule(link.id);
      endSession(tx, link.id);
    }
    moveConnection(tx, connection, 'finish');
    forgetEndedLinks(tx, connection.customerGatewayId);
    tx.schedule('vpn-connection.forget', id, tx.now + HYBRID_VISIBLE_MILLIS);
  },
  'vpn-connection.forget': (tx, id) => {
    dropTags(tx, id);
    tx.delete(KIND, id);
  },
};
