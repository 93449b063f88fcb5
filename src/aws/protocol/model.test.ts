import { describe, expect, it } from 'vitest';
import { EC2_OPERATIONS } from '../ec2/operations.ts';
import { isScalar, loadModel, type Member, membersOf } from './model.ts';

const ec2 = loadModel('ec2');

function member(structure: string, name: string): Member {
  return membersOf(ec2, structure).find((candidate) => candidate.name === name)!;
}

describe('the generated model', () => {
  it('knows every operation of EC2, built or not', () => {
    expect(Object.keys(ec2.operations).length).toBeGreaterThan(700);
    expect(ec2.operations.CreateImage).toBeDefined();
    expect(EC2_OPERATIONS.filter((name) => ec2.operations[name] === undefined)).toEqual([]);
    expect(new Set(EC2_OPERATIONS).size).toBe(EC2_OPERATIONS.length);
  });

  it.each([loadModel('ec2'), loadModel('sts'), loadModel('ram'), loadModel('directconnect')])(
    '$service refers to nothing it lacks',
    (model) => {
      const types = [
        ...Object.values(model.structures).flatMap((members) => members.map(({ type }) => type)),
        ...Object.values(model.lists).map(({ type }) => type),
        ...Object.values(model.operations).flatMap(({ input, output }) => [input, output]),
      ].filter((type) => type !== undefined);
      const known = (type: string) => {
        return isScalar(type) || type in model.structures || type in model.lists;
      };
      expect(types.filter((type) => !known(type))).toEqual([]);
      const enums = Object.values(model.structures).flatMap((members) => {
        return members.flatMap((candidate) => candidate.enum ?? []);
      });
      expect(enums.filter((name) => (model.enums[name]?.length ?? 0) === 0)).toEqual([]);
    },
  );

  it('G-003 names of members in requests and answers', () => {
    expect(member('Vpc', 'Tags')).toMatchObject({ query: 'TagSet', xml: 'tagSet' });
    expect(member('CreateVpcRequest', 'TagSpecifications').query).toBe('TagSpecification');
    expect(member('CreateSecurityGroupRequest', 'Description').query).toBe('GroupDescription');
    expect(member('IpPermission', 'UserIdGroupPairs')).toMatchObject({ query: 'Groups' });
  });

  it('required members and enumerations', () => {
    const required = membersOf(ec2, 'CreateNetworkAclEntryRequest').filter((row) => row.required);
    expect(required.map(({ name }) => name).sort()).toEqual([
      'Egress',
      'NetworkAclId',
      'Protocol',
      'RuleAction',
      'RuleNumber',
    ]);
    expect(ec2.enums[member('CreateVpcRequest', 'InstanceTenancy').enum!]).toEqual(
      expect.arrayContaining(['default', 'dedicated', 'host']),
    );
    expect(member('TagSpecification', 'ResourceType').enum).toBe('ResourceType');
  });

  it.each(['CreateRouteTable', 'CreateNetworkInterface', 'CreateNatGateway', 'CreateVpcEndpoint'])(
    'G-032 %s takes a client token',
    (operation) => {
      expect(member(`${operation}Request`, 'ClientToken')).toBeDefined();
    },
  );

  it.each(['CreateVpcPeeringConnection', 'CreateTransitGateway'])(
    'G-032 %s takes none',
    (operation) => {
      expect(member(`${operation}Request`, 'ClientToken')).toBeUndefined();
    },
  );

  it('of a REST service: where its operations are, and what its errors are', () => {
    const { operations, errors, structures } = loadModel('ram');
    const route = { method: 'DELETE', path: '/deleteresourceshare', status: 200 };
    expect(operations.DeleteResourceShare).toMatchObject(route);
    const routes = Object.values(operations).map(({ method, path }) => `${method} ${path}`);
    expect(new Set(routes).size).toBe(routes.length);
    expect(structures.DeleteResourceShareRequest).toMatchObject([
      { name: 'resourceShareArn', httpQuery: 'resourceShareArn', required: true },
      { name: 'clientToken', httpQuery: 'clientToken' },
    ]);
    expect(errors.TagLimitExceededException).toEqual({ status: 400, query: 'TagLimitExceeded' });
    expect(errors.ThrottlingException?.status).toBe(429);
    expect(errors.RAMServiceException).toBeUndefined();
  });
});
