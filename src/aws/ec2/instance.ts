/** Instances: launched, moved between states, shown. */
import { idempotent } from '../../control/idempotency.ts';
import { owned, type Scope } from '../../control/scope.ts';
import type { Transaction } from '../../control/transaction.ts';
import {
  findInstances,
  rebootInstances,
  type StateChange,
  startInstances,
  stopInstances,
  terminateInstances,
} from '../../control/vpc/instance-state.ts';
import { runInstances } from '../../control/vpc/run-instances.ts';
import { chooseZone } from '../../control/vpc/zone.ts';
import { awsError } from '../../model/error.ts';
import { clientTokenOf } from './client-token.ts';
import { describe } from './describe.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import { instanceFilters } from './instance-filter.ts';
import { instancesOf, reservationViews, stateView } from './instance-view.ts';
import { parseRunInstances } from './launch-request.ts';
import { missingParameter, refuseUnsupported } from './parse.ts';
import { refuseIdsWithPage, scopeOf, viewIn, viewOf } from './view.ts';

type Verb = 'Run' | 'Start' | 'Stop' | 'Reboot' | 'Terminate' | 'Describe';

export const instanceHandlers = {
  RunInstances: run,
  DescribeInstances: describeInstances,

  async StartInstances({ input, caller, cloud, dryRun }) {
    refuseUnsupported(input, ['AdditionalInfo']);
    const ids = someIds(input.InstanceIds);
    const command = (tx: Transaction) => startInstances(tx, scopeOf(caller), ids);
    return { StartingInstances: stateChanges(await cloud.execute(command, { dryRun })) };
  },

  /** Force and SkipOsShutdown change only how a guest is told, which is not told here. */
  async StopInstances({ input, caller, cloud, dryRun }) {
    const ids = someIds(input.InstanceIds);
    if (input.Hibernate === true) throw notHibernating(ids[0]!);
    const command = (tx: Transaction) => stopInstances(tx, scopeOf(caller), ids);
    return { StoppingInstances: stateChanges(await cloud.execute(command, { dryRun })) };
  },

  async RebootInstances({ input, caller, cloud, dryRun }) {
    const ids = someIds(input.InstanceIds);
    await cloud.execute((tx) => rebootInstances(tx, scopeOf(caller), ids), { dryRun });
    return {};
  },

  async TerminateInstances({ input, caller, cloud, dryRun }) {
    const ids = someIds(input.InstanceIds);
    const command = (tx: Transaction) => terminateInstances(tx, scopeOf(caller), ids);
    return { TerminatingInstances: stateChanges(await cloud.execute(command, { dryRun })) };
  },
} satisfies Ec2HandlersOf<`${Verb}Instances`>;

async function run({ input, caller, cloud, dryRun }: Ec2Call<'RunInstances'>) {
  const request = parseRunInstances(input);
  const token = clientTokenOf('RunInstances', input);
  const scope = scopeOf(caller);
  return cloud.execute(
    (tx) => {
      const id = idempotent(tx, scope, token, () => {
        const zoneId = zoneOf(tx, scope, input);
        return runInstances(tx, scope, {
          ...request,
          ...(zoneId === undefined ? {} : { zoneId }),
        });
      });
      const [reservation] = reservationViews(viewIn(tx, scope), instancesOf(tx, id));
      return reservation ?? { ReservationId: id, OwnerId: scope.account, Instances: [] };
    },
    { dryRun },
  );
}

function zoneOf(
  tx: Transaction,
  scope: Scope,
  { Placement }: Ec2Call<'RunInstances'>['input'],
): string | undefined {
  const { AvailabilityZone, AvailabilityZoneId } = Placement ?? {};
  if (AvailabilityZone === undefined && AvailabilityZoneId === undefined) return undefined;
  return chooseZone(tx, scope, {
    ...(AvailabilityZone === undefined ? {} : { zoneName: AvailabilityZone }),
    ...(AvailabilityZoneId === undefined ? {} : { zoneId: AvailabilityZoneId }),
  }).id;
}

function describeInstances({ input, caller, cloud }: Ec2Call<'DescribeInstances'>) {
  const view = viewOf(cloud, caller);
  const ids = input.InstanceIds ?? [];
  refuseIdsWithPage('instancesSet', ids, input.MaxResults);
  const { records, nextToken } = describe(input, {
    records:
      ids.length === 0
        ? owned(view.reader, view.scope, 'instance')
        : findInstances(view.reader, view.scope, ids),
    filters: instanceFilters(view),
    tags: ({ id }) => view.tags(id),
  });
  return { Reservations: reservationViews(view, records), NextToken: nextToken };
}

function someIds(ids: readonly string[]): readonly string[] {
  if (ids.length === 0) throw missingParameter('InstanceId');
  return ids;
}

function stateChanges(changes: readonly StateChange[]) {
  return changes.map(({ id, previous, current }) => ({
    InstanceId: id,
    PreviousState: stateView(previous),
    CurrentState: stateView(current),
  }));
}

function notHibernating(id: string): Error {
  const message = `The instance '${id}' is not configured for hibernation.`;
  return awsError('UnsupportedHibernationConfiguration', message);
}
