/** What happens to transit gateways in random clouds. */
import {
  associateTransitGatewayRouteTable,
  disassociateTransitGatewayRouteTable,
} from '../../../src/control/transit-gateway/association.ts';
import {
  deleteVpcAttachment,
  modifyVpcAttachment,
} from '../../../src/control/transit-gateway/change-attachment.ts';
import { modifyTransitGateway } from '../../../src/control/transit-gateway/modify-gateway.ts';
import { deletePeeringAttachment } from '../../../src/control/transit-gateway/peering-attachment.ts';
import {
  createPrefixListReference,
  deletePrefixListReference,
} from '../../../src/control/transit-gateway/prefix-list-reference.ts';
import {
  disablePropagation,
  enablePropagation,
} from '../../../src/control/transit-gateway/propagation.ts';
import {
  deleteTransitGatewayRoute,
  replaceTransitGatewayRoute,
} from '../../../src/control/transit-gateway/route.ts';
import { any, attempt, type Builder, type Changes, scopeOf } from '../builder.ts';
import { randomBlock } from '../traffic.ts';
import { attach, vpcAttachments } from './transit-gateway.ts';

function addAttachment(builder: Builder) {
  const vpc = any(builder, 'vpc')!;
  const gateway = any(builder, 'transit-gateway', ({ region }) => region === vpc.region);
  return gateway && attach(builder, gateway, vpc);
}

function endAttachment(builder: Builder) {
  const attachment = any(builder, 'transit-gateway-attachment', ({ resourceType }) =>
    ['vpc', 'peering'].includes(resourceType),
  );
  if (attachment === undefined) return undefined;
  const end = attachment.resourceType === 'vpc' ? deleteVpcAttachment : deletePeeringAttachment;
  return attempt(builder, (tx) => end(tx, scopeOf(attachment), attachment.id));
}

/** Other options, and a subnet more or less. */
function changeAttachment(builder: Builder) {
  const { random, cloud } = builder;
  const found = vpcAttachments(builder);
  if (found.length === 0) return undefined;
  const attachment = random.pick(found);
  const { subnets, options, vpcId } = attachment;
  const more = random.pick(cloud.model.by('subnet', 'vpc', vpcId));
  const change = random.below(3);
  return attempt(builder, (tx) =>
    modifyVpcAttachment(tx, scopeOf(attachment), attachment.id, {
      addSubnetIds: change === 0 ? [more.id] : [],
      removeSubnetIds: change === 1 ? [random.pick(subnets).subnetId] : [],
      options:
        change < 2
          ? {}
          : {
              applianceModeSupport: random.chance(0.5) !== options.applianceModeSupport,
              ipv6Support: random.chance(0.7),
              securityGroupReferencingSupport: random.chance(0.7),
            },
    }),
  );
}

function changeGateway(builder: Builder) {
  const gateway = any(builder, 'transit-gateway');
  if (gateway === undefined) return undefined;
  const options = { securityGroupReferencingSupport: builder.random.chance(0.6) };
  const change = { options, addBlocks: [], removeBlocks: [] };
  return attempt(builder, (tx) => modifyTransitGateway(tx, scopeOf(gateway), gateway.id, change));
}

function moveAssociation(builder: Builder) {
  const association = any(builder, 'transit-gateway-route-table-association');
  if (association === undefined) return undefined;
  const { routeTableId, attachmentId } = association;
  const table = builder.cloud.model.get('transit-gateway-route-table', routeTableId)!;
  const joint = { routeTableId, attachmentId };
  return attempt(builder, (tx) => disassociateTransitGatewayRouteTable(tx, scopeOf(table), joint));
}

function addAssociation(builder: Builder) {
  const joint = anyJoint(builder);
  return (
    joint && attempt(builder, (tx) => associateTransitGatewayRouteTable(tx, joint.scope, joint.ids))
  );
}

function addPropagation(builder: Builder) {
  const joint = anyJoint(builder);
  return joint && attempt(builder, (tx) => enablePropagation(tx, joint.scope, joint.ids));
}

/** A table and an attachment of its gateway. */
function anyJoint(builder: Builder) {
  const table = any(builder, 'transit-gateway-route-table');
  const gatewayId = table?.transitGatewayId ?? '';
  const attached = builder.cloud.model.by('transit-gateway-attachment', 'gateway', gatewayId);
  if (table === undefined || attached.length === 0) return undefined;
  const attachmentId = builder.random.pick(attached).id;
  return { scope: scopeOf(table), ids: { routeTableId: table.id, attachmentId } };
}

function endPropagation(builder: Builder) {
  const propagation = any(builder, 'transit-gateway-route-table-propagation');
  const { routeTableId = '', attachmentId = '' } = propagation ?? {};
  const table = builder.cloud.model.get('transit-gateway-route-table', routeTableId);
  const joint = { routeTableId, attachmentId };
  return table && attempt(builder, (tx) => disablePropagation(tx, scopeOf(table), joint));
}

function setTransitRoute(builder: Builder) {
  const joint = anyJoint(builder);
  if (joint === undefined) return undefined;
  const { routeTableId, attachmentId } = joint.ids;
  const target = builder.random.chance(0.25) ? {} : { attachmentId };
  const request = { routeTableId, destination: randomBlock(builder), ...target };
  return attempt(builder, (tx) => replaceTransitGatewayRoute(tx, joint.scope, request));
}

function removeTransitRoute(builder: Builder) {
  const route = any(builder, 'transit-gateway-route', ({ type }) => type === 'static');
  const table = builder.cloud.model.get('transit-gateway-route-table', route?.routeTableId ?? '');
  if (route === undefined || table === undefined) return undefined;
  return attempt(builder, (tx) => deleteTransitGatewayRoute(tx, scopeOf(table), route));
}

/** Lists of another Region or account are refused. */
function referToList(builder: Builder) {
  const joint = anyJoint(builder);
  const list = any(builder, 'prefix-list');
  if (joint === undefined || list === undefined) return undefined;
  const { routeTableId, attachmentId } = joint.ids;
  const target = builder.random.chance(0.2) ? {} : { attachmentId };
  const request = { routeTableId, prefixListId: list.id, ...target };
  return attempt(builder, (tx) => createPrefixListReference(tx, joint.scope, request));
}

function endListReference(builder: Builder) {
  const reference = any(builder, 'transit-gateway-prefix-list-reference');
  const { routeTableId = '' } = reference ?? {};
  const table = builder.cloud.model.get('transit-gateway-route-table', routeTableId);
  if (reference === undefined || table === undefined) return undefined;
  return attempt(builder, (tx) => deletePrefixListReference(tx, scopeOf(table), reference));
}

export const transitGatewayChanges: Changes = [
  [2, addAttachment],
  [1, endAttachment],
  [3, changeAttachment],
  [1, changeGateway],
  [2, moveAssociation],
  [3, addAssociation],
  [2, addPropagation],
  [1, endPropagation],
  [3, setTransitRoute],
  [1, removeTransitRoute],
  [3, referToList],
  [1, endListReference],
];
