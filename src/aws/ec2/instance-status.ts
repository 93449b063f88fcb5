/** Whether instances are well: what runs here always is. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { owned } from '../../control/scope.ts';
import { findInstances } from '../../control/vpc/instance-state.ts';
import { INSTANCE_STATE_CODES, type Instance } from '../../model/vpc/instance.ts';
import { describe, type FiltersOf } from './describe.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import { stateView } from './instance-view.ts';
import { NOTHING, refuseIdsWithPage, type View, viewOf } from './view.ts';

export const instanceStatusHandlers = {
  DescribeInstanceStatus: describeStatus,
} satisfies Ec2HandlersOf<'DescribeInstanceStatus'>;

function describeStatus({ input, caller, cloud }: Ec2Call<'DescribeInstanceStatus'>) {
  const view = viewOf(cloud, caller);
  const ids = input.InstanceIds ?? [];
  refuseIdsWithPage('instancesSet', ids, input.MaxResults);
  const all =
    ids.length === 0
      ? owned(view.reader, view.scope, 'instance')
      : findInstances(view.reader, view.scope, ids);
  const { records, nextToken } = describe(input, {
    records:
      input.IncludeAllInstances === true ? all : all.filter(({ state }) => state === 'running'),
    filters: statusFilters(view),
  });
  return {
    InstanceStatuses: records.map((instance) => statusView(view, instance)),
    NextToken: nextToken,
  };
}

function summaryOf({ state }: Instance): Sdk.SummaryStatus {
  return state === 'running' ? 'ok' : 'not-applicable';
}

function statusView({ zoneName }: View, instance: Instance): Sdk.InstanceStatus {
  const Status = summaryOf(instance);
  const details = Status === 'ok' ? { Details: [REACHABLE] } : {};
  return {
    InstanceId: instance.id,
    AvailabilityZone: zoneName(instance.zoneId),
    AvailabilityZoneId: instance.zoneId,
    InstanceState: stateView(instance.state),
    InstanceStatus: { Status, ...details },
    SystemStatus: { Status, ...details },
    AttachedEbsStatus: { Status, ...details },
    Operator: { Managed: false },
    Events: [],
  };
}

const REACHABLE: Sdk.InstanceStatusDetails = { Name: 'reachability', Status: 'passed' };

/** Nothing is ever scheduled to happen to an instance. */
const EVENT_FILTERS = [
  'event.code',
  'event.description',
  'event.instance-event-id',
  'event.not-after',
  'event.not-before',
  'event.not-before-deadline',
  'operator.principal',
  'application-status.status',
] as const;

function statusFilters({ zoneName }: View): FiltersOf<Instance> {
  const reachability = ({ state }: Instance) => (state === 'running' ? 'passed' : undefined);
  return {
    ...Object.fromEntries(EVENT_FILTERS.map((name) => [name, NOTHING])),
    'availability-zone': ({ zoneId }) => zoneName(zoneId),
    'availability-zone-id': ({ zoneId }) => zoneId,
    'instance-state-code': ({ state }) => INSTANCE_STATE_CODES[state],
    'instance-state-name': ({ state }) => state,
    'instance-status.reachability': reachability,
    'instance-status.status': summaryOf,
    'system-status.reachability': reachability,
    'system-status.status': summaryOf,
    'attached-ebs-status.status': summaryOf,
    'operator.managed': () => false,
  };
}
