/** Random lives of instances and interfaces: whatever is asked for, the model stays whole. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { REGION, SCOPE, testCloud } from '../../../test/support/test-cloud.ts';
import { AwsError } from '../../model/error.ts';
import type { ModelReader } from '../../model/model.ts';
import { type Change, KINDS } from '../../model/schema.ts';
import { DEFAULT_METADATA_OPTIONS } from '../../model/vpc/instance.ts';
import type { NetworkInterface } from '../../model/vpc/network-interface.ts';
import { interfacesOf } from '../../model/vpc/network-interface.ts';
import { formatMac } from '../../net/mac.ts';
import type { Cloud } from '../cloud.ts';
import { owned } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { assignPrivateIpAddresses, unassignPrivateIpAddresses } from './assign-addresses.ts';
import { startInstances, stopInstances, terminateInstances } from './instance-state.ts';
import { ANY_ADDRESS } from './interface-addresses.ts';
import { attachNetworkInterface, detachNetworkInterface } from './interface-attachment.ts';
import { modifyInterfaceAttribute } from './interface-attribute.ts';
import {
  type CreateNetworkInterface,
  createNetworkInterface,
  deleteNetworkInterface,
} from './network-interface.ts';
import { runInstances } from './run-instances.ts';
import { blockOf, isReserved } from './subnet-addresses.ts';

type Verb =
  | 'create'
  | 'delete'
  | 'attach'
  | 'detach'
  | 'assign'
  | 'unassign'
  | 'keep'
  | 'run'
  | 'start'
  | 'stop'
  | 'terminate';
const VERBS: readonly Verb[] = [
  'create',
  'delete',
  'attach',
  'detach',
  'assign',
  'unassign',
  'keep',
  'run',
  'start',
  'stop',
  'terminate',
];

interface Step {
  readonly verb: Verb | 'wait';
  /** Picks the instance, the interface and the numbers of the step. */
  readonly choice: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  verb: fc.constantFrom<Verb | 'wait'>(...VERBS, 'wait'),
  choice: fc.nat(0xffff),
});

/** One command; which ones are legal is the model's to say. */
function command(tx: Transaction, { verb, choice }: Step): void {
  const enis = owned(tx, SCOPE, 'network-interface');
  const instances = owned(tx, SCOPE, 'instance');
  const eni = enis[choice % Math.max(1, enis.length)];
  const instance = instances[(choice >> 4) % Math.max(1, instances.length)];
  if (verb === 'create' || verb === 'run') make(tx, verb, choice);
  if (eni !== undefined) changeInterface(tx, verb, choice, eni, instance?.id ?? 'i-00000000');
  if (instance === undefined) return;
  if (verb === 'start') startInstances(tx, SCOPE, [instance.id]);
  if (verb === 'stop') stopInstances(tx, SCOPE, [instance.id]);
  if (verb === 'terminate') terminateInstances(tx, SCOPE, [instance.id]);
}

function make(tx: Transaction, verb: 'create' | 'run', choice: number): void {
  const subnets = owned(tx, SCOPE, 'subnet');
  const subnetId = subnets[choice % 2]!.id;
  const addresses = { ...ANY_ADDRESS, secondaryCount: choice % 3 };
  const common = { subnetId, addresses, description: '', connectionTracking: {}, groupIds: [] };
  if (verb === 'create') createNetworkInterface(tx, SCOPE, { ...common, tags: { a: 'b' } });
  else launch(tx, common, choice);
}

function launch(
  tx: Transaction,
  common: Omit<CreateNetworkInterface, 'tags'>,
  choice: number,
): void {
  const { groupIds: _, ...rest } = common;
  const spec = { kind: 'new', groupIds: [], groupNames: [], ...rest } as const;
  const second = { ...spec, deviceIndex: 1, deleteOnTermination: false };
  runInstances(tx, SCOPE, {
    minCount: 1,
    maxCount: 1 + (choice % 3),
    imageId: 'ami-12345678',
    instanceType: 't3.medium',
    interfaces: [
      { ...spec, deviceIndex: 0, deleteOnTermination: choice % 5 !== 0 },
      ...(choice % 7 === 0 ? [second] : []),
    ],
    disableApiTermination: false,
    disableApiStop: false,
    shutdownBehavior: 'stop',
    ebsOptimized: false,
    monitoring: false,
    autoRecovery: 'default',
    metadataOptions: DEFAULT_METADATA_OPTIONS,
    hostname: {},
    instanceTags: { a: 'b' },
    interfaceTags: {},
  });
}

function changeInterface(
  tx: Transaction,
  verb: Verb | 'wait',
  choice: number,
  eni: NetworkInterface,
  instanceId: string,
): void {
  const { id, addresses, attachment } = eni;
  const request = { networkInterfaceId: id, instanceId, deviceIndex: choice % 4 };
  if (verb === 'delete') deleteNetworkInterface(tx, SCOPE, id);
  if (verb === 'attach') attachNetworkInterface(tx, SCOPE, request);
  if (verb === 'assign') {
    const count = choice % 3;
    assignPrivateIpAddresses(tx, SCOPE, id, { addresses: [], count, allowReassignment: false });
  }
  if (verb === 'unassign') {
    unassignPrivateIpAddresses(tx, SCOPE, id, [addresses.at(-1)!.address]);
  }
  if (attachment === undefined) return;
  if (verb === 'detach') detachNetworkInterface(tx, SCOPE, attachment.id, choice % 2 === 0);
  if (verb === 'keep') {
    const deleteOnTermination = choice % 2 === 0;
    const change = { attribute: 'attachment', attachmentId: attachment.id } as const;
    modifyInterfaceAttribute(tx, SCOPE, id, { ...change, deleteOnTermination });
  }
}

function checkInterfaces(model: ModelReader): void {
  const taken = new Set<string>();
  for (const eni of model.all('network-interface')) {
    const subnet = model.get('subnet', eni.subnetId)!;
    expect(eni.addresses.map(({ primary }) => primary)).toEqual(
      eni.addresses.map((_, index) => index === 0),
    );
    expect(formatMac(eni.mac)).toMatch(/^02:(?!00|01)/);
    const keys = [`mac ${eni.mac}`];
    for (const { address, publicAddress } of eni.addresses) {
      const block = blockOf(subnet, address)!;
      expect(isReserved(block, address)).toBe(false);
      keys.push(`private ${eni.vpcId} ${address}`);
      if (publicAddress !== undefined) keys.push(`public ${publicAddress}`);
    }
    for (const key of keys) {
      expect([key, taken.has(key)]).toEqual([key, false]);
      taken.add(key);
    }
    const { attachment, status } = eni;
    expect(status === 'in-use').toBe(attachment !== undefined);
    const holder = attachment && model.get('instance', attachment.instanceId);
    if (attachment !== undefined) expect(holder?.state).not.toBe('terminated');
    if (attachment !== undefined) expect(holder).toBeDefined();
  }
}

function checkInstances(model: ModelReader): void {
  for (const { id, state } of model.all('instance')) {
    const indexes = interfacesOf(model, id).map(({ attachment }) => attachment!.deviceIndex);
    expect(new Set(indexes).size).toBe(indexes.length);
    expect(indexes[0]).toBe(state === 'terminated' ? undefined : 0);
    expect(indexes.length).toBeLessThanOrEqual(3);
  }
}

function checkLooseEnds(model: ModelReader): void {
  const exists = (id: string) => KINDS.some((kind) => model.get(kind, id) !== undefined);
  for (const { target } of model.all('timer'))
    expect([target, exists(target)]).toEqual([target, true]);
  for (const { resourceId } of model.all('tag-set')) {
    expect([resourceId, exists(resourceId)]).toEqual([resourceId, true]);
  }
}

/** Everything in the model, to see that a refused command left it as it was. */
function image(cloud: Cloud): string {
  const records = cloud.snapshot().map(({ kind, id, after }: Change) => [kind, id, after]);
  return JSON.stringify(records.sort(([a, b], [c, d]) => (`${a}${b}` < `${c}${d}` ? -1 : 1)));
}

it('A-013 A-016 random lives leave no address twice, no attachment loose, no timer behind', async () => {
  const lives = fc.array(step, { minLength: 1, maxLength: 40 });
  const property = fc.asyncProperty(lives, fc.nat(1000), async (steps, seed) => {
    const { cloud, ec2, advance } = await testCloud({ seed, transitions: 'fast' });
    const client = ec2(SCOPE.account, REGION);
    const { Subnets } = await client.describeSubnets({});
    // Two small subnets come first: they fill up.
    for (const { SubnetId } of Subnets!) await client.deleteSubnet({ SubnetId: SubnetId! });
    const { VpcId } = Subnets![0]!;
    for (const CidrBlock of ['172.31.0.0/28', '172.31.1.0/28']) {
      await client.createSubnet({ VpcId, CidrBlock });
    }
    await advance(100);
    for (const one of steps) {
      if (one.verb === 'wait') await advance(one.choice % 11 === 0 ? 3_600_000 : 60);
      else await attempt(cloud, one);
      checkInterfaces(cloud.model);
      checkInstances(cloud.model);
      checkLooseEnds(cloud.model);
    }
  });
  await fc.assert(property, { numRuns: 60 });
});

async function attempt(cloud: Cloud, one: Step): Promise<void> {
  const before = image(cloud);
  try {
    await cloud.execute((tx) => command(tx, one));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    expect(image(cloud)).toBe(before);
  }
}
