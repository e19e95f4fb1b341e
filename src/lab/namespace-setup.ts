/** What one namespace is told while a lab is built, in this order over all namespaces: settings, links, the rest. */
export interface NamespaceSetup {
  readonly namespace: string
  /** Names under /proc/sys with their values; set before any link exists, so that links are born with them. */
  readonly settings: readonly (readonly [name: string, value: string])[]
  /** Lines for `ip -batch` that create links, peers in other namespaces included. */
  readonly links: readonly string[]
  /** Lines for `ip -batch`, once every link of the lab exists. */
  readonly configuration: readonly string[]
  /** Lines for `bridge -batch`, last. */
  readonly forwarding: readonly string[]
}

/** No waiting for duplicate address detection, no reverse path filter, no rate limit on ICMP errors. */
export const COMMON_SETTINGS: NamespaceSetup['settings'] = [
  ...['all', 'default'].flatMap((scope): (readonly [string, string])[] => [
    [`net/ipv6/conf/${scope}/disable_ipv6`, '0'],
    [`net/ipv6/conf/${scope}/accept_dad`, '0'],
    [`net/ipv6/conf/${scope}/router_solicitations`, '0'],
    [`net/ipv4/conf/${scope}/rp_filter`, '0'],
    [`net/ipv4/conf/${scope}/send_redirects`, '0'],
  ]),
  ['net/ipv4/icmp_ratelimit', '0'],
  ['net/ipv6/icmp/ratelimit', '0'],
]

export const FORWARDING_SETTINGS: NamespaceSetup['settings'] = [
  ['net/ipv4/ip_forward', '1'],
  ['net/ipv6/conf/all/forwarding', '1'],
  ['net/ipv6/conf/default/forwarding', '1'],
]

/** The line that gives a device an address; an IPv6 one is usable at once, without duplicate address detection. */
export function addAddress(address: string, prefix: number, device: string): string {
  return `address add ${address}/${prefix} dev ${device}${address.includes(':') ? ' nodad' : ''}`
}
