import { isIP } from 'node:net';

/** The /24 (IPv4) or /48 (IPv6) that an address is in: enough to recognise a pattern, not a person. Null for anything else. */
export function networkOf(address: string): string | null {
  const plain = plainAddress(address);
  const version = isIP(plain);
  if (version === 4) return `${plain.slice(0, plain.lastIndexOf('.'))}.0/24`;
  return version === 6 ? `${ipv6Groups(plain).slice(0, 3).join(':')}::/48` : null;
}

/** What to count a client by: one IPv4 address, or the /64 of IPv6 that it can take addresses from. */
export function clientOf(address: string): string {
  const plain = plainAddress(address);
  return isIP(plain) === 6 ? `${ipv6Groups(plain).slice(0, 4).join(':')}::/64` : plain;
}

/** Without a zone, and IPv4 as such. */
const plainAddress = (address: string): string => address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');

/** The groups of an IPv6 address, `::` written out. An IPv4 tail stays one group, at the end. */
function ipv6Groups(plain: string): string[] {
  const [head = '', tail] = plain.split('::');
  const given = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? 0 : 8 - given.length - after.length - Number(after.some((part) => part.includes('.')));
  const groups = [...given, ...Array.from({ length: zeros }, () => '0'), ...after];
  return groups.map((group) => (group.includes('.') ? group : Number.parseInt(group, 16).toString(16)));
}
