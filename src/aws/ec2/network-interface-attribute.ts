/** The attributes of a network interface, one a call. */
import { find } from '../../control/scope.ts';
import {
  type InterfaceChange,
  modifyInterfaceAttribute,
} from '../../control/vpc/interface-attribute.ts';
import { awsError } from '../../model/error.ts';
import { DESCRIPTION_LENGTH } from '../../model/limits.ts';
import { parseConnectionTracking } from './address-request.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import { attachmentView, groupList } from './network-interface-view.ts';
import { invalidValue, parseText, refuseUnsupported, required } from './parse.ts';
import { scopeOf, viewOf } from './view.ts';

type Operation =
  | 'ModifyNetworkInterfaceAttribute'
  | 'DescribeNetworkInterfaceAttribute'
  | 'ResetNetworkInterfaceAttribute';

export const networkInterfaceAttributeHandlers = {
  DescribeNetworkInterfaceAttribute: describeAttribute,

  async ModifyNetworkInterfaceAttribute({ input, caller, cloud, dryRun }) {
    const change = parseChange(input);
    await cloud.execute(
      (tx) => modifyInterfaceAttribute(tx, scopeOf(caller), input.NetworkInterfaceId, change),
      { dryRun },
    );
    return {};
  },

  async ResetNetworkInterfaceAttribute({ input, caller, cloud, dryRun }) {
    required('SourceDestCheck', input.SourceDestCheck);
    const change = { attribute: 'sourceDestCheck', value: true } as const;
    await cloud.execute(
      (tx) => modifyInterfaceAttribute(tx, scopeOf(caller), input.NetworkInterfaceId, change),
      { dryRun },
    );
    return {};
  },
} satisfies Ec2HandlersOf<Operation>;

function parseChange(input: Ec2Call<'ModifyNetworkInterfaceAttribute'>['input']): InterfaceChange {
  refuseUnsupported(input, [
    'EnaSrdSpecification',
    'EnablePrimaryIpv6',
    'AssociatePublicIpAddress',
    'AssociatedSubnetIds',
  ]);
  const changes: InterfaceChange[] = [];
  if (input.Description !== undefined) {
    const value = parseText('description', input.Description.Value, DESCRIPTION_LENGTH);
    changes.push({ attribute: 'description', value });
  }
  if (input.SourceDestCheck !== undefined) {
    const value = required('SourceDestCheck.Value', input.SourceDestCheck.Value);
    changes.push({ attribute: 'sourceDestCheck', value });
  }
  if (input.Groups !== undefined) changes.push({ attribute: 'groupSet', groupIds: input.Groups });
  if (input.Attachment !== undefined) changes.push(parseAttachment(input.Attachment));
  if (input.ConnectionTrackingSpecification !== undefined) {
    const settings = parseConnectionTracking(input.ConnectionTrackingSpecification);
    changes.push({ attribute: 'connectionTracking', settings });
  }
  return onlyChange(changes);
}

function parseAttachment(
  input: NonNullable<Ec2Call<'ModifyNetworkInterfaceAttribute'>['input']['Attachment']>,
): InterfaceChange {
  refuseUnsupported(input, ['DefaultEnaQueueCount', 'EnaQueueCount']);
  return {
    attribute: 'attachment',
    attachmentId: required('Attachment.AttachmentId', input.AttachmentId),
    deleteOnTermination: required('Attachment.DeleteOnTermination', input.DeleteOnTermination),
  };
}

/** AWS changes one attribute a call. */
export function onlyChange<Change extends { readonly attribute: string }>(
  changes: readonly Change[],
): Change {
  const [change, ...more] = changes;
  if (change === undefined) {
    throw awsError('InvalidParameterCombination', 'No attributes specified.');
  }
  if (more.length > 0) {
    const names = changes.map(({ attribute }) => attribute).join(', ');
    const message = `Fields for multiple attribute types specified: ${names}`;
    throw awsError('InvalidParameterCombination', message);
  }
  return change;
}

function describeAttribute({ input, caller, cloud }: Ec2Call<'DescribeNetworkInterfaceAttribute'>) {
  const view = viewOf(cloud, caller);
  const eni = find(view.reader, view.scope, 'network-interface', input.NetworkInterfaceId);
  const { attachment } = eni;
  const base = { NetworkInterfaceId: eni.id };
  const attribute = required('Attribute', input.Attribute);
  switch (attribute) {
    case 'description':
      return { ...base, Description: { Value: eni.description } };
    case 'sourceDestCheck':
      return { ...base, SourceDestCheck: { Value: eni.sourceDestCheck } };
    case 'groupSet':
      return { ...base, Groups: groupList(view, eni.groupIds) };
    case 'attachment':
      return attachment === undefined
        ? base
        : { ...base, Attachment: attachmentView(eni, attachment) };
    case 'associatePublicIpAddress':
      return { ...base, AssociatePublicIpAddress: isGivenPublicAddress(view.reader, attachment) };
    default:
      throw invalidValue('attribute', attribute, 'This is not an attribute of an interface.');
  }
}

function isGivenPublicAddress(
  reader: ReturnType<typeof viewOf>['reader'],
  attachment: { readonly instanceId: string; readonly deviceIndex: number } | undefined,
): boolean {
  if (attachment?.deviceIndex !== 0) return false;
  return reader.get('instance', attachment.instanceId)?.autoAssignPublicAddress ?? false;
}
