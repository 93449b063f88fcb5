/** Sample configurations for customers' devices: of the one kind of device that is any. */
import { findLive } from '../../../control/hybrid/find.ts';
import { awsError } from '../../../model/error.ts';
import { describe } from '../describe.ts';
import type { Ec2HandlersOf } from '../handler.ts';
import { parseChoice } from '../parse.ts';
import { customerConfiguration } from './customer-configuration.ts';

/** AWS has dozens, each with a text of its own. */
const GENERIC = { id: '9005b6c1', vendor: 'Generic', platform: 'Generic', software: 'Any' };

export const vpnDeviceHandlers = {
  GetVpnConnectionDeviceTypes({ input }) {
    const { records, nextToken } = describe(input, {
      records: [GENERIC],
      filters: {},
      page: { min: 200, max: 1000 },
    });
    return {
      VpnConnectionDeviceTypes: records.map(({ id, vendor, platform, software }) => ({
        VpnConnectionDeviceTypeId: id,
        Vendor: vendor,
        Platform: platform,
        Software: software,
      })),
      NextToken: nextToken,
    };
  },

  GetVpnConnectionDeviceSampleConfiguration({ input, caller, cloud: { model } }) {
    const connection = findLive(model, caller, 'vpn-connection', input.VpnConnectionId);
    const { VpnConnectionDeviceTypeId: id, InternetKeyExchangeVersion = 'ikev1' } = input;
    parseChoice('InternetKeyExchangeVersion', InternetKeyExchangeVersion, ['ikev1', 'ikev2']);
    if (id !== GENERIC.id) {
      const message = `The VPN connection device type '${id}' does not exist`;
      throw awsError('InvalidVpnConnectionDeviceTypeID.NotFound', message);
    }
    const configuration = customerConfiguration(model, connection);
    return { VpnConnectionDeviceSampleConfiguration: configuration };
  },
} satisfies Ec2HandlersOf<
  'GetVpnConnectionDeviceTypes' | 'GetVpnConnectionDeviceSampleConfiguration'
>;
