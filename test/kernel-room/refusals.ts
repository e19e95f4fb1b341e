import type { NftFailureKind } from '../../src/kernel/nft-result.ts'

/** What stands while transactions are refused. */
export const TABLE = `table inet selvedge {
  set peers { type ipv4_addr; elements = { 10.244.1.5 }; }
  set blocks { type ipv4_addr; flags interval; elements = { 10.0.0.0/8 }; }
  set two { type ipv4_addr; size 2; }
  chain deny { drop; }
  chain forward { type filter hook forward priority filter + 5; policy accept; ip saddr @peers jump deny; }
}
`

/** Kind, the line that nft blames, the transaction, and some of nft's words; over TABLE. */
export const REFUSALS: readonly (readonly [NftFailureKind, number, string, string])[] = [
  ['syntax', 1, 'chan inet selvedge c', 'syntax error'],
  ['syntax', 1, `add rule inet selvedge deny drop comment "${'x'.repeat(129)}"`, 'comment too long'],
  ['not-found', 2, 'add chain inet selvedge c-1\ndelete element inet selvedge peers { 10.9.9.9 }', 'No such file'],
  ['not-found', 1, 'add element inet selvedge peer { 10.9.9.9 }', 'did you mean set'],
  ['not-found', 1, 'add rule inet selvedge deny jump c-gone', 'No such file'],
  ['exists', 1, 'create chain inet selvedge deny', 'File exists'],
  ['exists', 1, 'add element inet selvedge blocks { 10.1.0.0/16 }', 'interval'],
  ['busy', 1, 'delete chain inet selvedge deny', 'Device or resource busy'],
  ['busy', 1, 'delete set inet selvedge peers', 'Device or resource busy'],
  ['too-many', 1, 'add element inet selvedge two { 10.0.0.1, 10.0.0.2, 10.0.0.3 }', 'Too many open files'],
  [
    'other',
    2,
    'add chain inet selvedge post { type filter hook postrouting priority 0; }\nadd rule inet selvedge post reject',
    'not supported',
  ],
]
