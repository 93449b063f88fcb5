/** BGP peers and tests of their failing: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-direct-connect';
import { createPeer, deletePeer } from '../../control/direct-connect/bgp-peer.ts';
import { startTest, stopTest } from '../../control/direct-connect/failover-test.ts';
import { ownerKey } from '../../control/scope.ts';
import { directConnectError } from '../../model/direct-connect/error.ts';
import type { FailoverTest } from '../../model/direct-connect/failover-test.ts';
import { FAILOVER_TEST_MINUTES } from '../../model/limits.ts';
import type { DirectConnectHandlersOf } from './operations.ts';
import { directConnectPage, given, parseAsn, parsePeer } from './request.ts';
import { interfaceView } from './view.ts';

type Operation =
  | `${'Create' | 'Delete'}BGPPeer`
  | `${'Start' | 'Stop'}BgpFailoverTest`
  | 'ListVirtualInterfaceTestHistory';

export const bgpHandlers = {
  async CreateBGPPeer({ input, caller, cloud }) {
    const id = needed('virtualInterfaceId', input.virtualInterfaceId);
    const peer = parsePeer(needed('newBGPPeer', input.newBGPPeer));
    const virtualInterface = await cloud.execute((tx) =>
      interfaceView(tx, createPeer(tx, caller, id, peer)),
    );
    return { virtualInterface };
  },

  async DeleteBGPPeer({ input, caller, cloud }) {
    const id = needed('virtualInterfaceId', input.virtualInterfaceId);
    const { bgpPeerId: peerId, customerAddress } = input;
    const choice = given({ peerId, asn: parseAsn(input), customerAddress });
    const virtualInterface = await cloud.execute((tx) =>
      interfaceView(tx, deletePeer(tx, caller, id, choice)),
    );
    return { virtualInterface };
  },

  async StartBgpFailoverTest({ input, caller, cloud }) {
    const { virtualInterfaceId, bgpPeers: bgpPeerIds } = input;
    const minutes = input.testDurationInMinutes ?? FAILOVER_TEST_MINUTES.default;
    const request = { virtualInterfaceId, minutes, ...given({ bgpPeerIds }) };
    const test = await cloud.execute((tx) => startTest(tx, caller, request));
    return { virtualInterfaceTest: testView(test) };
  },

  async StopBgpFailoverTest({ input, caller, cloud }) {
    const { virtualInterfaceId } = input;
    const test = await cloud.execute((tx) => stopTest(tx, caller, virtualInterfaceId));
    return { virtualInterfaceTest: testView(test) };
  },

  ListVirtualInterfaceTestHistory({ input, caller, cloud: { model } }) {
    const { testId, virtualInterfaceId, bgpPeers, status } = input;
    const found = model
      .by('direct-connect-failover-test', 'owner', ownerKey(caller))
      .filter(
        (one) =>
          (testId === undefined || one.id === testId) &&
          (virtualInterfaceId === undefined || one.virtualInterfaceId === virtualInterfaceId) &&
          (status === undefined || one.status === status) &&
          (bgpPeers ?? []).every((id) => one.bgpPeerIds.includes(id)),
      );
    const { records, nextToken } = directConnectPage(found, input);
    return { virtualInterfaceTestHistory: records.map(testView), nextToken };
  },
} satisfies DirectConnectHandlersOf<Operation>;

/** What AWS's model takes for optional, and its documentation does not. */
function needed<T>(name: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw directConnectError(`The parameter ${name} is missing.`);
}

function testView(test: FailoverTest): Sdk.VirtualInterfaceTestHistory {
  const { startTime, endTime } = test;
  return {
    testId: test.id,
    virtualInterfaceId: test.virtualInterfaceId,
    bgpPeers: [...test.bgpPeerIds],
    status: test.status,
    ownerAccount: test.account,
    testDurationInMinutes: test.minutes,
    startTime: new Date(startTime),
    endTime: endTime === undefined ? undefined : new Date(endTime),
  };
}
