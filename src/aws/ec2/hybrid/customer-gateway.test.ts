import type { CreateCustomerGatewayRequest, EC2 } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { OTHER_ACCOUNT, type TestCloud, testCloud } from '../../../../test/support/test-cloud.ts';
import {
  connect,
  lookAtCustomerGateway,
  makeCustomerGateway,
} from '../../../../test/support/vpn-fixture.ts';

let test: TestCloud;
let ec2: EC2;

beforeEach(async () => {
  test = await testCloud();
  ec2 = test.ec2();
});

const Type = 'ipsec.1';
const IpAddress = '203.0.113.9';
const CertificateArn = 'arn:aws:acm:us-east-1:111111111111:certificate/x';

async function create(request: Partial<CreateCustomerGatewayRequest>) {
  return (await ec2.createCustomerGateway({ Type, ...request })).CustomerGateway!;
}

describe('CreateCustomerGateway', () => {
  it('H-001 gives an id, and passes through its states', async () => {
    const { ec2: client, advance } = await testCloud({ transitions: 'fast' });
    const { CustomerGateway } = await client().createCustomerGateway({
      Type,
      IpAddress,
      BgpAsn: 65_010,
      DeviceName: 'dc1',
      TagSpecifications: [
        { ResourceType: 'customer-gateway', Tags: [{ Key: 'Name', Value: 'x' }] },
      ],
    });
    const id = CustomerGateway!.CustomerGatewayId!;
    expect(id).toMatch(/^cgw-[0-9a-f]{17}$/);
    const shown = {
      CustomerGatewayId: id,
      Type,
      IpAddress,
      BgpAsn: '65010',
      DeviceName: 'dc1',
      Tags: [{ Key: 'Name', Value: 'x' }],
    };
    expect(CustomerGateway).toEqual({ ...shown, State: 'pending' });
    await advance(50);
    expect(await lookAtCustomerGateway(client(), id)).toEqual({ ...shown, State: 'available' });
    await client().deleteCustomerGateway({ CustomerGatewayId: id });
    expect((await lookAtCustomerGateway(client(), id)).State).toBe('deleting');
    await advance(50);
    expect((await lookAtCustomerGateway(client(), id)).State).toBe('deleted');
    await advance(3_600_000);
    const gone = client().describeCustomerGateways({ CustomerGatewayIds: [id] });
    await expectError(gone, 'InvalidCustomerGatewayID.NotFound');
  });

  it('H-001 knows one type', async () => {
    const request = create({ Type: 'ipsec.2' as 'ipsec.1', IpAddress });
    await expectError(request, 'InvalidParameterValue');
  });

  it.each([
    [{ BgpAsn: 1 }, { BgpAsn: '1' }],
    [{ BgpAsn: 2_147_483_647 }, { BgpAsn: '2147483647' }],
    [{ BgpAsnExtended: 2_147_483_648 }, { BgpAsnExtended: '2147483648' }],
    [{ BgpAsnExtended: 4_294_967_295 }, { BgpAsnExtended: '4294967295' }],
    [{}, { BgpAsn: '65000' }],
  ])('H-002 takes the number %j as %j', async (given, shown) => {
    const { BgpAsn, BgpAsnExtended } = await create({ IpAddress, ...given });
    expect({ BgpAsn, BgpAsnExtended }).toEqual({
      BgpAsn: undefined,
      BgpAsnExtended: undefined,
      ...shown,
    });
  });

  it.each([
    { BgpAsn: 0 },
    { BgpAsn: 2_147_483_648 },
    { BgpAsnExtended: 2_147_483_647 },
    { BgpAsnExtended: 4_294_967_296 },
  ])('H-002 refuses the number %j', async (given) => {
    await expectError(create({ IpAddress, ...given }), 'InvalidParameterValue');
  });

  it('H-002 takes one number', async () => {
    const request = create({ IpAddress, BgpAsn: 1, BgpAsnExtended: 4_200_000_000 });
    await expectError(request, 'InvalidParameterCombination');
  });

  it('H-003 an address is optional with a certificate only, and has an old name', async () => {
    await expectError(create({}), 'MissingParameter');
    const gateway = await create({ CertificateArn });
    expect(gateway).toMatchObject({ CertificateArn });
    expect(gateway.IpAddress).toBeUndefined();
    expect((await create({ PublicIp: '198.51.100.7' })).IpAddress).toBe('198.51.100.7');
    expect((await create({ IpAddress: '2001:db8::7' })).IpAddress).toBe('2001:db8::7');
    await expectError(create({ IpAddress: 'here' }), 'InvalidParameterValue');
    const two = create({ IpAddress, PublicIp: '198.51.100.7' });
    await expectError(two, 'InvalidParameterCombination');
  });

  it('H-004 answers the one there is that is the same', async () => {
    const first = await create({ IpAddress });
    const again = await create({ IpAddress, PublicIp: IpAddress });
    expect(again).toEqual({ ...first, State: 'available' });
    const others = await Promise.all([
      create({ IpAddress, DeviceName: 'b' }),
      create({ IpAddress, BgpAsn: 65_001 }),
      create({ IpAddress: '203.0.113.10' }),
      create({ IpAddress, CertificateArn }),
    ]);
    const ids = [first, ...others].map(({ CustomerGatewayId }) => CustomerGatewayId);
    expect(new Set(ids).size).toBe(5);
    await ec2.deleteCustomerGateway({ CustomerGatewayId: first.CustomerGatewayId! });
    expect((await create({ IpAddress })).CustomerGatewayId).not.toBe(first.CustomerGatewayId);
    const long = create({ IpAddress, DeviceName: 'x'.repeat(256) });
    await expectError(long, 'InvalidParameterValue');
  });

  it('H-005 a Region has fifty', async () => {
    for (let device = 0; device < 50; device++) {
      await create({ IpAddress, DeviceName: `${device}` });
    }
    const more = create({ IpAddress });
    await expectError(more, 'CustomerGatewayLimitExceeded');
    expect((await create({ IpAddress, DeviceName: '7' })).DeviceName).toBe('7');
    await makeCustomerGateway(test.ec2(undefined, 'eu-west-1'));
  });
});

describe('DeleteCustomerGateway', () => {
  it('H-005 refuses one that a connection uses', async () => {
    const id = await makeCustomerGateway(ec2);
    const { VpnConnectionId } = await connect(ec2, { CustomerGatewayId: id });
    const remove = () => ec2.deleteCustomerGateway({ CustomerGatewayId: id });
    await expectError(remove(), 'IncorrectState', 'The customer gateway is in use.');
    await ec2.deleteVpnConnection({ VpnConnectionId: VpnConnectionId! });
    await remove();
    await expectError(remove(), 'InvalidCustomerGatewayID.NotFound');
  });

  it('H-005 has the errors of ids', async () => {
    const remove = (CustomerGatewayId: string) => ec2.deleteCustomerGateway({ CustomerGatewayId });
    await expectError(remove('cgw-x'), 'InvalidCustomerGatewayId.Malformed');
    await expectError(remove('cgw-0123456789abcdef0'), 'InvalidCustomerGatewayID.NotFound');
    const foreign = await makeCustomerGateway(test.ec2(OTHER_ACCOUNT));
    await expectError(remove(foreign), 'InvalidCustomerGatewayID.NotFound');
  });

  it('H-001 refuses one that is not available', async () => {
    const { ec2: client } = await testCloud({ transitions: 'fast' });
    const id = await makeCustomerGateway(client());
    const request = client().deleteCustomerGateway({ CustomerGatewayId: id });
    await expectError(request, 'InvalidCustomerGatewayState');
  });
});

describe('DescribeCustomerGateways', () => {
  it('filters', async () => {
    const id = await makeCustomerGateway(ec2, '203.0.113.1', 65_001);
    await makeCustomerGateway(ec2, '203.0.113.2', 65_002);
    const filters = {
      'bgp-asn': '65001',
      'customer-gateway-id': id,
      'ip-address': '203.0.113.1',
    };
    for (const [Name, value] of Object.entries(filters)) {
      const Filters = [{ Name, Values: [value] }];
      const { CustomerGateways } = await ec2.describeCustomerGateways({ Filters });
      expect(CustomerGateways!.map((one) => one.CustomerGatewayId)).toEqual([id]);
    }
    const Filters = [
      { Name: 'state', Values: ['available'] },
      { Name: 'type', Values: ['ipsec.1'] },
    ];
    const { CustomerGateways } = await ec2.describeCustomerGateways({ Filters });
    expect(CustomerGateways).toHaveLength(2);
  });

  it('G-034 shows the tags that it is given later', async () => {
    const id = await makeCustomerGateway(ec2);
    await ec2.createTags({ Resources: [id], Tags: [{ Key: 'a', Value: 'b' }] });
    expect((await lookAtCustomerGateway(ec2, id)).Tags).toEqual([{ Key: 'a', Value: 'b' }]);
    const { Tags } = await ec2.describeTags({});
    expect(Tags).toMatchObject([{ ResourceId: id, ResourceType: 'customer-gateway' }]);
  });
});
