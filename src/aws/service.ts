import type { ServiceModel } from './protocol/model.ts';

/** Who calls, as the signature's credential scope has it. */
export interface Caller {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  readonly accessKeyId: string;
  /** The service the request was signed for. */
  readonly service: string;
  /** As sts:GetCallerIdentity answers it. */
  readonly arn: string;
  readonly userId: string;
}

/** One request, checked against AWS's model. */
export interface Call<Input, Cloud> {
  readonly input: Input;
  readonly caller: Caller;
  readonly cloud: Cloud;
  readonly requestId: string;
  /**
   * The caller asks only whether it would be allowed (G-028). A handler that writes passes it to
   * its command, which then changes nothing; for one that only reads, the dispatcher refuses.
   */
  readonly dryRun: boolean;
}

/** Shape in, command, shape out. Throws nothing but AwsError. */
export type Handler<Input, Output, Cloud> = (call: Call<Input, Cloud>) => Output | Promise<Output>;

/**
 * A request type of the SDK as the parser gives it: a member that is there has a value, and a
 * required member is there.
 */
export type Given<Shape> = Shape extends Date | Uint8Array
  ? Shape
  : Shape extends (infer Item)[]
    ? Given<Item>[]
    : Shape extends object
      ? { readonly [Name in keyof Shape]: Given<Exclude<Shape[Name], undefined>> }
      : Shape;

/** What a handler of the SDK's command is given. */
export type InputOf<Command extends { readonly input: unknown }> = Given<Command['input']>;

/** What a handler of the SDK's command answers: the SDK's result type. */
export type OutputOf<Command extends SdkCommand> =
  Awaited<ReturnType<ReturnType<Command['resolveMiddleware']>>> extends {
    output: infer Output;
  }
    ? Omit<Output, '$metadata'>
    : never;

interface SdkCommand {
  // A method, not a property: commands take arguments of their own types.
  resolveMiddleware(...settings: never): (...request: never) => Promise<unknown>;
}

/** Any handler: the parser guarantees that it meets the input it was written for. */
export type AnyHandler<Cloud> = Handler<never, object, Cloud>;

/** One AWS service behind the door. */
export interface Service<Cloud> {
  readonly model: ServiceModel;
  /** By operation. One that AWS has and that is missing here is answered UnsupportedOperation. */
  readonly handlers: Readonly<Record<string, AnyHandler<Cloud> | undefined>>;
}
