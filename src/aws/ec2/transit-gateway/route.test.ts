import { describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../../test/support/test-cloud.ts';
import {
  attachNewVpc,
  defaultTable,
  makeTable,
  makeTransitGateway,
  routesOf,
} from '../../../../test/support/transit-fixture.ts';

const HOUR = 3_600_000;

/** A gateway with two VPCs, which propagate to its default table, and a table without routes. */
async function setUp(transitions: 'fast' | 'instant' = 'instant') {
  const test = await testCloud({ transitions });
  const client = test.ec2();
  const gateway = await makeTransitGateway(client);
  await test.advance(50);
  const one = await attachNewVpc(client, gateway, '10.0.0.0/16');
  const two = await attachNewVpc(client, gateway, '10.1.0.0/16');
  const table = await makeTable(client, gateway);
  await test.advance(50);
  const full = await defaultTable(client, gateway);
  const route = (DestinationCidrBlock: string, to = one.attachmentId, into = table) => ({
    TransitGatewayRouteTableId: into,
    TransitGatewayAttachmentId: to,
    DestinationCidrBlock,
  });
  const hole = (DestinationCidrBlock: string, into = table) => ({
    TransitGatewayRouteTableId: into,
    Blackhole: true,
    DestinationCidrBlock,
  });
  return { ...test, client, gateway, table, full, one, two, route, hole };
}

describe('CreateTransitGatewayRoute', () => {
  it('C-073 makes a static route that is active', async () => {
    const { client, route, one, table } = await setUp();
    const { Route } = await client.createTransitGatewayRoute(route('0.0.0.0/0'));
    expect(Route).toEqual({
      DestinationCidrBlock: '0.0.0.0/0',
      TransitGatewayAttachments: [
        {
          TransitGatewayAttachmentId: one.attachmentId,
          ResourceId: one.vpcId,
          ResourceType: 'vpc',
        },
      ],
      Type: 'static',
      State: 'active',
    });
    expect(await routesOf(client, table)).toEqual([Route]);
  });

  it('C-069 makes a black hole, without attachment', async () => {
    const { client, hole, table } = await setUp();
    const { Route } = await client.createTransitGatewayRoute(hole('10.9.0.0/16'));
    const made = { DestinationCidrBlock: '10.9.0.0/16', Type: 'static', State: 'blackhole' };
    expect(Route).toEqual(made);
    expect(await routesOf(client, table)).toEqual([made]);
  });

  it('A-002 clears host bits, of IPv6 destinations too', async () => {
    const { client, route } = await setUp();
    for (const [asked, made] of [
      ['10.9.1.2/16', '10.9.0.0/16'],
      ['2001:DB8::1/32', '2001:db8::/32'],
    ] as const) {
      const { Route } = await client.createTransitGatewayRoute(route(asked));
      expect(Route!.DestinationCidrBlock).toBe(made);
    }
  });

  it('C-068 makes one static route to a destination', async () => {
    const { client, route, hole, two, table } = await setUp();
    await client.createTransitGatewayRoute(route('10.9.0.0/16'));
    const message = `Route 10.9.0.0/16 already exists in Transit Gateway Route Table ${table}.`;
    for (const again of [route('10.9.0.0/16', two.attachmentId), hole('10.9.0.0/16')]) {
      await expectError(client.createTransitGatewayRoute(again), 'RouteAlreadyExists', message);
    }
  });

  it('C-067 hides a propagated route, which comes back', async () => {
    const { client, route, full, one, two } = await setUp();
    const only = async () => {
      const Filters = [{ Name: 'route-search.exact-match', Values: ['10.0.0.0/16'] }];
      return (await routesOf(client, full, Filters)).map(
        ({ Type, TransitGatewayAttachments }) =>
          `${Type} ${TransitGatewayAttachments![0]!.TransitGatewayAttachmentId}`,
      );
    };
    expect(await only()).toEqual([`propagated ${one.attachmentId}`]);
    const made = route('10.0.0.0/16', two.attachmentId, full);
    await client.createTransitGatewayRoute(made);
    expect(await only()).toEqual([`static ${two.attachmentId}`]);
    expect(await routesOf(client, full)).toHaveLength(2);
    await client.deleteTransitGatewayRoute(made);
    expect(await only()).toEqual([`propagated ${one.attachmentId}`]);
  });

  it('C-069 leads to an attachment or nowhere', async () => {
    const { client, route } = await setUp();
    const both = { ...route('10.9.0.0/16'), Blackhole: true };
    await expectError(client.createTransitGatewayRoute(both), 'InvalidParameterCombination');
    const { TransitGatewayAttachmentId: _, ...neither } = route('10.9.0.0/16');
    await expectError(client.createTransitGatewayRoute(neither), 'MissingParameter');
    await expectError(client.createTransitGatewayRoute(route('ten')), 'InvalidParameterValue');
  });

  it('C-060 leads to attachments of its own gateway', async () => {
    const { client, route } = await setUp();
    const elsewhere = await makeTransitGateway(client);
    const foreign = await attachNewVpc(client, elsewhere, '10.7.0.0/16');
    const lead = (to: string) => client.createTransitGatewayRoute(route('10.7.0.0/16', to));
    await expectError(lead(foreign.attachmentId), 'InvalidTransitGatewayAttachmentID.NotFound');
    const unknown = 'tgw-attach-0123456789abcdef0';
    await expectError(lead(unknown), 'InvalidTransitGatewayAttachmentID.NotFound');
    await expectError(lead('attach'), 'InvalidTransitGatewayAttachmentID.Malformed');
  });

  it('C-043 does not lead to what is pending or has ended', async () => {
    const { client, route, gateway, one, advance, table } = await setUp('fast');
    const pending = await attachNewVpc(client, gateway, '10.8.0.0/16');
    const lead = (to: string) => client.createTransitGatewayRoute(route('10.8.0.0/16', to));
    const message = `${pending.attachmentId} is in invalid state`;
    await expectError(lead(pending.attachmentId), 'IncorrectState', message);
    const TransitGatewayAttachmentId = one.attachmentId;
    await client.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId });
    await expectError(lead(one.attachmentId), 'IncorrectState');
    await advance(50);
    await expectError(lead(one.attachmentId), 'IncorrectState');
    expect(await routesOf(client, table)).toEqual([]);
    await advance(2 * HOUR);
    await expectError(lead(one.attachmentId), 'InvalidTransitGatewayAttachmentID.NotFound');
  });

  it('C-043 stays as a black hole when its attachment has ended', async () => {
    const { client, route, one, table, advance } = await setUp('fast');
    await client.createTransitGatewayRoute(route('0.0.0.0/0'));
    const TransitGatewayAttachmentId = one.attachmentId;
    await client.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId });
    const ended = {
      DestinationCidrBlock: '0.0.0.0/0',
      TransitGatewayAttachments: [
        { TransitGatewayAttachmentId, ResourceId: one.vpcId, ResourceType: 'vpc' },
      ],
      Type: 'static',
      State: 'blackhole',
    };
    expect(await routesOf(client, table)).toEqual([ended]);
    await advance(50 + 2 * HOUR);
    expect(await routesOf(client, table)).toEqual([
      { ...ended, TransitGatewayAttachments: [{ TransitGatewayAttachmentId }] },
    ]);
  });

  it('C-027 a change of the attachment interrupts nothing', async () => {
    const { client, route, one, table } = await setUp('fast');
    await client.createTransitGatewayRoute(route('0.0.0.0/0'));
    await client.modifyTransitGatewayVpcAttachment({
      TransitGatewayAttachmentId: one.attachmentId,
      Options: { ApplianceModeSupport: 'enable' },
    });
    expect(await routesOf(client, table)).toMatchObject([{ State: 'active' }]);
    await client.createTransitGatewayRoute(route('10.9.0.0/16'));
  });

  it('C-015 has 10,000 routes in all tables together', async () => {
    const { client, cloud, gateway, table, full, hole } = await setUp();
    await cloud.execute((tx) => {
      const sample = tx.by('transit-gateway-route', 'table', full)[0]!;
      const { destination, id } = sample;
      for (let count = 0; count < 9997; count++) {
        tx.put('transit-gateway-route', {
          id: `${id}${count}`,
          type: 'static',
          transitGatewayId: gateway,
          routeTableId: full,
          destination,
        });
      }
    });
    await client.createTransitGatewayRoute(hole('10.9.0.0/16', table));
    const more = hole('10.10.0.0/16', table);
    await expectError(client.createTransitGatewayRoute(more), 'RouteLimitExceeded');
    await expectError(client.replaceTransitGatewayRoute(more), 'RouteLimitExceeded');
    await client.replaceTransitGatewayRoute(hole('10.9.0.0/16', table));
    const PrefixListId = (
      await client.createManagedPrefixList({
        PrefixListName: 'l',
        AddressFamily: 'IPv4',
        MaxEntries: 1,
      })
    ).PrefixList!.PrefixListId!;
    const { DestinationCidrBlock: _, ...target } = more;
    const refer = client.createTransitGatewayPrefixListReference({ ...target, PrefixListId });
    await expectError(refer, 'RouteLimitExceeded');
  });

  it('C-110 is the gateway’s owner’s to make', async () => {
    const { ec2, route } = await setUp();
    const stranger = ec2(OTHER_ACCOUNT);
    for (const call of [
      stranger.createTransitGatewayRoute(route('10.9.0.0/16')),
      stranger.replaceTransitGatewayRoute(route('10.9.0.0/16')),
      stranger.deleteTransitGatewayRoute(route('10.9.0.0/16')),
    ]) {
      await expectError(call, 'InvalidRouteTableID.NotFound');
    }
  });
});

describe('ReplaceTransitGatewayRoute', () => {
  it('C-070 leads elsewhere, and makes what is not there', async () => {
    const { client, route, hole, two, table } = await setUp();
    const made = await client.replaceTransitGatewayRoute(route('10.9.0.0/16'));
    expect(made.Route).toMatchObject({ State: 'active', Type: 'static' });
    await client.replaceTransitGatewayRoute(route('10.9.0.0/16', two.attachmentId));
    expect(await routesOf(client, table)).toMatchObject([
      { TransitGatewayAttachments: [{ TransitGatewayAttachmentId: two.attachmentId }] },
    ]);
    const holed = await client.replaceTransitGatewayRoute(hole('10.9.0.0/16'));
    expect(holed.Route!.State).toBe('blackhole');
    expect(holed.Route!.TransitGatewayAttachments).toBeUndefined();
    expect(await routesOf(client, table)).toHaveLength(1);
  });

  it('C-070 is refused as a new route is', async () => {
    const { client, route } = await setUp();
    const unknown = route('10.9.0.0/16', 'tgw-attach-0123456789abcdef0');
    const call = client.replaceTransitGatewayRoute(unknown);
    await expectError(call, 'InvalidTransitGatewayAttachmentID.NotFound');
  });
});

describe('DeleteTransitGatewayRoute', () => {
  it('C-073 answers the route as deleted', async () => {
    const { client, route, table } = await setUp();
    await client.createTransitGatewayRoute(route('10.9.0.0/16'));
    const { Route } = await client.deleteTransitGatewayRoute(route('10.9.0.0/16'));
    expect(Route).toMatchObject({ DestinationCidrBlock: '10.9.0.0/16', State: 'deleted' });
    expect(await routesOf(client, table)).toEqual([]);
  });

  it('C-071 deletes no route that is not there, and none that is propagated', async () => {
    const { client, route, full } = await setUp();
    const absent = client.deleteTransitGatewayRoute(route('10.9.0.0/16'));
    await expectError(absent, 'InvalidRoute.NotFound');
    const propagated = client.deleteTransitGatewayRoute(route('10.0.0.0/16', undefined, full));
    await expectError(propagated, 'InvalidRoute.NotFound');
    expect(await routesOf(client, full)).toHaveLength(2);
  });
});
