/** Mistakes about egress-only internet gateways. */
import { type Action, ANY } from '../../../src/fabric/table.ts';
import { type Defect, withActions, without } from './defect.ts';

export const egressOnlyDefects: readonly Defect[] = [
  {
    name: 'A-093 an egress-only gateway lets everything in',
    spoil: ({ egressOnlyGateways }) => {
      for (const { entry, into } of egressOnlyGateways.values()) {
        const enter: Action = { do: 'go', to: into };
        entry.table = { rules: [], otherwise: { match: ANY, actions: [enter] } };
      }
    },
  },
  {
    name: 'A-093 an egress-only gateway forgets who went out',
    spoil: ({ egressOnlyGateways }) => {
      for (const { track } of egressOnlyGateways.values()) {
        track.table = withActions(track.table, without('remember'));
      }
    },
  },
  {
    name: 'A-093 an egress-only gateway refuses what is the internet gateway’s',
    spoil: ({ egressOnlyGateways }) => {
      const refuse: Action = { do: 'drop', reason: 'EIGW_REQUIRES_OUTBOUND_FLOW' };
      for (const { entry } of egressOnlyGateways.values()) {
        entry.table = { rules: [], otherwise: { match: ANY, actions: [refuse] } };
      }
    },
  },
  {
    name: 'A-108 an egress-only gateway carries 9001 bytes',
    spoil: ({ egressOnlyGateways }) => {
      for (const { out, into } of egressOnlyGateways.values()) {
        for (const station of [out, into]) {
          station.table = withActions(station.table, without('check-size'));
        }
      }
    },
  },
  {
    name: 'A-114 an egress-only gateway lets any source out',
    spoil: ({ egressOnlyGateways }) => {
      for (const { out, track } of egressOnlyGateways.values()) {
        const leave: Action = { do: 'go', to: track };
        out.table = { ...out.table, otherwise: { match: ANY, actions: [leave] } };
      }
    },
  },
];
