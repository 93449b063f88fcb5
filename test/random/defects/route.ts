/** Mistakes about route tables. */
import { routeState } from '../../../src/model/vpc/route-state.ts';
import { type Defect, told } from './defect.ts';

export const routeDefects: readonly Defect[] = [
  {
    name: 'A-040 a blackhole is passed over',
    tellWrongly: (changes, model) =>
      told('route', (route) => (routeState(model, route) === 'active' ? route : undefined))(
        changes,
      ),
  },
  {
    name: 'A-019 the first table made stays the main one',
    tellWrongly: (changes, model) =>
      told('route-table-association', (one) =>
        one.main ? { ...one, routeTableId: model.by('route-table', 'vpc', one.vpcId)[0]!.id } : one,
      )(changes),
  },
  {
    name: 'A-019 a subnet’s own table is overlooked',
    tellWrongly: told('route-table-association', (one) => (one.subnetId ? undefined : one)),
  },
  {
    name: 'A-045 a gateway’s own table is overlooked',
    tellWrongly: told('route-table-association', (one) => (one.gatewayId ? undefined : one)),
  },
  {
    name: 'A-024 a route to one subnet gives way to the VPC’s own',
    tellWrongly: told('route', (route) =>
      route.target.kind === 'network-interface' && route.destination.length > 20
        ? undefined
        : route,
    ),
  },
  {
    name: 'A-027 a prefix list is empty',
    tellWrongly: told('prefix-list-version', (version) => ({ ...version, entries: [] })),
  },
];
