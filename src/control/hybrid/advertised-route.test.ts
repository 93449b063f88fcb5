import { describe, expect, it } from 'vitest';
import { type TestCloud, testCloud } from '../../../test/support/test-cloud.ts';
import {
  attachNewVpc,
  defaultTable,
  makeTransitGateway,
} from '../../../test/support/transit-fixture.ts';
import {
  attachNewGateway,
  connect,
  learned,
  makeCustomerGateway,
  report,
} from '../../../test/support/vpn-fixture.ts';
import { tunnelLinks } from '../../model/hybrid/link.ts';
import { formatCidr, parseCidr } from '../../net/cidr.ts';
import { formatAsPath } from '../../wire/bgp/as-path.ts';
import { Advertisements, advertisementSource } from './advertised-route.ts';
import { reportSessions } from './bgp-report.ts';

const linkOf = ({ cloud: { model } }: TestCloud, id: string, index: 0 | 1 = 0) =>
  tunnelLinks(model.get('vpn-connection', id)!)[index]!;

/** `PREFIX AS-PATH MED` */
function told(test: TestCloud, id: string, index: 0 | 1 = 0): string[] {
  return new Advertisements(test.cloud.model)
    .all(linkOf(test, id, index))
    .map(
      ({ prefix, attributes: { asPath, med } }) =>
        `${formatCidr(prefix)} ${formatAsPath(asPath)} ${med}`,
    );
}

describe('what a virtual private gateway tells', () => {
  async function two() {
    const test = await testCloud();
    const ec2 = test.ec2();
    const { vpnGatewayId: VpnGatewayId } = await attachNewGateway(ec2);
    const ids: string[] = [];
    for (const address of ['203.0.113.1', '203.0.113.2']) {
      const CustomerGatewayId = await makeCustomerGateway(ec2, address);
      ids.push((await connect(ec2, { VpnGatewayId, CustomerGatewayId })).VpnConnectionId!);
    }
    return { test, VpnGatewayId, one: ids[0]!, other: ids[1]! };
  }

  it('H-049 H-050 its VPC and what other connections have learned, not what this one has', async () => {
    const { test, one, other, VpnGatewayId } = await two();
    await report(test.cloud, other, 0, { ipsec: true, prefixes: ['192.168.0.0/16'] });
    await report(test.cloud, one, 0, { ipsec: true, prefixes: ['172.20.0.0/16'] });
    expect(advertisementSource(test.cloud.model, linkOf(test, one))).toBe(VpnGatewayId);
    // What the other one’s MED said is for AWS alone.
    expect(told(test, one)).toEqual(['10.0.0.0/16  100', '192.168.0.0/16 65010 100']);
    expect(told(test, one, 1)).toEqual(['10.0.0.0/16  200', '192.168.0.0/16 65010 200']);
    expect(told(test, other)).toEqual(['10.0.0.0/16  100', '172.20.0.0/16 65010 100']);
  });

  it('H-049 at most 1,000 routes, those that sort first', async () => {
    const { test, one, other } = await two();
    const blocks = Array.from(
      { length: 1_100 },
      (_, index) => `172.${16 + (index >> 8)}.${index & 255}.0/24`,
    );
    await report(test.cloud, other, 0, { ipsec: true, prefixes: blocks });
    const all = told(test, one);
    expect(all.length).toBe(1_000);
    expect([all[0], all[999]]).toEqual(['10.0.0.0/16  100', '172.19.230.0/24 65010 100']);
  });
});

describe('what a transit gateway tells', () => {
  it('C-103 its associated table, without black holes and the ways back', async () => {
    const test = await testCloud();
    const ec2 = test.ec2();
    const TransitGatewayId = await makeTransitGateway(ec2);
    const table = await defaultTable(ec2, TransitGatewayId);
    const { attachmentId } = await attachNewVpc(ec2, TransitGatewayId, '10.0.0.0/16');
    const id = (await connect(ec2, { TransitGatewayId })).VpnConnectionId!;
    await report(test.cloud, id, 0, { ipsec: true, prefixes: ['192.168.0.0/16'] });
    const request = { TransitGatewayRouteTableId: table, DestinationCidrBlock: '10.9.0.0/16' };
    await ec2.createTransitGatewayRoute({ ...request, Blackhole: true });
    expect(advertisementSource(test.cloud.model, linkOf(test, id))).toBe(table);
    expect(told(test, id)).toEqual(['10.0.0.0/16  100']);
    expect(told(test, id, 1)).toEqual(['10.0.0.0/16  100']);
    const DestinationCidrBlock = '10.8.0.0/16';
    const static_ = { ...request, DestinationCidrBlock, TransitGatewayAttachmentId: attachmentId };
    await ec2.createTransitGatewayRoute(static_);
    expect(told(test, id).sort()).toEqual(['10.0.0.0/16  100', '10.8.0.0/16  100']);
  });

  it('C-103 H-103 what was learned goes on as it was learned, without its MED', async () => {
    const test = await testCloud();
    const ec2 = test.ec2();
    const TransitGatewayId = await makeTransitGateway(ec2);
    const id = (await connect(ec2, { TransitGatewayId })).VpnConnectionId!;
    const CustomerGatewayId = await makeCustomerGateway(ec2, '203.0.113.2', 65_020);
    const other = (await connect(ec2, { TransitGatewayId, CustomerGatewayId })).VpnConnectionId!;
    await report(test.cloud, other, 0, { ipsec: true, prefixes: [] });
    await test.cloud.execute((tx) => {
      const { id: linkId } = linkOf(test, other);
      const route = learned(parseCidr('192.168.0.0/16')!, [65_020, 65_099]);
      const attributes = { ...route.path.attributes, med: 7, localPreference: 300 };
      const announced = [{ ...route, path: { ...route.path, attributes, med: 7 } }];
      const session = { id: linkId, linkId, family: 4 as const };
      reportSessions(tx, [{ session, established: true, announced, withdrawn: [] }]);
    });
    expect(told(test, id)).toEqual(['192.168.0.0/16 65020 65099 100']);
    const [route] = new Advertisements(test.cloud.model).all(linkOf(test, id));
    expect(route!.attributes).not.toHaveProperty('localPreference');
  });

  it('C-103 a connection to nothing has nothing to tell', async () => {
    const test = await testCloud();
    const id = (await connect(test.ec2())).VpnConnectionId!;
    expect(advertisementSource(test.cloud.model, linkOf(test, id))).toBeUndefined();
    expect(told(test, id)).toEqual([]);
  });
});
