/** Mistakes about interfaces and their addresses. */
import { type Defect, told } from './defect.ts';

export const interfaceDefects: readonly Defect[] = [
  {
    name: 'A-087 nobody checks source and destination',
    tellWrongly: told('network-interface', (eni) => ({ ...eni, sourceDestCheck: false })),
  },
  {
    name: 'FC-01 a stopped instance answers',
    tellWrongly: told('instance', (instance) => ({ ...instance, state: 'running' })),
  },
  {
    name: 'A-013 secondary addresses are nobody’s',
    tellWrongly: told('network-interface', (eni) => ({
      ...eni,
      addresses: eni.addresses.filter(({ primary }) => primary),
      ipv6Addresses: eni.ipv6Addresses.slice(0, 1),
    })),
  },
  {
    name: 'A-087 delegated blocks are nobody’s',
    tellWrongly: told('network-interface', (eni) => ({
      ...eni,
      ipv4Prefixes: [],
      ipv6Prefixes: [],
    })),
  },
  {
    name: 'A-091 delegated blocks are not known outside',
    spoil: ({ gateways, model }) => {
      for (const { destinations, vpcId } of gateways.values()) {
        for (const { ipv6Prefixes } of model.by('network-interface', 'vpc', vpcId)) {
          for (const block of ipv6Prefixes) destinations.deleteBlock(block);
        }
      }
    },
  },
];
