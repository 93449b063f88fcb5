import { describe, expect, it } from 'vitest';
import { Random } from '../net/random.ts';
import { AwsError } from './error.ts';
import {
  checkIdShape,
  hasIdShape,
  ID_SHAPES,
  type IdKind,
  kindOfId,
  newId,
  notFound,
} from './id.ts';

const KINDS = Object.keys(ID_SHAPES) as IdKind[];

/** The codes of a kind's two errors. */
function codesOf(kind: IdKind): [malformed: string, notFound: string] {
  try {
    checkIdShape(kind, 'nonsense');
  } catch (error) {
    if (error instanceof AwsError) return [error.code, notFound(kind, 'x').code];
  }
  throw new Error(`${kind} takes any id`);
}

describe('ids', () => {
  it('G-047 are a prefix and 17 hexadecimal digits', () => {
    const random = new Random(1);
    for (const kind of KINDS) {
      const id = newId(kind, random);
      expect(id).toMatch(new RegExp(`^${ID_SHAPES[kind].prefix}-[0-9a-f]{17}$`));
      expect(hasIdShape(kind, id)).toBe(true);
    }
  });

  it('G-047 of old have 8 digits; no other number, no capitals', () => {
    expect(hasIdShape('vpc', 'vpc-1a2b3c4d')).toBe(true);
    for (const id of ['vpc-', 'vpc-1', 'vpc-1A2B3C4D', 'vpc-1a2b3c4d5', 'subnet-1a2b3c4d', '']) {
      expect(hasIdShape('vpc', id), id).toBe(false);
    }
  });

  it('tell their kind, the longest prefix winning', () => {
    const random = new Random(2);
    for (const kind of KINDS) expect(kindOfId(newId(kind, random))).toBe(kind);
    expect(kindOfId('banana-1')).toBeUndefined();
    expect(kindOfId('vpc')).toBeUndefined();
  });

  it('G-016 G-017 malformed and unknown ones have AWS’s spellings', () => {
    expect(codesOf('vpc')).toEqual(['InvalidVpcID.Malformed', 'InvalidVpcID.NotFound']);
    expect(codesOf('subnet')).toEqual(['InvalidSubnetID.Malformed', 'InvalidSubnetID.NotFound']);
    expect(codesOf('route-table')).toEqual([
      'InvalidRouteTableId.Malformed',
      'InvalidRouteTableID.NotFound',
    ]);
    expect(codesOf('vpc-peering-connection')).toEqual([
      'InvalidVpcPeeringConnectionId.Malformed',
      'InvalidVpcPeeringConnectionID.NotFound',
    ]);
  });

  it('G-018 of ACLs, interfaces, groups and associations too', () => {
    const kinds: IdKind[] = ['network-acl', 'network-interface', 'security-group'];
    expect(kinds.map((kind) => codesOf(kind)[1])).toEqual([
      'InvalidNetworkAclID.NotFound',
      'InvalidNetworkInterfaceID.NotFound',
      'InvalidGroup.NotFound',
    ]);
    for (const kind of ['route-table-association', 'network-acl-association'] as const) {
      expect(codesOf(kind)[1]).toBe('InvalidAssociationID.NotFound');
    }
  });
});
