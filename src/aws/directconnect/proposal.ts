/** Proposals of associations: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-direct-connect';
import {
  acceptProposal,
  createProposal,
  deleteProposal,
  seesProposal,
} from '../../control/direct-connect/proposal.ts';
import type { AssociationProposal } from '../../model/direct-connect/association-proposal.ts';
import { associatedView, associationView } from './association.ts';
import type { DirectConnectHandlersOf } from './operations.ts';
import { directConnectPage, parsePrefixes } from './request.ts';
import { prefixViews } from './view.ts';

type Operation =
  | `${'Create' | 'Accept' | 'Delete'}DirectConnectGatewayAssociationProposal`
  | 'DescribeDirectConnectGatewayAssociationProposals';

export const proposalHandlers = {
  async CreateDirectConnectGatewayAssociationProposal({ input, caller, cloud }) {
    const { directConnectGatewayId, gatewayId } = input;
    const request = {
      directConnectGatewayId,
      directConnectGatewayOwner: input.directConnectGatewayOwnerAccount,
      gatewayId,
      changes: {
        add: parsePrefixes(input.addAllowedPrefixesToDirectConnectGateway),
        remove: parsePrefixes(input.removeAllowedPrefixesToDirectConnectGateway),
      },
    };
    const proposal = await cloud.execute((tx) => createProposal(tx, caller, request));
    return { directConnectGatewayAssociationProposal: proposalView(proposal) };
  },

  async AcceptDirectConnectGatewayAssociationProposal({ input, caller, cloud }) {
    const { directConnectGatewayId, proposalId } = input;
    const { overrideAllowedPrefixesToDirectConnectGateway: prefixes } = input;
    const request = {
      directConnectGatewayId,
      proposalId,
      gatewayOwner: input.associatedGatewayOwnerAccount,
      ...(prefixes !== undefined && { prefixes: parsePrefixes(prefixes) }),
    };
    const association = await cloud.execute((tx) => acceptProposal(tx, caller, request));
    return { directConnectGatewayAssociation: associationView(association) };
  },

  async DeleteDirectConnectGatewayAssociationProposal({ input, caller, cloud }) {
    const proposal = await cloud.execute((tx) => deleteProposal(tx, caller, input.proposalId));
    return { directConnectGatewayAssociationProposal: proposalView(proposal) };
  },

  DescribeDirectConnectGatewayAssociationProposals({ input, caller, cloud: { model } }) {
    const { directConnectGatewayId, proposalId, associatedGatewayId } = input;
    const found = [...model.all('direct-connect-gateway-association-proposal')].filter(
      (one) =>
        seesProposal(caller, one) &&
        (proposalId === undefined || one.id === proposalId) &&
        (directConnectGatewayId === undefined ||
          one.directConnectGatewayId === directConnectGatewayId) &&
        (associatedGatewayId === undefined || one.gateway.id === associatedGatewayId),
    );
    const { records, nextToken } = directConnectPage(found, input);
    return { directConnectGatewayAssociationProposals: records.map(proposalView), nextToken };
  },
} satisfies DirectConnectHandlersOf<Operation>;

function proposalView(proposal: AssociationProposal): Sdk.DirectConnectGatewayAssociationProposal {
  const { account, region, gateway } = proposal;
  return {
    proposalId: proposal.id,
    proposalState: proposal.state,
    directConnectGatewayId: proposal.directConnectGatewayId,
    directConnectGatewayOwnerAccount: proposal.directConnectGatewayOwner,
    associatedGateway: associatedView({ ...gateway, account }, region),
    existingAllowedPrefixesToDirectConnectGateway: prefixViews(proposal.existingPrefixes),
    requestedAllowedPrefixesToDirectConnectGateway: prefixViews(proposal.requestedPrefixes),
  };
}
