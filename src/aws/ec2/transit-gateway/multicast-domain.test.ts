import { describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import {
  attachNumberedVpc,
  joinDomain,
  makeDomain,
  makeMulticastGateway,
} from '../../../../test/support/multicast-fixture.ts';
import { ACCOUNT, OTHER_ACCOUNT, testCloud } from '../../../../test/support/test-cloud.ts';

const UNKNOWN = 'tgw-mcast-domain-00000000000000000';
const TWO_HOURS = 2 * 3_600_000;

async function stateOf(ec2: Awaited<ReturnType<typeof testCloud>>['ec2'], id: string) {
  const { TransitGatewayMulticastDomains } = await ec2().describeTransitGatewayMulticastDomains({
    TransitGatewayMulticastDomainIds: [id],
  });
  return TransitGatewayMulticastDomains![0]!.State;
}

describe('CreateTransitGatewayMulticastDomain', () => {
  it('C-114 is pending, then available', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'aws' });
    const TransitGatewayId = await makeMulticastGateway(ec2());
    await advance(120_000);
    const { TransitGatewayMulticastDomain: made } = await ec2().createTransitGatewayMulticastDomain(
      {
        TransitGatewayId,
        TagSpecifications: [
          { ResourceType: 'transit-gateway-multicast-domain', Tags: [{ Key: 'Name', Value: 'm' }] },
        ],
      },
    );
    const id = made!.TransitGatewayMulticastDomainId!;
    expect(id).toMatch(/^tgw-mcast-domain-0[0-9a-f]{16}$/);
    expect(made).toEqual({
      TransitGatewayMulticastDomainId: id,
      TransitGatewayId,
      TransitGatewayMulticastDomainArn: expect.stringMatching(
        `^arn:aws:ec2:us-east-1:${ACCOUNT}:transit-gateway-multicast-domain/${id}$`,
      ),
      OwnerId: ACCOUNT,
      Options: {
        Igmpv2Support: 'disable',
        StaticSourcesSupport: 'disable',
        AutoAcceptSharedAssociations: 'disable',
      },
      State: 'pending',
      CreationTime: made!.CreationTime,
      Tags: [{ Key: 'Name', Value: 'm' }],
    });
    await advance(10_000);
    expect(await stateOf(ec2, id)).toBe('available');
  });

  it('C-006 C-114 needs an available gateway that supports multicast', async () => {
    const { ec2 } = await testCloud({ transitions: 'aws' });
    const { TransitGateway } = await ec2().createTransitGateway({});
    const plain = TransitGateway!.TransitGatewayId!;
    await expectError(makeDomain(ec2(), plain), 'IncorrectState', `${plain} is in invalid state`);
    const instant = (await testCloud()).ec2;
    const { TransitGateway: other } = await instant().createTransitGateway({});
    const id = other!.TransitGatewayId!;
    await expectError(
      makeDomain(instant(), id),
      'IncorrectState',
      `${id} does not support multicast.`,
    );
    await expectError(
      makeDomain(ec2(), 'tgw-00000000000000000'),
      'InvalidTransitGatewayID.NotFound',
    );
    await expectError(makeDomain(ec2(), 'tgw-x'), 'InvalidTransitGatewayID.Malformed');
  });

  it('C-115 has IGMP or static sources or neither', async () => {
    const { ec2 } = await testCloud();
    const gateway = await makeMulticastGateway(ec2());
    await makeDomain(ec2(), gateway, { Igmpv2Support: 'enable' });
    await makeDomain(ec2(), gateway, { StaticSourcesSupport: 'enable' });
    const both = { Igmpv2Support: 'enable', StaticSourcesSupport: 'enable' } as const;
    await expectError(makeDomain(ec2(), gateway, both), 'InvalidParameterCombination');
    const { TransitGatewayMulticastDomains: all } =
      await ec2().describeTransitGatewayMulticastDomains({});
    expect(all!.map(({ Options }) => Options)).toMatchObject([
      { Igmpv2Support: 'enable', StaticSourcesSupport: 'disable' },
      { Igmpv2Support: 'disable', StaticSourcesSupport: 'enable' },
    ]);
  });

  it('C-125 a gateway has at most 20', async () => {
    const { ec2 } = await testCloud();
    const gateway = await makeMulticastGateway(ec2());
    for (let index = 0; index < 20; index++) await makeDomain(ec2(), gateway);
    const code = 'TransitGatewayMulticastDomainLimitExceeded';
    await expectError(makeDomain(ec2(), gateway), code);
  });
});

describe('DeleteTransitGatewayMulticastDomain', () => {
  it('C-114 is deleting, then deleted and shown for a while', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const gateway = await makeMulticastGateway(ec2());
    await advance(50);
    const id = await makeDomain(ec2(), gateway);
    const remove = () =>
      ec2().deleteTransitGatewayMulticastDomain({ TransitGatewayMulticastDomainId: id });
    await expectError(remove(), 'IncorrectState', `${id} is in invalid state`);
    await advance(50);
    expect((await remove()).TransitGatewayMulticastDomain!.State).toBe('deleting');
    await expectError(remove(), 'IncorrectState');
    await advance(50);
    expect(await stateOf(ec2, id)).toBe('deleted');
    await advance(TWO_HOURS);
    await expectError(stateOf(ec2, id), 'InvalidTransitGatewayMulticastDomainId.NotFound');
  });

  it('is refused while subnets are in it', async () => {
    const { ec2 } = await testCloud();
    const gateway = await makeMulticastGateway(ec2());
    const id = await makeDomain(ec2(), gateway);
    const vpc = await attachNumberedVpc(ec2(), gateway, 1);
    await joinDomain(ec2(), id, vpc);
    await expectError(
      ec2().deleteTransitGatewayMulticastDomain({ TransitGatewayMulticastDomainId: id }),
      'IncorrectState',
      `${id} has associated subnets: ${vpc.subnetIds[0]}.`,
    );
  });

  it('C-012 goes with its gateway', async () => {
    const { ec2 } = await testCloud();
    const TransitGatewayId = await makeMulticastGateway(ec2());
    const id = await makeDomain(ec2(), TransitGatewayId);
    await ec2().deleteTransitGateway({ TransitGatewayId });
    await expectError(stateOf(ec2, id), 'InvalidTransitGatewayMulticastDomainId.NotFound');
  });
});

describe('DescribeTransitGatewayMulticastDomains', () => {
  it('filters by what its reference lists, and by tags', async () => {
    const { ec2 } = await testCloud();
    const [one, other] = [await makeMulticastGateway(ec2()), await makeMulticastGateway(ec2())];
    const [a, b] = [await makeDomain(ec2(), one), await makeDomain(ec2(), other)];
    await ec2().createTags({ Resources: [b], Tags: [{ Key: 'Name', Value: 'b' }] });
    const ids = async (Name: string, value: string) => {
      const { TransitGatewayMulticastDomains } = await ec2().describeTransitGatewayMulticastDomains(
        { Filters: [{ Name, Values: [value] }] },
      );
      return TransitGatewayMulticastDomains!.map((each) => each.TransitGatewayMulticastDomainId);
    };
    expect(await ids('state', 'available')).toEqual([a, b]);
    expect(await ids('transit-gateway-id', one)).toEqual([a]);
    expect(await ids('transit-gateway-multicast-domain-id', b)).toEqual([b]);
    expect(await ids('tag:Name', 'b')).toEqual([b]);
    await expectError(ids('no-such', 'x'), 'InvalidParameterValue');
  });

  it('finds none that is unknown, of another account, or has no such id', async () => {
    const { ec2 } = await testCloud();
    const domain = await makeDomain(ec2(), await makeMulticastGateway(ec2()));
    const look = (id: string, account = ACCOUNT) =>
      ec2(account).describeTransitGatewayMulticastDomains({
        TransitGatewayMulticastDomainIds: [id],
      });
    const missing = 'InvalidTransitGatewayMulticastDomainId.NotFound';
    await expectError(look(UNKNOWN), missing);
    await expectError(look(domain, OTHER_ACCOUNT), missing);
    await expectError(look('mcast-1'), 'InvalidTransitGatewayMulticastDomainId.Malformed');
  });
});
