import type * as Sdk from '@aws-sdk/client-direct-connect';
import type { Cloud } from '../../control/cloud.ts';
import type { Call, Handler, InputOf, OutputOf } from '../service.ts';

/**
 * The Direct Connect operations openvpc builds. Every other one that AWS has is refused by name.
 * A name added here is a compile error until a handler for it stands in the table (service.ts).
 */
export const DIRECT_CONNECT_OPERATIONS = [
  // Connections and LAGs
  'CreateConnection',
  'UpdateConnection',
  'DeleteConnection',
  'DescribeConnections',
  'AllocateHostedConnection',
  'ConfirmConnection',
  'DescribeHostedConnections',
  'CreateLag',
  'UpdateLag',
  'DeleteLag',
  'DescribeLags',
  'AssociateConnectionWithLag',
  'DisassociateConnectionFromLag',
  'DescribeLocations',
  // Virtual interfaces
  'CreatePrivateVirtualInterface',
  'CreateTransitVirtualInterface',
  'AllocatePrivateVirtualInterface',
  'AllocateTransitVirtualInterface',
  'ConfirmPrivateVirtualInterface',
  'ConfirmTransitVirtualInterface',
  'AssociateVirtualInterface',
  'UpdateVirtualInterfaceAttributes',
  'DeleteVirtualInterface',
  'DescribeVirtualInterfaces',
  'DescribeVirtualGateways',
  // BGP
  'CreateBGPPeer',
  'DeleteBGPPeer',
  'StartBgpFailoverTest',
  'StopBgpFailoverTest',
  'ListVirtualInterfaceTestHistory',
  // Direct Connect gateways
  'CreateDirectConnectGateway',
  'UpdateDirectConnectGateway',
  'DeleteDirectConnectGateway',
  'DescribeDirectConnectGateways',
  'DescribeDirectConnectGatewayAttachments',
  'CreateDirectConnectGatewayAssociation',
  'UpdateDirectConnectGatewayAssociation',
  'DeleteDirectConnectGatewayAssociation',
  'DescribeDirectConnectGatewayAssociations',
  'CreateDirectConnectGatewayAssociationProposal',
  'AcceptDirectConnectGatewayAssociationProposal',
  'DeleteDirectConnectGatewayAssociationProposal',
  'DescribeDirectConnectGatewayAssociationProposals',
  // Tags
  'TagResource',
  'UntagResource',
  'DescribeTags',
] as const;

export type DirectConnectOperation = (typeof DIRECT_CONNECT_OPERATIONS)[number];

type Command<Op extends DirectConnectOperation> = InstanceType<(typeof Sdk)[`${Op}Command`]>;

/** The call a handler of an operation is given. */
export type DirectConnectCall<Op extends DirectConnectOperation> = Call<
  InputOf<Command<Op>>,
  Cloud
>;

/** One handler for each operation in scope: one that is missing is a compile error. */
export type DirectConnectHandlers = {
  readonly [Op in DirectConnectOperation]: Handler<
    InputOf<Command<Op>>,
    OutputOf<Command<Op>>,
    Cloud
  >;
};

/** The handlers of some operations: what one file of this folder exports. */
export type DirectConnectHandlersOf<Op extends DirectConnectOperation> = Pick<
  DirectConnectHandlers,
  Op
>;
