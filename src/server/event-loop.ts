/** Time, timers and the process's life: the one file that asks the operating system for them. */

/** Milliseconds since the epoch. */
export function realNow(): number {
  return Date.now();
}

/** Nanoseconds since the epoch, going forward within a microsecond. */
export function realNanos(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
}

/** Microseconds of a clock that only goes forward. */
export function micros(): number {
  return performance.now() * 1000;
}

/** Calls back once; the returned function cancels. Does not keep the process alive. */
export function setTimer(millis: number, callback: () => void): () => void {
  const timer = setTimeout(callback, millis).unref();
  return () => clearTimeout(timer);
}

/** Calls back again and again until the returned function is called. */
export function every(millis: number, callback: () => void): () => void {
  const timer = setInterval(callback, millis).unref();
  return () => clearInterval(timer);
}

/** Resolves after `millis`. */
export function after(millis: number): Promise<void> {
  return new Promise((resolve) => {
    setTimer(millis, resolve);
  });
}

const PARENT_CHECK_MILLIS = 500;

/**
 * Resolves with why the process should stop: a signal, or the death of npm, which cannot pass on
 * SIGKILL. Later signals change nothing: npm passes on what the terminal has sent already.
 */
export function whenToldToStop(environment: Readonly<Record<string, string | undefined>>) {
  return new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, resolve);
    if (environment.npm_lifecycle_event === undefined) return;
    const parent = process.ppid;
    every(PARENT_CHECK_MILLIS, () => {
      if (process.ppid !== parent) resolve('the end of npm');
    });
  });
}

/** Hears of what nobody caught, which is a defect of ours. */
export function onUncaught(listener: (error: unknown) => void): void {
  process.on('uncaughtException', listener);
  process.on('unhandledRejection', listener);
}
