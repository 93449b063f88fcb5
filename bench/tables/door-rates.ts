/** Calls a second through the AWS door, over HTTP, beside moto's server. */
import { ask, load, messageOf } from '../support/http-client.ts';
import { digits, ratio } from '../support/measure.ts';
import { hasMoto, type Server, startMoto, startOpenvpc } from '../support/servers.ts';
import type { Bench, Figures } from '../support/table.ts';

const CONNECTIONS = [1, 16];
const WARM_UP = { count: 3000, seconds: 3 };
const LIMIT = { count: 20_000, seconds: 4 };
/** Beside the default one. */
const VPCS = 9;

export const doorRates: Bench = {
  name: 'door-rates',
  title: 'The AWS door: calls a second',
  about:
    'A cloud of 10 VPCs over HTTP. openvpc keeps its cloud on disk and answers a write after its ' +
    "sync; moto's server (`python3 -m moto.server`) keeps its own in memory. CPU: milliseconds of " +
    "the server's processor time a call.",
  run,
};

interface Cloud {
  readonly tables: readonly string[];
  readonly gateways: readonly string[];
}

interface Rate {
  readonly callsPerSecond: number;
  /** Of the server's processor time, a call. */
  readonly cpuMillis: number;
}

interface Rates {
  readonly rates: ReadonlyMap<string, Rate>;
  /** Calls that were no success. */
  readonly failed: number;
}

async function run(): Promise<Figures> {
  const openvpc = await measured(await startOpenvpc());
  const moto = hasMoto() ? await measured(await startMoto()) : undefined;
  if (openvpc.failed > 0) throw new Error(`openvpc refused ${openvpc.failed} calls`);
  const rows = [...openvpc.rates].map(([what, own]) => {
    const [action = '', connections = ''] = what.split('|');
    const other = moto?.rates.get(what);
    const single = openvpc.rates.get(`${action}|${CONNECTIONS[0]}`)!;
    return [
      action,
      connections,
      digits(own.callsPerSecond),
      ratio(own.callsPerSecond, single.callsPerSecond),
      ...(other === undefined
        ? ['–', '–', digits(own.cpuMillis), '–']
        : [
            digits(other.callsPerSecond),
            ratio(own.callsPerSecond, other.callsPerSecond),
            digits(own.cpuMillis),
            digits(other.cpuMillis),
          ]),
    ];
  });
  return {
    columns: [
      ...['call', 'connections', 'openvpc, calls/s', 'to 1 connection'],
      ...['moto, calls/s', 'openvpc : moto', 'openvpc, CPU ms', 'moto, CPU ms'],
    ],
    rows,
    notes: notesOn(moto),
  };
}

function notesOn(moto: Rates | undefined): string[] {
  if (moto === undefined) return ["moto's server is not installed: its columns are empty."];
  if (moto.failed === 0) return [];
  return [`moto answered ${moto.failed} calls with an error of its own; they are not counted.`];
}

async function measured(server: Server): Promise<Rates> {
  try {
    return await rates(server);
  } finally {
    await server.stop();
  }
}

async function rates(server: Server): Promise<Rates> {
  const cloud = await fill(server);
  const found = new Map<string, Rate>();
  let refused = 0;
  let made = 0;
  const calls: Record<string, () => Buffer> = {
    DescribeVpcs: constant(messageOf('DescribeVpcs')),
    'DescribeRouteTables by id': constant(
      messageOf('DescribeRouteTables', { 'RouteTableId.1': cloud.tables[0]! }),
    ),
    CreateRoute: () => routeMessage(cloud, made++),
    CreateVpc: () => messageOf('CreateVpc', { CidrBlock: `10.${made++ % 256}.0.0/16` }),
  };
  for (const [name, next] of Object.entries(calls)) {
    await load(server.port, 4, WARM_UP, next);
    for (const connections of CONNECTIONS) {
      const before = server.cpuMillis();
      const { calls, callsPerSecond, failed } = await load(server.port, connections, LIMIT, next);
      const cpuMillis = (server.cpuMillis() - before) / calls;
      found.set(`${name}|${connections}`, { callsPerSecond, cpuMillis });
      refused += failed;
    }
  }
  return { rates: found, failed: refused };
}

function constant(message: Buffer): () => Buffer {
  return () => message;
}

/** Each to a block of its own, by turns of the tables. */
function routeMessage({ tables, gateways }: Cloud, index: number): Buffer {
  const turn = index % tables.length;
  const block = Math.floor(index / tables.length);
  return messageOf('CreateRoute', {
    RouteTableId: tables[turn]!,
    GatewayId: gateways[turn]!,
    DestinationCidrBlock: `${20 + (block >>> 16)}.${(block >>> 8) & 255}.${block & 255}.0/24`,
  });
}

async function fill({ port }: Server): Promise<Cloud> {
  const tables: string[] = [];
  const gateways: string[] = [];
  for (let index = 0; index < VPCS; index++) {
    const made = await ask(port, 'CreateVpc', { CidrBlock: `10.${index}.0.0/16` });
    const VpcId = /<vpcId>([^<]*)/.exec(made)![1]!;
    const gateway = await ask(port, 'CreateInternetGateway');
    const InternetGatewayId = /<internetGatewayId>([^<]*)/.exec(gateway)![1]!;
    await ask(port, 'AttachInternetGateway', { VpcId, InternetGatewayId });
    const filter = { 'Filter.1.Name': 'vpc-id', 'Filter.1.Value.1': VpcId };
    const described = await ask(port, 'DescribeRouteTables', filter);
    tables.push(/<routeTableId>([^<]*)/.exec(described)![1]!);
    gateways.push(InternetGatewayId);
  }
  return { tables, gateways };
}
