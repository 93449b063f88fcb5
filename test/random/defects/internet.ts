/** Mistakes about the gateways to the Internet, and about public addresses. */
import type { Action } from '../../../src/fabric/table.ts';
import { addressesOf } from '../../../src/model/vpc/network-interface.ts';
import { type Defect, told, without } from './defect.ts';

export const internetDefects: readonly Defect[] = [
  {
    name: 'A-089 an internet gateway lets private sources out',
    spoil: ({ gateways, internet }) => {
      const leave: Action = { do: 'go', to: internet.station };
      for (const { out } of gateways.values()) {
        out.table = { ...out.table, otherwise: { match: {}, actions: [leave] } };
      }
    },
  },
  {
    name: 'A-090 an internet gateway lets private sources in',
    spoil: ({ gateways }) => {
      for (const { into } of gateways.values()) into.table = { ...into.table, rules: [] };
    },
  },
  {
    name: 'A-108 an internet gateway carries 9001 bytes',
    spoil: ({ gateways, model }) => {
      for (const { sources, vpcId } of gateways.values()) {
        for (const eni of model.by('network-interface', 'vpc', vpcId)) {
          for (const address of addressesOf(eni)) {
            const rule = sources.get(address);
            if (rule === undefined) continue;
            sources.set(address, { ...rule, actions: without('check-size')(rule.actions) });
          }
        }
      }
    },
  },
  {
    name: 'A-116 a hairpin shows the private address',
    spoil: ({ gateways, model }) => {
      for (const { sources, vpcId } of gateways.values()) {
        for (const { addresses } of model.by('network-interface', 'vpc', vpcId)) {
          for (const { address } of addresses) {
            const rule = sources.get(address);
            if (rule === undefined) continue;
            sources.set(address, { ...rule, actions: without('rewrite-source')(rule.actions) });
          }
        }
      }
    },
  },
  {
    name: 'A-089 only primary addresses are mapped',
    tellWrongly: told('network-interface', (eni) => ({
      ...eni,
      addresses: eni.addresses.map((own) =>
        own.primary ? own : { address: own.address, primary: false },
      ),
    })),
  },
  {
    name: 'A-090 an address kept for nothing is somebody else’s',
    tellWrongly: told('elastic-ip', () => undefined),
  },
];
