import assert from 'node:assert';
import { readFileSync } from 'node:fs';

/**
 * The shapes of one AWS service, as `scripts/generate.ts` writes them below `src/aws/generated/`:
 * what a request may hold, what it is called on the wire, and what an answer looks like.
 */
interface Shapes {
  /** The name in a SigV4 credential scope: `ec2`, `sts`. */
  readonly service: string;
  /** The API version a caller names: `2016-11-15`. */
  readonly version: string;
  /** Every operation AWS has, built here or not, with the names of its structures. */
  readonly operations: Readonly<Record<string, Operation>>;
  readonly structures: Readonly<Record<string, readonly Member[]>>;
  readonly lists: Readonly<Record<string, List>>;
  readonly enums: Readonly<Record<string, readonly string[]>>;
}

/** A service of AWS Query: parameters in, XML out. */
export interface QueryModel extends Shapes {
  readonly protocol: QueryProtocol;
  /** `xmlns` of answers. */
  readonly namespace: string;
}

/** The two spellings of AWS Query: EC2's own, and the one of the older services. */
export type QueryProtocol = 'ec2Query' | 'awsQuery';

/** What services that speak JSON have in common. */
interface JsonShapes extends Shapes {
  /** By the code that a client is told. */
  readonly errors: Readonly<Record<string, ModelledError>>;
}

/** A service of REST and JSON: the operation is in the path, the input in a JSON body. */
export interface RestJsonModel extends JsonShapes {
  readonly protocol: 'restJson1';
  readonly operations: Readonly<Record<string, RestOperation>>;
}

/** A service of AWS JSON: the operation is in a header, the input in a JSON body. */
export interface AwsJsonModel extends JsonShapes {
  readonly protocol: 'awsJson1.1';
  /** What the header names before the operation: `OvertureService`. */
  readonly target: string;
  /** The errors that stand for all those that the model has no name of. */
  readonly general: { readonly client: string; readonly server: string };
}

export type JsonModel = RestJsonModel | AwsJsonModel;

/** A service's model; its protocol says which kind. */
export type ServiceModel = QueryModel | JsonModel;

export interface Operation {
  /** Name of a structure; absent where the operation takes nothing. */
  readonly input?: string;
  /** Name of a structure; absent where the operation answers nothing. */
  readonly output?: string;
}

export interface RestOperation extends Operation {
  readonly method: string;
  /** `/createresourceshare` */
  readonly path: string;
  /** HTTP status of a success. */
  readonly status: number;
}

export interface ModelledError {
  /** HTTP status. */
  readonly status: number;
  /** What clients of AWS Query call the same error: `TagLimitExceeded`. */
  readonly query?: string;
}

/** One member of a structure. */
export interface Member {
  /** The SDK's name, and ours: `VpcId`. */
  readonly name: string;
  /** Its name in a request (G-003); absent where it is `name`. */
  readonly query?: string;
  /** Its element in an answer; absent where it is `name`. */
  readonly xml?: string;
  /** It stands in the URL's query under this name; absent where it is in the body. */
  readonly httpQuery?: string;
  /** A `Scalar`, or the name of a structure or list. */
  readonly type: string;
  readonly required?: true;
  /** Name of the enumeration its value, or each of its values, is of. */
  readonly enum?: string;
  /** The caller's idempotency token (G-030). */
  readonly token?: true;
}

export interface List {
  /** A `Scalar`, or the name of a structure or list. */
  readonly type: string;
  /** The element around each item of an answer: `item`, `member`. */
  readonly item: string;
  /** The list has no element of its own around its items. */
  readonly flat?: true;
}

export type Scalar = 'string' | 'integer' | 'double' | 'boolean' | 'timestamp' | 'blob';

const SCALARS: ReadonlySet<string> = new Set<Scalar>([
  'string',
  'integer',
  'double',
  'boolean',
  'timestamp',
  'blob',
]);

/** Whether a member's type is a value of its own, not the name of a structure or list. */
export function isScalar(type: string): type is Scalar {
  return SCALARS.has(type);
}

/** The services openvpc speaks. */
interface Models {
  readonly ec2: QueryModel;
  readonly sts: QueryModel;
  readonly ram: RestJsonModel;
  readonly directconnect: AwsJsonModel;
}

const loaded = new Map<string, ServiceModel>();

/** The generated model of a service, read once. */
export function loadModel<S extends keyof Models>(service: S): Models[S] {
  const known = loaded.get(service);
  if (known !== undefined) return known as Models[S];
  const file = new URL(`../generated/${service}.json`, import.meta.url);
  const model = JSON.parse(readFileSync(file, 'utf8')) as Models[S];
  assert(model.service === service, `${file.pathname} is not the model of ${service}`);
  loaded.set(service, model);
  return model;
}

/** The members of a structure of the model. */
export function membersOf(model: ServiceModel, structure: string | undefined): readonly Member[] {
  if (structure === undefined) return [];
  const members = model.structures[structure];
  assert(members !== undefined, `${model.service} has no structure ${structure}`);
  return members;
}
