/** Inputs that AWS would mostly take, for the operations of multicast domains. */
import { formatIp } from '../../../src/net/ip.ts';
import { drawId, type Pool } from './draw.ts';

type Input = Record<string, unknown>;

const GROUPS = ['224.0.1.5', '239.255.0.1', 'ff0e::5', '224.0.0.1', '10.0.0.5'];
const OPTIONS = [
  {},
  { Igmpv2Support: 'enable' },
  { StaticSourcesSupport: 'enable' },
  { AutoAcceptSharedAssociations: 'enable', Igmpv2Support: 'disable' },
  { Igmpv2Support: 'enable', StaticSourcesSupport: 'enable' },
];

/** A gateway of the caller's that supports multicast, mostly. */
function gateway({ model, random, account, region, ...pool }: Pool): Input {
  const all = model.by('transit-gateway', 'owner', `${account}|${region}`);
  const fit = all.filter(({ options, state }) => options.multicastSupport && state === 'available');
  const id = fit.length > 0 && random.chance(0.9) ? random.pick(fit).id : undefined;
  return {
    TransitGatewayId: id ?? drawId({ model, random, account, region, ...pool }, 'tgw'),
  };
}

/** A domain, with an attachment of its gateway and subnets of the VPC. */
function joint(pool: Pool): Input {
  const { model, random } = pool;
  const TransitGatewayMulticastDomainId = drawId(pool, 'tgw-mcast-domain');
  const domain = model.get('transit-gateway-multicast-domain', TransitGatewayMulticastDomainId);
  const ready = model
    .by('transit-gateway-attachment', 'gateway', domain?.transitGatewayId ?? '')
    .filter(({ state }) => state === 'available');
  const attachment = ready.length === 0 ? undefined : random.pick(ready);
  const subnets =
    attachment?.resourceType === 'vpc' ? model.by('subnet', 'vpc', attachment.vpcId) : [];
  const some = subnets.map(({ id }) => id).filter(() => random.chance(0.5));
  return {
    TransitGatewayMulticastDomainId,
    TransitGatewayAttachmentId: attachment?.id ?? drawId(pool, 'tgw-attach'),
    SubnetIds: some.length === 0 ? [drawId(pool, 'subnet')] : some,
  };
}

/** An association there is. */
function known(pool: Pool): Input {
  const { model, random } = pool;
  const all = [...model.all('transit-gateway-multicast-domain-association')];
  if (all.length === 0) return joint(pool);
  const { domainId, attachmentId, subnetId } = random.pick(all);
  return {
    TransitGatewayMulticastDomainId: domainId,
    TransitGatewayAttachmentId: attachmentId,
    SubnetIds: [subnetId],
  };
}

/** Interfaces in a subnet of a domain, mostly. */
function registration(pool: Pool): Input {
  const { model, random } = pool;
  const all = [...model.all('transit-gateway-multicast-domain-association')];
  const one = all.length === 0 ? undefined : random.pick(all);
  const enis = model.by('network-interface', 'subnet', one?.subnetId ?? '');
  const some = enis.map(({ id }) => id).filter(() => random.chance(0.5));
  return {
    TransitGatewayMulticastDomainId: one?.domainId ?? drawId(pool, 'tgw-mcast-domain'),
    GroupIpAddress: random.pick(GROUPS),
    NetworkInterfaceIds: some.length === 0 ? [drawId(pool, 'eni')] : some,
  };
}

/** An entry there is. */
function deregistration(pool: Pool): Input {
  const { model, random } = pool;
  const all = [...model.all('transit-gateway-multicast-group-entry')];
  if (all.length === 0) return registration(pool);
  const { domainId, group, networkInterfaceId } = random.pick(all);
  return {
    TransitGatewayMulticastDomainId: domainId,
    ...(random.chance(0.8) ? { GroupIpAddress: formatIp(group) } : {}),
    ...(random.chance(0.8) ? { NetworkInterfaceIds: [networkInterfaceId] } : {}),
  };
}

const domain = (pool: Pool): Input => ({
  TransitGatewayMulticastDomainId: drawId(pool, 'tgw-mcast-domain'),
});

export const MULTICAST_RECIPES: Readonly<Record<string, (pool: Pool) => Input>> = {
  CreateTransitGatewayMulticastDomain: (pool) => ({
    ...gateway(pool),
    Options: pool.random.pick(OPTIONS),
  }),
  DeleteTransitGatewayMulticastDomain: domain,
  AssociateTransitGatewayMulticastDomain: joint,
  DisassociateTransitGatewayMulticastDomain: known,
  AcceptTransitGatewayMulticastDomainAssociations: known,
  RejectTransitGatewayMulticastDomainAssociations: known,
  GetTransitGatewayMulticastDomainAssociations: domain,
  RegisterTransitGatewayMulticastGroupMembers: registration,
  RegisterTransitGatewayMulticastGroupSources: registration,
  DeregisterTransitGatewayMulticastGroupMembers: deregistration,
  DeregisterTransitGatewayMulticastGroupSources: deregistration,
  SearchTransitGatewayMulticastGroups: domain,
};
