/** Calls that must be refused. */
import { expect } from 'vitest';

/** Expects AWS's error code, through the SDK or from a command, and perhaps its message. */
export async function expectError(
  call: Promise<unknown>,
  code: string,
  message?: string | RegExp,
): Promise<void> {
  const error: unknown = await call.then(
    () => ({ code: 'no error' }),
    (thrown: unknown) => thrown,
  );
  expect(codeOf(error)).toBe(code);
  if (message instanceof RegExp) expect((error as Error).message).toMatch(message);
  else if (message !== undefined) expect((error as Error).message).toBe(message);
}

/** The SDK names an error by its code; ours carries it. */
function codeOf(error: unknown): string | undefined {
  const { code, name } = error as { code?: string; name?: string };
  return code ?? name;
}
