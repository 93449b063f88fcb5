/** Interfaces that come and go. */
import {
  attachNetworkInterface,
  detachNetworkInterface,
} from '../../../src/control/vpc/interface-attachment.ts';
import { modifyInterfaceAttribute } from '../../../src/control/vpc/interface-attribute.ts';
import { deleteNetworkInterface } from '../../../src/control/vpc/network-interface.ts';
import { addInterface, any, attempt, type Builder, type Changes, scopeOf } from '../builder.ts';

function addFree(builder: Builder) {
  const { random } = builder;
  const subnet = any(builder, 'subnet')!;
  const group = any(builder, 'security-group', ({ vpcId }) => vpcId === subnet.vpcId)!;
  const addresses = { secondary: random.below(2), ipv6: random.below(2) };
  return attempt(builder, (tx) => addInterface(tx, subnet, [group.id], addresses));
}

function attachOrDetach(builder: Builder) {
  const eni = any(builder, 'network-interface', ({ attachment }) => attachment?.deviceIndex !== 0);
  if (eni === undefined) return undefined;
  const { attachment } = eni;
  const scope = scopeOf(eni);
  if (attachment !== undefined) {
    const force = builder.random.chance(0.3);
    return attempt(builder, (tx) => detachNetworkInterface(tx, scope, attachment.id, force));
  }
  const instance = any(builder, 'instance', ({ vpcId }) => vpcId === eni.vpcId);
  if (instance === undefined) return undefined;
  const request = { networkInterfaceId: eni.id, instanceId: instance.id, deviceIndex: 1 };
  return attempt(builder, (tx) => attachNetworkInterface(tx, scope, request));
}

function removeFree(builder: Builder) {
  const eni = any(builder, 'network-interface', ({ attachment }) => attachment === undefined);
  if (eni === undefined) return undefined;
  return attempt(builder, (tx) => deleteNetworkInterface(tx, scopeOf(eni), eni.id));
}

function toggleCheck(builder: Builder) {
  const eni = any(builder, 'network-interface');
  if (eni === undefined) return undefined;
  const change = { attribute: 'sourceDestCheck', value: builder.random.chance(0.5) } as const;
  return attempt(builder, (tx) => modifyInterfaceAttribute(tx, scopeOf(eni), eni.id, change));
}

export const interfaceChanges: Changes = [
  [2, addFree],
  [2, attachOrDetach],
  [1, removeFree],
  [3, toggleCheck],
];
