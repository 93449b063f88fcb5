/** The default VPC and its subnets, as every account is born with them. */
import { awsError } from '../../model/error.ts';
import { routeId } from '../../model/vpc/route-table.ts';
import type { Subnet } from '../../model/vpc/subnet.ts';
import type { Vpc } from '../../model/vpc/vpc.ts';
import { ANY_IPV4, addressAt, type Cidr4, cidr, overlaps, parseCidr4 } from '../../net/cidr.ts';
import { owned, type Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { attachInternetGateway, createInternetGateway } from './internet-gateway.ts';
import { createSubnet } from './subnet.ts';
import { createVpc } from './vpc.ts';
import { chooseZone, type ZoneChoice } from './zone.ts';

const DEFAULT_VPC_CIDR = parseCidr4('172.31.0.0/16')!;
const DEFAULT_SUBNET_LENGTH = 20;

/**
 * A default VPC with a subnet in each zone, an internet gateway and the route to it.
 * @throws AwsError DefaultVpcAlreadyExists, those of createVpc and createInternetGateway
 */
export function createDefaultVpc(tx: Transaction, scope: Scope): Vpc {
  if (defaultVpc(tx, scope) !== undefined) {
    const message = 'A Default VPC already exists for this account in this region.';
    throw awsError('DefaultVpcAlreadyExists', message);
  }
  const vpc = createVpc(tx, scope, { cidr: DEFAULT_VPC_CIDR, isDefault: true });
  const gateway = createInternetGateway(tx, scope);
  attachInternetGateway(tx, scope, gateway.id, vpc.id);
  putDefaultRoute(tx, vpc, gateway.id);
  for (const zone of tx.zones(scope.account, scope.region)) {
    createDefaultSubnet(tx, scope, { zoneId: zone.id });
  }
  return vpc;
}

/**
 * The default subnet of a zone: a /20 whose instances get public addresses.
 * @throws AwsError DefaultVpcDoesNotExist, DefaultSubnetAlreadyExistsInAvailabilityZone,
 * InsufficientCidrBlocks when no /20 is left
 */
export function createDefaultSubnet(tx: Transaction, scope: Scope, choice: ZoneChoice): Subnet {
  const zone = chooseZone(tx, scope, choice);
  const vpc = defaultVpc(tx, scope);
  if (vpc === undefined) {
    const message = 'No default VPC exists for this account in this region.';
    throw awsError('DefaultVpcDoesNotExist', message);
  }
  const subnets = tx.by('subnet', 'vpc', vpc.id);
  const existing = subnets.find(({ defaultForAz, zoneId }) => defaultForAz && zoneId === zone.id);
  if (existing !== undefined) {
    const message = `'${existing.id}' is already the default subnet in ${zone.name}.`;
    throw awsError('DefaultSubnetAlreadyExistsInAvailabilityZone', message);
  }
  return createSubnet(tx, scope, {
    vpcId: vpc.id,
    zone: { zoneId: zone.id },
    cidr: freeBlock(vpc, subnets),
    mapPublicIpOnLaunch: true,
    defaultForAz: true,
  });
}

function defaultVpc(tx: Transaction, scope: Scope): Vpc | undefined {
  return owned(tx, scope, 'vpc').find(({ isDefault }) => isDefault);
}

function putDefaultRoute(tx: Transaction, vpc: Vpc, gatewayId: string): void {
  const { routeTableId } = tx.first('route-table-association', 'main', vpc.id)!;
  tx.put('route', {
    id: routeId(routeTableId, ANY_IPV4),
    routeTableId,
    destination: ANY_IPV4,
    target: { kind: 'internet-gateway', id: gatewayId },
    origin: 'CreateRoute',
  });
}

/** The first /20 of the VPC that no subnet uses. */
function freeBlock(vpc: Vpc, subnets: readonly Subnet[]): Cidr4 {
  const whole = vpc.cidrs[0]!.cidr;
  const size = 2 ** (32 - DEFAULT_SUBNET_LENGTH);
  for (let index = 0; index < 2 ** (DEFAULT_SUBNET_LENGTH - whole.length); index++) {
    const block = cidr(addressAt(whole, index * size), DEFAULT_SUBNET_LENGTH);
    const taken = subnets.some((subnet) => subnet.cidr && overlaps(subnet.cidr, block));
    if (!taken) return block;
  }
  const message = `The VPC '${vpc.id}' has no free /${DEFAULT_SUBNET_LENGTH} block.`;
  throw awsError('InsufficientCidrBlocks', message);
}
