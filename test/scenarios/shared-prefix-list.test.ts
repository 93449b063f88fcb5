import { beforeEach, describe, expect, it } from 'vitest';
import { changeList, makeList } from '../support/prefix-list-fixture.ts';
import { shareLists } from '../support/sharing-fixture.ts';
import { OTHER_ACCOUNT } from '../support/test-cloud.ts';
import {
  newGroup,
  newHost,
  newScene,
  newSubnet,
  ownTable,
  peer,
  routeTo,
  type Scene,
  type SceneHost,
  type SceneVpc,
} from './scene.ts';

/**
 * Two VPCs of one account, peered: the first has a table of its own, the second a host that nobody
 * may reach. The lists they refer to are another account's.
 */
let scene: Scene;
let home: SceneVpc;
let table: string;
let guarded: string;
let peering: string;
let from: SceneHost;
let to: SceneHost;

beforeEach(async () => {
  scene = await newScene();
  home = await scene.vpc('10.0.0.0/16', { account: OTHER_ACCOUNT });
  const away = await scene.vpc('10.1.0.0/16', { account: OTHER_ACCOUNT });
  const subnet = await newSubnet(home, '10.0.0.0/24');
  table = await ownTable(subnet);
  from = await newHost(subnet);
  guarded = await newGroup(away, 'guarded');
  to = await newHost(await newSubnet(away, '10.1.0.0/24'), { groups: [guarded] });
  peering = await peer(home, away);
  await routeTo(away, away.mainTable, '10.0.0.0/16', { VpcPeeringConnectionId: peering });
});

const fate = () => scene.fate({ from: from.id, to: to.address, protocol: 'tcp', port: 80 });

describe('lists of another account', () => {
  it('route and admit packets, and follow their owner, shared or not', async () => {
    const owner = scene.ec2();
    const routes = await makeList(owner, ['10.1.0.0/16']);
    const senders = await makeList(owner, ['10.0.0.0/16']);
    const resourceShareArn = await shareLists(scene, routes, senders);
    expect(fate()).toBe(`NO_ROUTE_TO_DESTINATION at ${table}`);
    await home.ec2.createRoute({
      RouteTableId: table,
      DestinationPrefixListId: routes,
      VpcPeeringConnectionId: peering,
    });
    expect(fate()).toBe(`SG_HAS_NO_RULES at ${to.eni}`);
    const IpPermissions = [{ IpProtocol: '-1', PrefixListIds: [{ PrefixListId: senders }] }];
    await home.ec2.authorizeSecurityGroupIngress({ GroupId: guarded, IpPermissions });
    expect(fate()).toBe('reachable');
    await scene.ram().deleteResourceShare({ resourceShareArn });
    expect(fate()).toBe('reachable');
    await changeList(owner, senders, { remove: ['10.0.0.0/16'] });
    expect(fate()).toBe(`ENI_SG_RULES_MISMATCH at ${to.eni}`);
    await changeList(owner, senders, { add: ['10.0.0.0/24'] });
    expect(fate()).toBe('reachable');
    await changeList(owner, routes, { remove: ['10.1.0.0/16'] });
    expect(fate()).toBe(`NO_ROUTE_TO_DESTINATION at ${table}`);
  });
});
