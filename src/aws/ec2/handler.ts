/** What a handler of EC2 is: typed by the operations in scope. */
import type { Cloud } from '../../control/cloud.ts';
import type { Call, Handler } from '../service.ts';
import type { Ec2Input, Ec2Operation, Ec2Output } from './operations.ts';

/** One handler for each operation in scope: one that is missing is a compile error. */
export type Ec2Handlers = {
  readonly [Op in Ec2Operation]: Handler<Ec2Input<Op>, Ec2Output<Op>, Cloud>;
};

/** The call a handler of an operation is given. */
export type Ec2Call<Op extends Ec2Operation> = Call<Ec2Input<Op>, Cloud>;

/** The handlers of some operations: what one file of this folder exports. */
export type Ec2HandlersOf<Op extends Ec2Operation> = Pick<Ec2Handlers, Op>;
