/**
 * An example network, made through the API as anybody would: two peered VPCs, three instances, and
 * one mistake to find.
 */
import { columns } from '../format/columns.ts';
import { DEFAULT_ENDPOINT } from '../verb.ts';
import { createQuery, elementOf, type Query } from './query.ts';

/** What the demo's resources are called. */
const NAMES = { shop: 'demo-shop', data: 'demo-data', web: 'demo-web', db: 'demo-db' } as const;
const REPORTS = 'demo-reports';

/** Builds the network unless it is there; what to try with it. */
export async function buildDemo(url: string): Promise<string> {
  const call = createQuery(url);
  const tag = { 'Filter.1.Name': 'tag:Name', 'Filter.1.Value.1': NAMES.shop };
  const isThere = (await call('DescribeVpcs', tag)).includes('<vpcId>');
  if (!isThere) await build(call);
  const table = elementOf(
    await call('DescribeRouteTables', { ...tag, 'Filter.1.Value.1': REPORTS }),
    'routeTableId',
  );
  const peering = elementOf(
    await call('DescribeVpcPeeringConnections', { ...tag, 'Filter.1.Value.1': 'demo-peering' }),
    'vpcPeeringConnectionId',
  );
  return adviceOf(url, table, peering);
}

async function build(call: Query): Promise<void> {
  const shop = await makeVpc(call, NAMES.shop, '10.10.0.0/16');
  const data = await makeVpc(call, NAMES.data, '10.20.0.0/16');
  const peering = await makePeering(call, shop.id, data.id);
  await makeRoute(call, shop.table, '10.20.0.0/16', { VpcPeeringConnectionId: peering });
  await makeRoute(call, data.table, '10.10.0.0/16', { VpcPeeringConnectionId: peering });
  const gateway = elementOf(await call('CreateInternetGateway', {}), 'internetGatewayId');
  await call('AttachInternetGateway', { InternetGatewayId: gateway, VpcId: shop.id });
  await makeRoute(call, shop.table, '0.0.0.0/0', { GatewayId: gateway });

  const front = await makeSubnet(call, shop.id, '10.10.1.0/24');
  await call('ModifySubnetAttribute', { SubnetId: front, 'MapPublicIpOnLaunch.Value': 'true' });
  const back = await makeSubnet(call, data.id, '10.20.1.0/24');
  const reports = await makeSubnet(call, data.id, '10.20.2.0/24');
  // The mistake: this subnet has a route table of its own, and no way back to the shop in it.
  const table = elementOf(
    await call('CreateRouteTable', { VpcId: data.id, ...named('route-table', REPORTS) }),
    'routeTableId',
  );
  await call('AssociateRouteTable', { RouteTableId: table, SubnetId: reports });

  await launch(call, {
    name: NAMES.web,
    subnet: front,
    vpc: shop.id,
    listen: '80/tcp',
    from: '0.0.0.0/0',
  });
  const shopBlock = '10.10.0.0/16';
  await launch(call, {
    name: NAMES.db,
    subnet: back,
    vpc: data.id,
    listen: '5432/tcp',
    from: shopBlock,
  });
  await launch(call, {
    name: REPORTS,
    subnet: reports,
    vpc: data.id,
    listen: '443/tcp',
    from: shopBlock,
  });
}

function named(type: string, name: string) {
  return {
    'TagSpecification.1.ResourceType': type,
    'TagSpecification.1.Tag.1.Key': 'Name',
    'TagSpecification.1.Tag.1.Value': name,
  };
}

async function makeVpc(call: Query, name: string, block: string) {
  const id = elementOf(
    await call('CreateVpc', { CidrBlock: block, ...named('vpc', name) }),
    'vpcId',
  );
  const filter = { 'Filter.1.Name': 'vpc-id', 'Filter.1.Value.1': id };
  const table = elementOf(await call('DescribeRouteTables', filter), 'routeTableId');
  return { id, table };
}

async function makePeering(call: Query, requester: string, accepter: string): Promise<string> {
  const answer = await call('CreateVpcPeeringConnection', {
    VpcId: requester,
    PeerVpcId: accepter,
    ...named('vpc-peering-connection', 'demo-peering'),
  });
  const id = elementOf(answer, 'vpcPeeringConnectionId');
  await eventually(() => call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: id }));
  await eventually(async () => {
    const parameters = { 'VpcPeeringConnectionId.1': id };
    const found = await call('DescribeVpcPeeringConnections', parameters);
    if (!found.includes('<code>active</code>')) throw new Error('the peering is not active yet');
  });
  return id;
}

async function makeRoute(
  call: Query,
  table: string,
  block: string,
  target: Readonly<Record<string, string>>,
): Promise<void> {
  await call('CreateRoute', { RouteTableId: table, DestinationCidrBlock: block, ...target });
}

async function makeSubnet(call: Query, vpc: string, block: string): Promise<string> {
  const answer = await call('CreateSubnet', { VpcId: vpc, CidrBlock: block });
  return elementOf(answer, 'subnetId');
}

interface Launch {
  readonly name: string;
  readonly vpc: string;
  readonly subnet: string;
  /** What it answers to, as the tag `openvpc:listen` says it: one TCP port. */
  readonly listen: string;
  /** Who may ask for that. */
  readonly from: string;
}

async function launch(call: Query, { name, vpc, subnet, listen, from }: Launch): Promise<void> {
  const description = { GroupName: name, GroupDescription: `What may reach ${name}`, VpcId: vpc };
  const group = elementOf(await call('CreateSecurityGroup', description), 'groupId');
  const port = listen.replace('/tcp', '');
  await call('AuthorizeSecurityGroupIngress', {
    GroupId: group,
    'IpPermissions.1.IpProtocol': 'tcp',
    'IpPermissions.1.FromPort': port,
    'IpPermissions.1.ToPort': port,
    'IpPermissions.1.IpRanges.1.CidrIp': from,
  });
  await call('RunInstances', {
    ImageId: 'ami-12345678',
    InstanceType: 't3.micro',
    MinCount: '1',
    MaxCount: '1',
    SubnetId: subnet,
    'SecurityGroupId.1': group,
    ...named('instance', name),
    'TagSpecification.1.Tag.2.Key': 'openvpc:listen',
    'TagSpecification.1.Tag.2.Value': listen,
  });
}

const TRIES = 100;
const TRY_MILLIS = 100;

/** States pass through pending: what is refused now may be accepted in a moment. */
async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, TRY_MILLIS));
    }
  }
}

function adviceOf(url: string, table: string, peering: string): string {
  const endpoint = url === DEFAULT_ENDPOINT ? '' : ` --endpoint ${url}`;
  const rows = [
    [`  openvpc trace ${NAMES.web} ${NAMES.db} --tcp 5432${endpoint}`, 'reaches it'],
    [`  openvpc probe ${NAMES.web} ${REPORTS} --tcp 443${endpoint}`, 'does not: find out why'],
    [`  openvpc probe internet ${NAMES.web} --tcp 80${endpoint}`, 'from outside'],
    [`  openvpc matrix --tcp 443${endpoint}`, 'who reaches whom'],
  ];
  return `
The example network is up: ${NAMES.shop} and ${NAMES.data} are peered. Try in another terminal:

${columns(rows).join('\n')}

The way back is missing. Mend it, and ask again:

  openvpc aws${endpoint} ec2 create-route --route-table-id ${table} \\
    --destination-cidr-block 10.10.0.0/16 --vpc-peering-connection-id ${peering}
`;
}
