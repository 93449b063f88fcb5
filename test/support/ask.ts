/** Questions to a lab, for scenarios: the packets and the tables must tell the same story. */
import type { EC2 } from '@aws-sdk/client-ec2';
import { expect } from 'vitest';
import type { Answer } from '../../src/fabric/question.ts';
import type { Lab } from '../../src/server/lab.ts';
import type { QuestionInput } from '../../src/server/question.ts';

/** What a trace answers, after a probe has answered the same. */
export function ask(lab: Lab, question: QuestionInput): Answer {
  const trace = lab.trace(question);
  const { packets: _, rttMicros: __, ...probe } = lab.probe(question);
  expect(probe, 'what the packets did').toEqual(trace);
  return trace;
}

/** `delivered`, or `REASON at RESOURCE`. */
export function fateOf({ forward }: Answer): string {
  const { disposition, reason, at } = forward;
  return disposition === 'delivered' ? 'delivered' : `${reason} at ${at}`;
}

/** The hops of a way in short: `route-table rtb-… egress`. */
export function hopsOf({ hops }: Answer['forward']): string[] {
  return hops.map(({ kind, resource, direction }) => `${kind} ${resource} ${direction}`);
}

/** A group of a VPC that lets everything in and out. */
export async function openGroup(ec2: EC2, vpcId: string): Promise<string> {
  const made = await ec2.createSecurityGroup({
    VpcId: vpcId,
    GroupName: 'open',
    Description: 'open',
  });
  const GroupId = made.GroupId!;
  const IpPermissions = [
    { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
    { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
  ];
  await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
  const { SecurityGroups } = await ec2.describeSecurityGroups({ GroupIds: [GroupId] });
  const outbound = SecurityGroups![0]!.IpPermissionsEgress ?? [];
  if (!outbound.some(({ Ipv6Ranges = [] }) => Ipv6Ranges.length > 0)) {
    await ec2.authorizeSecurityGroupEgress({ GroupId, IpPermissions: IpPermissions.slice(1) });
  }
  return GroupId;
}
