/** Random instances. */
import { putTags } from '../../../src/control/tags.ts';
import {
  startInstances,
  stopInstances,
  terminateInstances,
} from '../../../src/control/vpc/instance-state.ts';
import type { Vpc } from '../../../src/model/vpc/vpc.ts';
import { all, any, attempt, type Builder, type Changes, launch, scopeOf } from '../builder.ts';
import { PORTS } from '../traffic.ts';
import { buildGroups } from './security-group.ts';

/** Some in each subnet; most let everybody in. */
export async function buildInstances(builder: Builder, vpc: Vpc): Promise<void> {
  const { random } = builder;
  const { open, members, bare } = await buildGroups(builder, vpc);
  for (const subnet of all(builder, 'subnet').filter(({ vpcId }) => vpcId === vpc.id)) {
    const count = 2 + random.below(2);
    for (let index = 0; index < count; index++) {
      const groupIds = [
        random.chance(0.88) ? open : random.pick([members, members, members, bare]),
      ];
      if (random.chance(0.2)) groupIds.push(members);
      const ipv6 = random.chance(0.8);
      const publicAddress = random.chance(0.5);
      await attempt(builder, (tx) => launch(tx, { subnet, groupIds, ipv6, publicAddress }));
    }
  }
}

function launchOne(builder: Builder) {
  const { random } = builder;
  const subnet = any(builder, 'subnet')!;
  const group = any(builder, 'security-group', ({ vpcId }) => vpcId === subnet.vpcId)!;
  const publicAddress = random.chance(0.4);
  const ipv6 = random.chance(0.5);
  return attempt(builder, (tx) =>
    launch(tx, { subnet, groupIds: [group.id], publicAddress, ipv6 }),
  );
}

function stopOrStart(builder: Builder) {
  const instance = any(builder, 'instance')!;
  const { id, state } = instance;
  const scope = scopeOf(instance);
  return attempt(builder, (tx) =>
    state === 'stopped' ? startInstances(tx, scope, [id]) : stopInstances(tx, scope, [id]),
  );
}

function terminate(builder: Builder) {
  const instance = any(builder, 'instance')!;
  return attempt(builder, (tx) => terminateInstances(tx, scopeOf(instance), [instance.id]));
}

function tagListen(builder: Builder) {
  const { random } = builder;
  const instance = any(builder, 'instance')!;
  const ports = PORTS.filter(() => random.chance(0.5));
  const value = ports.map((port) => `${port}/${random.pick(['tcp', 'udp'])}`).join(',');
  return attempt(builder, (tx) =>
    putTags(tx, scopeOf(instance), 'instance', instance.id, { 'openvpc:listen': value }),
  );
}

export const instanceChanges: Changes = [
  [2, launchOne],
  [2, stopOrStart],
  [1, terminate],
  [3, tagListen],
];
