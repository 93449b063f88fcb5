/** The attributes of an instance, one a call. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { find } from '../../control/scope.ts';
import {
  type InstanceChange,
  modifyInstanceAttribute,
} from '../../control/vpc/instance-attribute.ts';
import { awsError } from '../../model/error.ts';
import type { Instance } from '../../model/vpc/instance.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import { instanceNetwork } from './instance-view.ts';
import { onlyChange } from './network-interface-attribute.ts';
import { groupList } from './network-interface-view.ts';
import { invalidValue, parseChoice, refuseUnsupported, required } from './parse.ts';
import { scopeOf, type View, viewOf } from './view.ts';

type Verb = 'Describe' | 'Modify' | 'Reset';
type Input = Ec2Call<'ModifyInstanceAttribute'>['input'];

export const instanceAttributeHandlers = {
  DescribeInstanceAttribute: describeAttribute,

  async ModifyInstanceAttribute({ input, caller, cloud, dryRun }) {
    const change = parseChange(input);
    await cloud.execute(
      (tx) => modifyInstanceAttribute(tx, scopeOf(caller), input.InstanceId, change),
      { dryRun },
    );
    return {};
  },

  async ResetInstanceAttribute({ input, caller, cloud, dryRun }) {
    if (input.Attribute !== 'sourceDestCheck') throw unsupported(input.Attribute);
    const change = { attribute: 'sourceDestCheck', value: true } as const;
    await cloud.execute(
      (tx) => modifyInstanceAttribute(tx, scopeOf(caller), input.InstanceId, change),
      { dryRun },
    );
    return {};
  },
} satisfies Ec2HandlersOf<`${Verb}InstanceAttribute`>;

function unsupported(attribute: string): Error {
  return awsError('UnsupportedOperation', `The attribute '${attribute}' is not supported.`);
}

/** The attribute as a member of its own, or as the pair Attribute and Value. */
function parseChange(input: Input): InstanceChange {
  refuseUnsupported(input, [
    'BlockDeviceMappings',
    'EnclaveOptions',
    'Kernel',
    'Ramdisk',
    'SriovNetSupport',
    'EnaSupport',
  ]);
  const changes = [...booleanChanges(input), ...otherChanges(input)];
  if (input.Attribute !== undefined) {
    changes.push(pairChange(input.Attribute, required('Value', input.Value)));
  }
  return onlyChange(changes);
}

function booleanChanges(input: Input): InstanceChange[] {
  const given = [
    ['sourceDestCheck', input.SourceDestCheck],
    ['disableApiTermination', input.DisableApiTermination],
    ['disableApiStop', input.DisableApiStop],
    ['ebsOptimized', input.EbsOptimized],
  ] as const;
  return given.flatMap(([attribute, member]) =>
    member === undefined ? [] : [{ attribute, value: required('Value', member.Value) }],
  );
}

function otherChanges(input: Input): InstanceChange[] {
  const { Groups, InstanceType, InstanceInitiatedShutdownBehavior: behavior, UserData } = input;
  const changes: InstanceChange[] = [];
  if (Groups !== undefined) changes.push({ attribute: 'groupSet', groupIds: Groups });
  if (InstanceType !== undefined) {
    changes.push(pairChange('instanceType', required('InstanceType.Value', InstanceType.Value)));
  }
  if (behavior !== undefined) {
    const value = required('InstanceInitiatedShutdownBehavior.Value', behavior.Value);
    changes.push(pairChange('instanceInitiatedShutdownBehavior', value));
  }
  if (UserData !== undefined) {
    const value = Buffer.from(UserData.Value ?? new Uint8Array()).toString('base64');
    changes.push({ attribute: 'userData', value });
  }
  return changes;
}

function pairChange(attribute: Sdk.InstanceAttributeName, value: string): InstanceChange {
  switch (attribute) {
    case 'sourceDestCheck':
    case 'disableApiTermination':
    case 'disableApiStop':
    case 'ebsOptimized':
      return { attribute, value: parseChoice('value', value, ['true', 'false']) === 'true' };
    case 'instanceInitiatedShutdownBehavior':
      return { attribute, value: parseChoice('value', value, ['stop', 'terminate']) };
    case 'instanceType':
    case 'userData':
      return { attribute, value };
    case 'groupSet':
      throw invalidValue('attribute', attribute, 'Groups are given by the parameter GroupId.');
    default:
      throw unsupported(attribute);
  }
}

function describeAttribute({ input, caller, cloud }: Ec2Call<'DescribeInstanceAttribute'>) {
  const view = viewOf(cloud, caller);
  const instance = find(view.reader, view.scope, 'instance', input.InstanceId);
  return { InstanceId: instance.id, ...attributeView(view, instance, input.Attribute) };
}

function attributeView(
  view: View,
  instance: Instance,
  attribute: Sdk.InstanceAttributeName,
): Sdk.InstanceAttribute {
  switch (attribute) {
    case 'groupSet':
    case 'sourceDestCheck':
      return networkAttribute(view, instance, attribute);
    case 'disableApiTermination':
      return { DisableApiTermination: { Value: instance.disableApiTermination } };
    case 'disableApiStop':
      return { DisableApiStop: { Value: instance.disableApiStop } };
    case 'ebsOptimized':
      return { EbsOptimized: { Value: instance.ebsOptimized } };
    case 'instanceInitiatedShutdownBehavior':
      return { InstanceInitiatedShutdownBehavior: { Value: instance.shutdownBehavior } };
    case 'instanceType':
      return { InstanceType: { Value: instance.instanceType } };
    case 'userData':
      return { UserData: { Value: instance.userData } };
    case 'rootDeviceName':
      return { RootDeviceName: { Value: '/dev/xvda' } };
    case 'blockDeviceMapping':
      return { BlockDeviceMappings: [] };
    case 'productCodes':
      return { ProductCodes: [] };
    case 'kernel':
      return { KernelId: {} };
    case 'ramdisk':
      return { RamdiskId: {} };
    case 'enclaveOptions':
      return { EnclaveOptions: { Enabled: false } };
    default:
      throw unsupported(attribute);
  }
}

function networkAttribute(
  view: View,
  instance: Instance,
  attribute: 'groupSet' | 'sourceDestCheck',
): Sdk.InstanceAttribute {
  const { interfaces, primary } = instanceNetwork(view, instance);
  // with several interfaces the check is each one's own.
  if (attribute === 'sourceDestCheck' && interfaces.length > 1) {
    const message = `There are multiple interfaces attached to instance '${instance.id}'. Please specify an interface ID for the operation instead.`;
    throw awsError('InvalidInstanceID', message);
  }
  return attribute === 'groupSet'
    ? { Groups: groupList(view, primary?.groupIds ?? []) }
    : { SourceDestCheck: { Value: primary?.sourceDestCheck } };
}
