/** Mistakes about names. */
import { type Defect, told } from './defect.ts';

export const nameDefects: readonly Defect[] = [
  {
    name: 'A-102 a DHCP option set is overlooked',
    tellWrongly: told('dhcp-options', (options) => ({ ...options, configurations: [] })),
  },
  {
    name: 'A-100 DNS64 is off everywhere',
    tellWrongly: told('subnet', (subnet) => ({ ...subnet, enableDns64: false })),
  },
  {
    name: 'A-100 DNS64 is on everywhere',
    tellWrongly: told('subnet', (subnet) => ({ ...subnet, enableDns64: true })),
  },
  {
    name: 'A-104 names resolve whatever the VPC’s attributes',
    tellWrongly: told('vpc', (vpc) => ({ ...vpc, enableDnsHostnames: true })),
  },
  {
    name: 'A-115 every instance’s own name resolves',
    tellWrongly: told('instance', (instance) => ({
      ...instance,
      enableResourceNameDnsARecord: true,
      enableResourceNameDnsAaaaRecord: true,
    })),
  },
  {
    name: 'B-050 nobody lets a peer know its addresses',
    tellWrongly: told('vpc-peering-connection', ({ requester, accepter, ...connection }) => ({
      ...connection,
      requester: { ...requester, allowDnsResolutionFromRemoteVpc: false },
      accepter: { ...accepter, allowDnsResolutionFromRemoteVpc: false },
    })),
  },
];
