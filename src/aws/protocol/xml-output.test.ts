import { describe, expect, it } from 'vitest';
import { awsError } from '../../model/error.ts';
import { loadModel } from './model.ts';
import { errorBody } from './xml-error.ts';
import { createOutputWriters } from './xml-output.ts';
import { escapeXml } from './xml-text.ts';

const ec2 = loadModel('ec2');
const sts = loadModel('sts');
const writeEc2 = createOutputWriters(ec2);
const writeSts = createOutputWriters(sts);
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

function body(operation: string, result: object): string {
  const text = writeEc2(operation)(result, 'r-1');
  const opening = `${DECLARATION}<${operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r-1</requestId>`;
  const closing = `</${operation}Response>`;
  expect(text.startsWith(opening)).toBe(true);
  expect(text.endsWith(closing)).toBe(true);
  return text.slice(opening.length, -closing.length);
}

describe('answers', () => {
  it('G-007 G-008 sets of items with the model’s element names', () => {
    const vpc = { VpcId: 'vpc-1', IsDefault: false, Tags: [{ Key: 'Name', Value: 'a' }] };
    expect(body('DescribeVpcs', { Vpcs: [vpc] })).toBe(
      '<vpcSet><item><isDefault>false</isDefault><tagSet><item><key>Name</key><value>a</value></item></tagSet><vpcId>vpc-1</vpcId></item></vpcSet>',
    );
  });

  it('G-007 an empty list is an empty element, an undefined member is none', () => {
    expect(body('DescribeVpcs', { Vpcs: [], NextToken: undefined })).toBe('<vpcSet/>');
    expect(body('DescribeVpcs', {})).toBe('');
  });

  it.each(['DeleteVpc', 'DeleteRoute', 'CreateTags', 'CreateRoute'])(
    'G-012 %s returns true without being told',
    (operation) => {
      expect(body(operation, {})).toBe('<return>true</return>');
    },
  );

  it('G-012 an operation that says more also returns true', () => {
    expect(body('AuthorizeSecurityGroupIngress', { SecurityGroupRules: [] })).toBe(
      '<return>true</return><securityGroupRuleSet/>',
    );
  });

  it('G-013 timestamps are UTC with milliseconds', () => {
    const attachment = { AttachTime: new Date(Date.UTC(2026, 0, 2, 3, 4, 5)) };
    expect(body('DescribeNetworkInterfaceAttribute', { Attachment: attachment })).toBe(
      '<attachment><attachTime>2026-01-02T03:04:05.000Z</attachTime></attachment>',
    );
  });

  it('sts answers in a result of its own', () => {
    expect(writeSts('GetCallerIdentity')({ Account: '111111111111' }, 'r-1')).toBe(
      `${DECLARATION}<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">` +
        '<GetCallerIdentityResult><Account>111111111111</Account></GetCallerIdentityResult>' +
        '<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>',
    );
  });
});

describe('errors', () => {
  const error = awsError('InvalidVpcID.NotFound', 'no <vpc>');

  it('G-008 G-009 ec2', () => {
    expect(errorBody(ec2, error, 'r-1')).toBe(
      `${DECLARATION}<Response><Errors><Error><Code>InvalidVpcID.NotFound</Code><Message>no &lt;vpc&gt;</Message></Error></Errors><RequestID>r-1</RequestID></Response>`,
    );
  });

  it('sts', () => {
    expect(errorBody(sts, error, 'r-1')).toBe(
      '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>InvalidVpcID.NotFound</Code><Message>no &lt;vpc&gt;</Message></Error><RequestId>r-1</RequestId></ErrorResponse>',
    );
  });
});

describe('escapeXml', () => {
  it.each([
    ['plain', 'plain'],
    ['<a href="x">&amp;\'</a>', "&lt;a href=&quot;x&quot;&gt;&amp;amp;'&lt;/a&gt;"],
    ['a\rb\nc\td', 'a&#xD;b\nc\td'],
    ['\u0000\u0008\u001f\ufffe\uffff', '\ufffd\ufffd\ufffd\ufffd\ufffd'],
    ['😀 \ud83d', '😀 \ufffd'],
  ])('%j', (text, escaped) => {
    expect(escapeXml(text)).toBe(escaped);
  });
});
