import { beforeEach, expect, test } from 'vitest'
import { compareStanding } from '../../compiler/nftables/compare-standing.ts'
import { createNft } from '../../src/kernel/run-nft.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import { useNamespace } from '../kernel-room/namespace.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { engineOf } from '../laws/compile-cluster.ts'
import { clusterOf, pod, policy } from '../oracle/make-objects.ts'

const PEER = { from: [{ podSelector: { matchLabels: { app: 'one' } } }] }
const CLUSTER = clusterOf(
  pod('shop/hub', '10.244.1.10', { labels: { app: 'hub' } }),
  pod('shop/one', '10.244.1.11', { labels: { app: 'one' } }),
  policy('shop/hub', { podSelector: { matchLabels: { app: 'hub' } }, ingress: [PEER] }),
)

describeLab('what differs from what should stand has a class', () => {
  const namespace = useNamespace()
  const nft = createNft({ command: namespace.enter('nft'), timeoutMilliseconds: 10_000 })
  const desired = engineOf(CLUSTER).ruleset()
  const peers = [...desired.sets.keys()].find((name) => name.startsWith('p4-')) ?? 'no set of peers'

  const found = async () => {
    const listed = await nft.list()
    if (listed.kind !== 'table') throw new Error(`no listing: ${listed.kind}`)
    return compareStanding(listed.listing, desired, DEFAULT_OPTIONS)
  }

  beforeEach(() => namespace.nft(rulesetText(desired, DEFAULT_OPTIONS, 5)))

  test('as it was made it is equal', async () => {
    expect(await found()).toEqual({ kind: 'equal', generation: 5 })
  })

  test('as nft 1.0.2 lists it, which takes our maps for such without verdicts, it is equal', async () => {
    const listed = await nft.list()
    if (listed.kind !== 'table') throw new Error(`no listing: ${listed.kind}`)
    const text = JSON.stringify(listed.listing).replaceAll('"map":"verdict"', '"map":"invalid"')
    expect(text).toContain('{"vmap":')
    const spelled = JSON.parse(text.replaceAll('{"vmap":', '{"map":')) as unknown
    expect(compareStanding(spelled, desired, DEFAULT_OPTIONS)).toEqual({ kind: 'equal', generation: 5 })
  })

  test.each<readonly [string, string, string]>([
    ['elements', 'change', 'delete element inet selvedge iso4 { 10.244.1.10 }'],
    ['elements', 'change', `add element inet selvedge ${peers} { 192.0.2.1 }`],
    ['chains', 'change', 'flush chain inet selvedge in4-10.244.1.10'],
    ['chains', 'change', 'add chain inet selvedge more'],
    ['sets', 'change', 'add set inet selvedge more { type ipv4_addr; }'],
    ['frame', 'rebuild', 'flush chain inet selvedge packets4'],
    ['frame', 'rebuild', 'flush chain inet selvedge forward'],
    ['foreign', 'rebuild', 'add rule inet selvedge in4-10.244.1.10 log prefix "x"'],
  ])('%s, %s: %s', async (drift, kind, command) => {
    await namespace.nft(command)
    // Whatever differs, live flows carry the number that stands: it is not to be given out again.
    expect(await found()).toMatchObject({ kind, drift, generation: 5 })
  })

  const PEERS = `set ${peers} {\n    typeof ip saddr`
  test.each<readonly [string, string, string]>([
    ['frame', 'another key', PEERS.replace('typeof ip saddr', 'typeof ip6 saddr')],
    ['frame', 'intervals', `${PEERS}\n    flags interval`],
    ['foreign', 'elements that end', `${PEERS}\n    flags timeout`],
    ['foreign', 'a size', `${PEERS}\n    size 100`],
  ])('%s, rebuild: a set of our name with %s', async (drift, what, declared) => {
    const text = rulesetText(desired, DEFAULT_OPTIONS, 5)
    const edited = text.replace(PEERS, declared)
    expect(edited).not.toBe(text)
    // Rules and elements of the other family would not fit.
    const fits = what === 'another key' ? withoutUses(edited) : edited
    await namespace.nft(fits)
    const comparison = await found()
    expect(comparison).toMatchObject({ kind: 'rebuild', drift })
    await namespace.nft(text)
    expect(await found()).toEqual({ kind: 'equal', generation: 5 })
  })

  function withoutUses(text: string): string {
    const block = new RegExp(`(set ${peers} \\{[^}]*?)elements = \\{[^}]*\\}\\n`)
    return text
      .replace(block, '$1')
      .split('\n')
      .filter((line) => !line.includes(`@${peers}`))
      .join('\n')
  }
})
