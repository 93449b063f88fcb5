/** Whether a text can be a host's name: labels of 1 to 63 characters, 253 in all (RFC 1035 2.3). */
export function isHostName(text: string): boolean {
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  // Label by label: one expression for all of them would try every way to cut a long one.
  return name.length <= NAME_MAX && name.split('.').every((label) => LABEL.test(label));
}

const NAME_MAX = 253;
/** With the underscore, which names of services begin with (RFC 8552). */
const LABEL = /^[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62}$/;
