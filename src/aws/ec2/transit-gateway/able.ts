/** AWS's words for options of transit gateways that are on or off. */

type Able = 'enable' | 'disable';

export function able(isOn: boolean): Able {
  return isOn ? 'enable' : 'disable';
}

/** The option as the request has it, or what it is without. */
export function isEnabled(value: Able | undefined, otherwise: boolean): boolean {
  return value === undefined ? otherwise : value === 'enable';
}

/** The option under its name if the request has it: absent options stay as they are. */
export function flag<Name extends string>(
  name: Name,
  value: Able | undefined,
): { readonly [N in Name]?: boolean } {
  return value === undefined ? {} : ({ [name]: value === 'enable' } as { [N in Name]?: boolean });
}
