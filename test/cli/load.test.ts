import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { describeLab } from '../lab/describe-lab.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { printed, SHOP } from './run-selvedge.ts'

const golden = readFileSync(join(PROJECT_ROOT, 'test', 'golden', 'shop.nft'), 'utf8')

/** Lines that one text has more often than the other, with what is only the generation's number left out. */
function changedLines(text: string): readonly string[] {
  const count = new Map<string, number>()
  const tally = (from: string, step: number) => {
    for (const line of from.split('\n')) {
      const key = line.trim().replace(/(?<=== |\| )0x[0-9a-f]+/, 'N')
      count.set(key, (count.get(key) ?? 0) + step)
    }
  }
  tally(text, 1)
  tally(golden, -1)
  return [...count].flatMap(([line, times]) => (times === 0 ? [] : [`${times > 0 ? '+' : '-'} ${line}`])).sort()
}

/** What each flag changes in the golden ruleset, line for line. */
const FLAGS: readonly (readonly [readonly string[], readonly string[]])[] = [
  [['--deny', 'drop', '--established', 'rejudge', '--bridge-local', 'drop', '--mark-mask', 'fff00000'], []],
  [
    ['--deny', 'reject'],
    [
      '+ counter reject with icmpx admin-prohibited',
      '+ meta l4proto tcp counter reject with tcp reset',
      '- counter drop',
    ],
  ],
  [
    ['--established', 'keep'],
    [
      '+ ct state established accept',
      '- ct mark & 0xfff00000 == N ct state != related accept',
      '- ct mark set ct mark & 0x000fffff | N accept',
    ],
  ],
  [['--bridge-local', 'pass'], ['- goto refuse-silently']],
  [
    ['--service-proxy', 'ipvs'],
    [
      '+ ',
      '+ chain output {',
      '+ ct mark & 0xfff00000 == N ct state != related accept',
      '+ fib saddr type local accept',
      '+ ip saddr . ip daddr @self4 ct original ip saddr . ct original ip daddr != @self4 accept',
      '+ ip6 saddr . ip6 daddr @self6 ct original ip6 saddr . ct original ip6 daddr != @self6 accept',
      '+ meta nfproto ipv4 goto packets4',
      '+ meta nfproto ipv6 goto packets6',
      '+ type filter hook output priority filter + 5; policy accept;',
      '+ }',
      '- ct status dnat ip saddr . ip daddr @self4 accept',
      '- ct status dnat ip6 saddr . ip6 daddr @self6 accept',
    ],
  ],
  ...(
    [
      ['0x0000ff00', '0xffff00ff'],
      ['0x00000001', '0xfffffffe'],
      ['0xffffffff', '0x00000000'],
    ] as const
  ).map(
    ([mask, rest]) =>
      [
        ['--mark-mask', mask],
        [
          `+ ct mark & ${mask} == N ct state != related accept`,
          `+ ct mark set ct mark & ${rest} | N accept`,
          '- ct mark & 0xfff00000 == N ct state != related accept',
          '- ct mark set ct mark & 0x000fffff | N accept',
        ],
      ] as const,
  ),
]

const loads = async (text: string) => {
  const { exitCode, stderr } = await execa('unshare', ['--net', 'nft', '-c', '-f', '-'], { input: text, reject: false })
  return { exitCode, stderr }
}

test.each(FLAGS)('%s changes these lines and no others', async (flags, lines) => {
  expect(changedLines(await printed(['compile', '-f', SHOP, ...flags]))).toEqual(lines)
})

test('the generation is within the mask, and never 0', async () => {
  for (const mask of ['0x00000001', '0x0000ff00', '0x80000000']) {
    const text = await printed(['compile', '-f', SHOP, '--mark-mask', mask])
    const mark = Number(/ct mark & 0x[0-9a-f]+ == (0x[0-9a-f]+)/.exec(text)?.[1])
    expect(mark).not.toBe(0)
    expect((mark & ~Number(mask)) >>> 0).toBe(0)
  }
})

describeLab('nft takes', () => {
  test('the golden ruleset', async () => {
    expect(await loads(golden)).toEqual({ exitCode: 0, stderr: '' })
    expect(await loads(golden.replace('goto deny-in4\n', 'goto deny-in5\n'))).not.toMatchObject({ exitCode: 0 })
  })

  test('all flags at once, and the longest names', async () => {
    const flags = [
      '--deny',
      'reject',
      '--established',
      'keep',
      '--bridge-local',
      'pass',
      '--mark-mask',
      '0x0000ff00',
      '--service-proxy',
      'ipvs',
    ]
    const longest = `${'n'.repeat(63)}.${'n'.repeat(63)}`
    const metadata = (name: string) => ({ name, namespace: 'fwd', labels: { fwd: 'd'.repeat(63) } })
    const input = JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [
        { apiVersion: 'v1', kind: 'Pod', metadata: metadata(longest), status: { podIP: '10.0.0.1' } },
        {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: metadata(longest),
          spec: {
            podSelector: {},
            ingress: [{ from: [{ podSelector: { matchLabels: { fwd: 'd'.repeat(63) } } }] }],
          },
        },
      ],
    })
    const text = await printed(['compile', '-f', '-', ...flags], { input })
    expect(text).toMatch(/comment ".{125}\.\.\."/)
    expect(await loads(text)).toEqual({ exitCode: 0, stderr: '' })
  })
})
