import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../model/error.ts';
import { EC2_OPERATIONS } from '../ec2/operations.ts';
import { loadModel } from './model.ts';
import { type Parameters, readParameters } from './parameters.ts';
import { createInputReaders } from './query-input.ts';

const readEc2 = createInputReaders(loadModel('ec2'));
const readSts = createInputReaders(loadModel('sts'));

function parameters(query: string): Parameters {
  const found: Parameters = new Map();
  readParameters(query, found);
  return found;
}

function ec2(operation: string, query: string): unknown {
  return readEc2(operation)(parameters(query));
}

function sts(operation: string, query: string): unknown {
  return readSts(operation)(parameters(query));
}

describe('names and lists', () => {
  it('G-002 CreateTags flattens with dots and indexes from 1', () => {
    const query =
      'ResourceId.1=vpc-1&ResourceId.2=eni-2&Tag.1.Key=Name&Tag.1.Value=a+b&Tag.2.Key=%C3%A4';
    expect(ec2('CreateTags', query)).toEqual({
      Resources: ['vpc-1', 'eni-2'],
      Tags: [{ Key: 'Name', Value: 'a b' }, { Key: 'ä' }],
    });
  });

  it('G-002 G-004 a tag specification is TagSpecification.N', () => {
    const query =
      'CidrBlock=10.0.0.0/16&TagSpecification.1.ResourceType=vpc&TagSpecification.1.Tag.1.Key=a&TagSpecification.1.Tag.1.Value=';
    expect(ec2('CreateVpc', query)).toEqual({
      CidrBlock: '10.0.0.0/16',
      TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'a', Value: '' }] }],
    });
  });

  it('G-004 a transit gateway attachment takes TagSpecifications.N and SubnetIds.N', () => {
    const query =
      'TransitGatewayId=tgw-1&VpcId=vpc-1&SubnetIds.1=subnet-1&TagSpecifications.1.ResourceType=transit-gateway-attachment';
    expect(ec2('CreateTransitGatewayVpcAttachment', query)).toEqual({
      TransitGatewayId: 'tgw-1',
      VpcId: 'vpc-1',
      SubnetIds: ['subnet-1'],
      TagSpecifications: [{ ResourceType: 'transit-gateway-attachment' }],
    });
  });

  it('G-004 a VPC endpoint takes SubnetId.N, RouteTableId.N and SecurityGroupId.N', () => {
    const query = 'VpcId=vpc-1&SubnetId.1=s&RouteTableId.1=r&SecurityGroupId.1=g';
    expect(ec2('CreateVpcEndpoint', query)).toEqual({
      VpcId: 'vpc-1',
      SubnetIds: ['s'],
      RouteTableIds: ['r'],
      SecurityGroupIds: ['g'],
    });
  });

  it('G-003 G-004 IpPermissions.N.Groups.N.GroupId is the group a rule refers to', () => {
    const query =
      'GroupId=sg-1&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=443&IpPermissions.1.ToPort=443' +
      '&IpPermissions.1.Groups.1.GroupId=sg-2&IpPermissions.1.Groups.1.UserId=111111111111&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8';
    expect(ec2('AuthorizeSecurityGroupIngress', query)).toEqual({
      GroupId: 'sg-1',
      IpPermissions: [
        {
          IpProtocol: 'tcp',
          FromPort: 443,
          ToPort: 443,
          UserIdGroupPairs: [{ GroupId: 'sg-2', UserId: '111111111111' }],
          IpRanges: [{ CidrIp: '10.0.0.0/8' }],
        },
      ],
    });
  });

  it('G-003 a query name wins over the member’s own: GroupDescription', () => {
    expect(ec2('CreateSecurityGroup', 'GroupName=a&GroupDescription=b')).toEqual({
      GroupName: 'a',
      Description: 'b',
    });
  });

  it('G-002 items keep the order of their indexes, whatever the order of parameters', () => {
    const ids = Array.from({ length: 12 }, (_, index) => `vpc-${index + 1}`);
    const query = ids.map((id, index) => `VpcId.${index + 1}=${id}`).reverse();
    expect(ec2('DescribeVpcs', query.join('&'))).toEqual({ VpcIds: ids });
  });

  it('G-006 gaps and empty items are absent', () => {
    expect(ec2('DescribeVpcs', 'VpcId.7=vpc-b&VpcId.3=vpc-a&VpcId.5=')).toEqual({
      VpcIds: ['vpc-a', 'vpc-b'],
    });
    expect(ec2('DescribeVpcs', 'VpcId.1=&Filter.1=&Filter=')).toEqual({});
  });

  it('G-006 [unsure] an empty filter value stands, because a tag’s value may be empty', () => {
    expect(ec2('DescribeVpcs', 'Filter.1.Name=tag:a&Filter.1.Value.1=')).toEqual({
      Filters: [{ Name: 'tag:a', Values: [''] }],
    });
  });

  it('lists of the other Query services have .member.', () => {
    const query =
      'RoleArn=r&RoleSessionName=s&Tags.member.2.Key=b&Tags.member.2.Value=2&Tags.member.1.Key=a&Tags.member.1.Value=1';
    expect(sts('AssumeRole', query)).toEqual({
      RoleArn: 'r',
      RoleSessionName: 's',
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    });
    expect(sts('AssumeRole', 'RoleArn=r&RoleSessionName=s&Tags=')).toMatchObject({ Tags: [] });
    expect(() => sts('AssumeRole', 'RoleArn=r&RoleSessionName=s&Tags.1.Key=a')).toThrow(
      'The parameter Tags.1 is not recognized',
    );
  });
});

describe('values', () => {
  it('G-005 booleans and integers', () => {
    const query = 'NetworkAclId=acl-1&RuleNumber=100&Protocol=-1&RuleAction=allow&Egress=true';
    expect(ec2('CreateNetworkAclEntry', query)).toEqual({
      NetworkAclId: 'acl-1',
      RuleNumber: 100,
      Protocol: '-1',
      RuleAction: 'allow',
      Egress: true,
    });
  });

  it.each([
    ['RunInstances', 'MinCount=x&MaxCount=1', 'x', 'MinCount'],
    ['RunInstances', 'MinCount=1.5&MaxCount=1', '1.5', 'MinCount'],
    ['RunInstances', 'MinCount=&MaxCount=1', '', 'MinCount'],
    ['CreateVpc', 'DryRun=perhaps', 'perhaps', 'DryRun'],
    ['CreateVpc', 'InstanceTenancy=shared', 'shared', 'InstanceTenancy'],
    ['CreateVpc', 'TagSpecification.1.ResourceType=pvc', 'pvc', 'TagSpecification.1.ResourceType'],
    ['DescribeInstanceTypes', 'InstanceType.1=x', 'x', 'InstanceType.1'],
  ])('G-015 %s?%s names the bad value and its parameter', (operation, query, value, parameter) => {
    const thrown = thrownBy(() => ec2(operation, query));
    expect(thrown.code).toBe('InvalidParameterValue');
    expect(thrown.message).toContain(`Value (${value}) for parameter ${parameter} is invalid.`);
  });
});

it('a name that AWS takes and its model does not list', () => {
  expect(ec2('DescribeAccountAttributes', 'AttributeName.1=max-instances')).toEqual({
    AttributeNames: ['max-instances'],
  });
});

describe('what is refused', () => {
  it('G-015 a missing required parameter', () => {
    const thrown = thrownBy(() => ec2('DeleteVpc', ''));
    expect(thrown).toMatchObject({ code: 'MissingParameter', status: 400 });
    expect(thrown.message).toBe('The request must contain the parameter VpcId');
  });

  it('G-015 a missing parameter by its name on the wire', () => {
    const thrown = thrownBy(() => ec2('CreateSecurityGroup', 'GroupName=a'));
    expect(thrown.message).toBe('The request must contain the parameter GroupDescription');
  });

  it.each([
    ['DeleteVpc', 'VpcId=vpc-1&Force=true', 'Force'],
    ['DeleteVpc', 'VpcId.1=vpc-1', 'VpcId.1'],
    ['DescribeVpcs', 'VpcId=vpc-1', 'VpcId'],
    ['DescribeVpcs', 'VpcIds.1=vpc-1', 'VpcIds'],
    ['DescribeVpcs', 'VpcId.0=vpc-1', 'VpcId.0'],
    ['DescribeVpcs', 'VpcId.01=vpc-1', 'VpcId.01'],
    ['DescribeVpcs', 'VpcId.99999=vpc-1', 'VpcId.99999'],
    ['DescribeVpcs', 'VpcId.1e3=vpc-1', 'VpcId.1e3'],
    ['DescribeVpcs', 'Filter.1.Nom=x', 'Filter.1.Nom'],
    ['DescribeVpcs', 'Filter.1=x', 'Filter.1'],
    ['DescribeVpcs', '.=x', ''],
    ['DescribeVpcs', '=x', ''],
    ['DescribeVpcs', '__proto__.polluted=1', '__proto__'],
    ['DescribeVpcs', 'constructor.prototype.polluted=1', 'constructor'],
    ['DescribeVpcs', `Filter${'.1'.repeat(40)}=x`, `Filter${'.1'.repeat(40)}`],
  ])('G-015 %s?%s is an unknown parameter', (operation, query, name) => {
    const thrown = thrownBy(() => ec2(operation, query));
    expect(thrown.code).toBe('UnknownParameter');
    expect(thrown.message).toBe(`The parameter ${name} is not recognized`);
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });

  it('G-015 unknown comes before missing, missing before malformed', () => {
    const all = 'MinCount=x&Bogus=1';
    expect(thrownBy(() => ec2('RunInstances', all)).code).toBe('UnknownParameter');
    expect(thrownBy(() => ec2('RunInstances', 'MinCount=x')).code).toBe('MissingParameter');
    expect(thrownBy(() => ec2('RunInstances', 'MinCount=x&MaxCount=1')).code).toBe(
      'InvalidParameterValue',
    );
  });

  it('a huge value is not repeated whole', () => {
    const thrown = thrownBy(() => ec2('CreateVpc', `DryRun=${'x'.repeat(100_000)}`));
    expect(thrown.message.length).toBeLessThan(500);
  });
});

describe('any input', () => {
  const words = fc.constantFrom(
    ...['Filter', 'VpcId', '1', '2', 'Name', 'Value', 'TagSpecification', 'Tag', 'Key', 'DryRun'],
    ...['IpPermissions', 'Groups', '__proto__', 'constructor', 'member', '', '0', '-1', 'toString'],
  );
  const names = fc.array(words, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('.'));
  const values = fc.oneof(fc.string(), fc.constantFrom('true', '1', '', '%', '%zz', 'vpc-1'));
  const pairs = fc.tuple(names, values).map(([name, value]) => `${name}=${value}`);
  const queries = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pairs, { maxLength: 8 }).map((list) => list.join('&')),
  );

  it('G-015 is read or refused with an AwsError', () => {
    const property = fc.property(
      fc.constantFrom(...EC2_OPERATIONS),
      queries,
      (operation, query) => {
        try {
          expect(ec2(operation, query)).toBeTypeOf('object');
        } catch (error) {
          expect(error).toBeInstanceOf(AwsError);
        }
        expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('Key');
      },
    );
    fc.assert(property, { numRuns: 2000 });
  });
});

function thrownBy(run: () => unknown): AwsError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(AwsError);
    return error as AwsError;
  }
  expect.unreachable('nothing was thrown');
}

describe('text that XML cannot carry', () => {
  const encoded = encodeURIComponent;
  const read = (value: string) =>
    ec2('CreateTags', `ResourceId.1=vpc-1&Tag.1.Key=a&Tag.1.Value=${encoded(value)}`);

  it.each(['\u0000', '\u0008', '\u000b', '\u001f', '\ufffe', '\uffff'])(
    'refuses the character %j wherever a string is',
    (character) => {
      const refused = expect.objectContaining({ code: 'InvalidParameterValue' });
      expect(() => read(`a${character}b`)).toThrow(refused);
      const query = `GroupName=g&VpcId=vpc-1&GroupDescription=${encoded(character)}`;
      expect(() => ec2('CreateSecurityGroup', query)).toThrow(refused);
    },
  );

  it.each(['a\tb', 'a\nb', 'a\r\nb', 'ä', '\ud83d\ude00', '\u0085', '\ufffd', '<&>'])(
    'takes %j',
    (value) => {
      expect(read(value)).toMatchObject({ Tags: [{ Key: 'a', Value: value }] });
    },
  );

  it('refuses half a character before it is a string', () => {
    const query = 'ResourceId.1=vpc-1&Tag.1.Key=a&Tag.1.Value=%ED%A0%80';
    const refused = expect.objectContaining({ code: 'MalformedQueryString' });
    expect(() => ec2('CreateTags', query)).toThrow(refused);
  });
});
