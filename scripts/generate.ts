/**
 * Writes what openvpc knows of AWS's shapes: from the schemas and type declarations of the
 * `@aws-sdk/client-*` packages (development dependencies) into `src/aws/generated/SERVICE.json`,
 * in the form `src/aws/protocol/model.ts` describes. What the packages do not tell stands in named
 * sets below.
 */
import assert from 'node:assert';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  AwsJsonModel,
  List,
  Member,
  ModelledError,
  Operation,
  QueryModel,
  RestJsonModel,
  RestOperation,
  Scalar,
  ServiceModel,
} from '../src/aws/protocol/model.ts';

/** What the packages do not tell of a service. */
type Source =
  | Pick<QueryModel, 'service' | 'protocol' | 'version' | 'namespace'>
  | Pick<RestJsonModel, 'service' | 'protocol' | 'version'>
  | Pick<AwsJsonModel, 'service' | 'protocol' | 'version' | 'target' | 'general'>;

/** Services whose packages are called otherwise. */
const PACKAGES: Readonly<Record<string, string>> = { directconnect: 'direct-connect' };

/** The services openvpc speaks; each has a package `@aws-sdk/client-SERVICE`. */
const SOURCES: readonly Source[] = [
  {
    service: 'ec2',
    protocol: 'ec2Query',
    version: '2016-11-15',
    namespace: 'http://ec2.amazonaws.com/doc/2016-11-15/',
  },
  {
    service: 'sts',
    protocol: 'awsQuery',
    version: '2011-06-15',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  },
  {
    service: 'ram',
    protocol: 'restJson1',
    version: '2018-01-04',
  },
  {
    service: 'directconnect',
    protocol: 'awsJson1.1',
    version: '2012-10-25',
    target: 'OvertureService',
    // H-076: whatever has no name of its own.
    general: { client: 'DirectConnectClientException', server: 'DirectConnectServerException' },
  },
];

// The schemas' own encoding: an array whose first number says what it describes.
const SIMPLE = 0;
const LIST = 1;
const STRUCTURE = 3;
const ERROR = -3;
const OPERATION = 9;
/** Added to a scalar's number: a list of such scalars, declared in place. */
const LIST_OF = 64;
const IDEMPOTENCY_TOKEN = 4;

const SCALARS: Readonly<Record<number, Scalar>> = {
  0: 'string',
  1: 'integer',
  2: 'boolean',
  4: 'timestamp',
  5: 'timestamp',
  21: 'blob',
};

// The schemas do not tell whole numbers from others; these are the members that may be fractions.
const FRACTIONS: ReadonlySet<string> = new Set(['FixedPrice', 'Priority', 'WeightedCapacity']);
const FRACTION_STRUCTURES = /^(MemoryGiBPerVCpu|NetworkBandwidthGbps|TotalLocalStorageGB)/;

// The service takes more values than the model lists (max-instances, max-elastic-ips …).
const OPEN_ENUMS: ReadonlySet<string> = new Set(['AccountAttributeName']);

type Traits = Readonly<Record<string, unknown>> | number;

interface Reference {
  /** A scalar, the name of a shape, or undefined for a shape without members. */
  readonly type: string | undefined;
  readonly traits: Traits;
}

type Schema = readonly unknown[];

interface Declaration {
  /** The type of each property as written. */
  readonly types: ReadonlyMap<string, string>;
}

class Collector {
  readonly structures: Record<string, readonly Member[]> = {};
  readonly lists: Record<string, List> = {};
  readonly usedEnums = new Set<string>();
  readonly #source: Source;
  readonly #declarations: ReadonlyMap<string, Declaration>;
  readonly #enums: ReadonlySet<string>;

  constructor(
    source: Source,
    declarations: ReadonlyMap<string, Declaration>,
    enums: ReadonlySet<string>,
  ) {
    this.#source = source;
    this.#declarations = declarations;
    this.#enums = enums;
  }

  /** What a schema reference names; the shape itself is collected on the way. */
  resolve(reference: unknown): Reference {
    if (typeof reference === 'function') return this.resolve(reference());
    if (reference === 'unit') return { type: undefined, traits: 0 };
    if (typeof reference === 'number') return { type: this.#scalar(reference), traits: 0 };
    assert(Array.isArray(reference), `unknown schema reference ${String(reference)}`);
    if (reference.length === 2) {
      const inner = this.resolve(reference[0]);
      return { type: inner.type, traits: reference[1] as Traits };
    }
    return { type: this.#shape(reference), traits: 0 };
  }

  #scalar(code: number): string {
    if (code < LIST_OF) {
      const scalar = SCALARS[code];
      assert(scalar !== undefined, `unknown scalar ${code}`);
      return scalar;
    }
    const element = this.#scalar(code - LIST_OF);
    const name = `list of ${element}`;
    this.lists[name] = { type: element, item: 'member' };
    return name;
  }

  #shape(schema: Schema): string | undefined {
    const [kind, , name] = schema as readonly [number, string, string];
    if (kind === SIMPLE) return this.resolve(schema[4]).type;
    if (kind === LIST) this.#list(name, schema);
    else {
      assert(kind === STRUCTURE, `unknown kind ${kind} of shape ${name}`);
      this.#structure(name, schema);
    }
    return name;
  }

  #list(name: string, schema: Schema): void {
    if (Object.hasOwn(this.lists, name)) return;
    this.lists[name] = { type: '', item: '' };
    const { type, traits } = this.resolve(schema[4]);
    assert(type !== undefined, `${name} is a list of nothing`);
    const flat = trait(schema[3] as Traits, 'xmlFlattened') === undefined ? {} : { flat: true };
    this.lists[name] = { type, item: trait(traits, 'xmlName') ?? 'member', ...flat } as List;
  }

  #structure(name: string, schema: Schema): void {
    if (Object.hasOwn(this.structures, name)) return;
    this.structures[name] = [];
    const names = schema[4] as readonly string[];
    const references = schema[5] as readonly unknown[];
    // The required members come first; the schema ends with their number.
    const required = (schema[6] as number | undefined) ?? 0;
    this.structures[name] = names.map((member, index) =>
      this.#member(name, member, references[index], index < required),
    );
  }

  #member(structure: string, name: string, reference: unknown, required: boolean): Member {
    const { type, traits } = this.resolve(reference);
    assert(type !== undefined, `${structure}.${name} has no type`);
    const values = this.#enumOf(structure, name);
    if (values !== undefined) this.usedEnums.add(values);
    const fraction = FRACTIONS.has(name) || FRACTION_STRUCTURES.test(structure);
    return {
      name,
      ...(isJson(this.#source) ? jsonNames(traits) : queryNames(name, traits)),
      type: type === 'integer' && fraction ? 'double' : type,
      ...(required ? { required: true } : {}),
      ...(values === undefined ? {} : { enum: values }),
      ...(isToken(traits) ? { token: true } : {}),
    };
  }

  #enumOf(structure: string, member: string): string | undefined {
    const declared = this.#declarations.get(structure)?.types.get(member);
    const name = declared?.replace(/ \| undefined$/, '').replace(/\[\]$/, '');
    if (name === undefined || OPEN_ENUMS.has(name)) return undefined;
    return this.#enums.has(name) ? name : undefined;
  }
}

function isJson({ protocol }: Source): boolean {
  return protocol === 'restJson1' || protocol === 'awsJson1.1';
}

function queryNames(name: string, traits: Traits): Pick<Member, 'query' | 'xml'> {
  const xml = trait(traits, 'xmlName');
  // G-003: the query name, else the XML name with its first letter upper-cased, else the name.
  const query = trait(traits, 'ec2QueryName') ?? (xml === undefined ? name : capitalized(xml));
  return {
    ...(query === name ? {} : { query }),
    ...(xml === undefined || xml === name ? {} : { xml }),
  };
}

/** In JSON a member has its own name; XML names that a model still has mean nothing there. */
function jsonNames(traits: Traits): Pick<Member, 'httpQuery'> {
  const unknown = ['jsonName', 'httpHeader', 'httpLabel', 'httpPayload'];
  const found = unknown.find((name) => trait(traits, name) !== undefined);
  assert(found === undefined, `${found} has no reader yet`);
  const httpQuery = trait(traits, 'httpQuery');
  return httpQuery === undefined ? {} : { httpQuery };
}

function trait(traits: Traits, name: string): string | undefined {
  const value = typeof traits === 'number' ? undefined : traits[name];
  return value === undefined ? undefined : String(value);
}

function isToken(traits: Traits): boolean {
  if (typeof traits === 'number') return (traits & IDEMPOTENCY_TOKEN) !== 0;
  return trait(traits, 'idempotencyToken') !== undefined;
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Property types of every interface of a package, read from its type declarations. */
function readDeclarations(folder: string): Map<string, Declaration> {
  const declarations = new Map<string, Declaration>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.d.ts'))) {
    let types: Map<string, string> | undefined;
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      const opening = /^export interface (\w+)/.exec(line);
      if (opening !== null) {
        types = new Map();
        declarations.set(opening[1]!, { types });
      }
      const property = /^ {4}(\w+)\??: (.+);$/.exec(line);
      if (property !== null) types?.set(property[1]!, property[2]!);
      if (line === '}') types = undefined;
    }
  }
  return declarations;
}

/** The enumerations of a package: its exported objects of strings. */
function readEnums(module: Readonly<Record<string, unknown>>): Map<string, readonly string[]> {
  const enums = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(module)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
    const values: readonly unknown[] = Object.values(value);
    if (values.length > 0 && values.every((item) => typeof item === 'string')) {
      enums.set(name, values as readonly string[]);
    }
  }
  return enums;
}

/** Where REST has the operation: `["POST", "/createresourceshare", 200]`. */
function routeOf(schema: Schema): Omit<RestOperation, 'input' | 'output'> {
  const traits = schema[3] as { readonly http: readonly [string, string, number] };
  const [method, path, status] = traits.http;
  assert(/^[/\w.-]+$/.test(path), `the path ${path} has parts that have no reader yet`);
  return { method, path, status };
}

function readErrors(
  module: Readonly<Record<string, unknown>>,
): Readonly<Record<string, ModelledError>> {
  const errors: Record<string, ModelledError> = {};
  for (const schema of Object.values(module)) {
    if (!Array.isArray(schema) || schema[0] !== ERROR) continue;
    const { error, httpError, awsQueryError } = schema[3] as {
      readonly error?: 'client' | 'server';
      readonly httpError?: number;
      readonly awsQueryError?: readonly [code: string, status: number];
    };
    // The package's own base class is no error of the service.
    if (error === undefined) continue;
    const query = awsQueryError === undefined ? {} : { query: awsQueryError[0] };
    const status = httpError ?? (error === 'client' ? 400 : 500);
    errors[schema[2] as string] = { status, ...query };
  }
  return errors;
}

async function generate(source: Source, root: string): Promise<ServiceModel> {
  const name = `@aws-sdk/client-${PACKAGES[source.service] ?? source.service}`;
  const module = (await import(name)) as Readonly<Record<string, unknown>>;
  const enums = readEnums(module);
  const declared = readDeclarations(join(root, 'node_modules', name, 'dist-types/models'));
  const collector = new Collector(source, declared, new Set(enums.keys()));
  const operations: Record<string, Operation & Partial<RestOperation>> = {};
  for (const schema of Object.values(module)) {
    if (!Array.isArray(schema) || schema[0] !== OPERATION) continue;
    const input = collector.resolve(schema[4]).type;
    const output = collector.resolve(schema[5]).type;
    operations[schema[2] as string] = {
      ...(input === undefined ? {} : { input }),
      ...(output === undefined ? {} : { output }),
      ...(source.protocol === 'restJson1' ? routeOf(schema) : {}),
    };
  }
  const used = [...collector.usedEnums].map((enumeration) => {
    return [enumeration, enums.get(enumeration) ?? []] as const;
  });
  const { structures, lists } = collector;
  const shapes = { ...source, operations, structures, lists, enums: Object.fromEntries(used) };
  if (!isJson(source)) return shapes as QueryModel;
  return { ...shapes, errors: readErrors(module) } as RestJsonModel | AwsJsonModel;
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'src/aws/generated');
mkdirSync(folder, { recursive: true });
// EC2's comes last: scripts/setup.mjs takes its time for that of all.
for (const source of [...SOURCES].reverse()) {
  const model = await generate(source, root);
  writeFileSync(join(folder, `${source.service}.json`), `${JSON.stringify(model)}\n`);
}
