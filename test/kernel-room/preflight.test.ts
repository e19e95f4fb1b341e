import { readFileSync, writeFileSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import { checkLegacyRules } from '../../src/kernel/check-rulesets.ts'
import type { Finding } from '../../src/kernel/finding.ts'
import { createPreflight, type PreflightOptions, preflight } from '../../src/kernel/preflight.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { ROOM, useNamespace } from './namespace.ts'

// trap 30b: pods of one bridge without br_netfilter are never a silent bypass

const MASK = 0xfff00000
const brief = (findings: readonly Finding[]) => findings.map(({ severity, id }) => `${severity} ${id}`)

describeLab('preflight on a node', () => {
  const namespace = useNamespace()
  const run = (options: Partial<PreflightOptions> = {}) =>
    namespace.node<readonly Finding[]>(`
      const { preflight } = await import(${JSON.stringify(`${ROOM}preflight.ts`)})
      console.log(JSON.stringify(await preflight(${JSON.stringify({ markMask: MASK, serviceProxy: 'nat', ...options })})))`)
  const sysctl = (ipv4: number, ipv6: number) =>
    namespace.sh(`echo ${ipv4} > /proc/sys/net/bridge/bridge-nf-call-iptables
      echo ${ipv6} > /proc/sys/net/bridge/bridge-nf-call-ip6tables
      echo 1 > /proc/sys/net/bridge/bridge-nf-filter-vlan-tagged`)
  const removeLinks = () =>
    namespace.sh('for link in cni0 br7 kube-ipvs0; do ip link del $link 2> /dev/null || true; done')

  beforeEach(async () => {
    await namespace.nft('flush ruleset')
    await removeLinks()
    await sysctl(0, 0)
  })

  test('finds nothing where there is nothing, and leaves nothing behind', async () => {
    const before = await namespace.sh('nft list ruleset; cat /proc/net/dev | cut -d: -f1')
    expect(await run()).toEqual([])
    expect(await namespace.sh('nft list ruleset; cat /proc/net/dev | cut -d: -f1')).toBe(before)
  })

  test('the bridge of the pods has to bring its packets past our hook, per family', async () => {
    await namespace.sh('ip link add cni0 type bridge')
    expect(brief(await run())).toEqual(['blocks bridge-bypass-ipv4', 'blocks bridge-bypass-ipv6'])
    await sysctl(1, 0)
    expect(brief(await run())).toEqual(['blocks bridge-bypass-ipv6'])
    await sysctl(0, 1)
    expect(brief(await run())).toEqual(['blocks bridge-bypass-ipv4'])
    await sysctl(1, 1)
    expect(await run()).toEqual([])
  })

  test('a frame with a VLAN tag is looked at only when br_netfilter is told to; where pods are on no bridge, nobody asks', async () => {
    await sysctl(1, 1)
    await namespace.sh('echo 0 > /proc/sys/net/bridge/bridge-nf-filter-vlan-tagged')
    expect(await run()).toEqual([])
    await namespace.sh('ip link add cni0 type bridge')
    const [finding, ...rest] = await run()
    expect(finding).toMatchObject({ id: 'bridge-vlan-bypass', severity: 'warns' })
    expect(finding?.cure).toContain('bridge-nf-filter-vlan-tagged=1')
    expect(rest).toEqual([])
  })

  test('or the bridge itself says so, with the sysctl at 0; each bridge for itself', async () => {
    await namespace.sh('ip link add cni0 type bridge nf_call_iptables 1')
    expect(brief(await run())).toEqual(['blocks bridge-bypass-ipv6'])
    await namespace.sh(`ip link set cni0 type bridge nf_call_ip6tables 1`)
    expect(await run()).toEqual([])
    await namespace.sh(`ip link add br7 type bridge; ip link add br7-port type veth peer name br7-peer
      ip link set br7-port master br7`)
    const findings = await run()
    expect(brief(findings)).toEqual(['blocks bridge-bypass-ipv4', 'blocks bridge-bypass-ipv6'])
    expect(findings[0]?.problem).toContain('pods of br7 pass')
    await namespace.sh('ip link del br7-port')
  })

  test('a bridge without pods is nobody of ours', async () => {
    await namespace.sh(`ip link add br7 type bridge
      ip link add br7-vxlan type vxlan id 7 dstport 4790
      ip link add br7-over type vxlan id 8 dstport 4791 dev lo
      ip link set br7-vxlan master br7
      ip link set br7-over master br7`)
    expect(await run()).toEqual([])
    await namespace.sh('ip link del br7-vxlan; ip link del br7-over')
  })

  test('other tables: engines, firewalld, users of our mark bits, and sets that this nft may crash on', async () => {
    await namespace.nft(`
      table inet firewalld { }
      table ip kube-router-filter-ipv4 { }
      table ip filter { chain KUBE-NWPLCY-ABC { }
        chain cali-FORWARD { }
      }
      table inet other { set s { type ipv4_addr; }
        chain c { ct mark set 0x1; }
        chain d { ct mark and 0xff == 1 accept; }
      }`)
    const findings = await run()
    const version = await namespace.sh('nft --version')
    const crashable = /v1\.(0\.\d+ |1\.[0-3] )/.test(version) ? ['warns nft-crashable'] : []
    const engine = 'warns other-engine'
    expect(brief(findings)).toEqual([...crashable, engine, engine, 'warns mark-shared', 'warns firewalld'])
    const [kubeRouter, calico, marks] = findings.slice(crashable.length)
    expect(kubeRouter?.problem).toContain(
      'the same): table kube-router-filter-ipv4 of family ip; chain KUBE-NWPLCY-ABC in ip filter; what either',
    )
    expect(kubeRouter?.cure).toContain('--disable-network-policy')
    expect(calico?.problem).toContain('(Calico): chain cali-FORWARD in ip filter;')
    expect(marks?.problem).toContain(': c in inet other;')
    expect(brief(await run({ markMask: 0xff00 }))).toContain('warns mark-shared')
  })

  test('our own table is no finding', async () => {
    await namespace.nft(`table inet selvedge { set s { type ipv4_addr; }
      chain c { ct mark set ct mark & 0x000fffff | 0x00100000; }
      }`)
    expect(await run()).toEqual([])
    await namespace.nft('table ip selvedge { chain c { ct mark set 0x1; }\n}')
    expect((await run())[0]?.problem).toContain(': c in ip selvedge;')
  })

  test('kube-proxy in IPVS mode', async () => {
    await namespace.sh('ip link add kube-ipvs0 type bridge')
    expect(brief(await run())).toEqual(['blocks ipvs'])
    expect(await run({ serviceProxy: 'ipvs' })).toEqual([])
  })

  test('no right to change the network', async () => {
    const findings = await run({ command: ['setpriv', '--bounding-set', '-net_admin', 'nft'] })
    expect(brief(findings)).toEqual(['blocks no-permission'])
  })

  test('a /sys of another namespace is said, not believed', async () => {
    await namespace.sh('ip link add cni0 type bridge')
    const sysFolder = temporaryFolder({ 'class/net/eth9/ifindex': '2\n' })
    expect(brief(await run({ sysFolder }))).toEqual(['warns sysfs-of-another-namespace'])
  })
})

describe('preflight with parts that are not to be had here', () => {
  /** A node's /proc and /sys with only lo, and the files given beside it. */
  function folders(proc: Readonly<Record<string, string>> = {}, sys: Readonly<Record<string, string>> = {}) {
    const procFolder = temporaryFolder({
      'net/dev': 'Inter-|   Receive\n face |bytes\n    lo: 0 0\n  cni0: 0 0\n',
      'net/nf_conntrack': '',
      'sys/net/ipv6/x': '',
      'sys/net/bridge/bridge-nf-call-iptables': '1\n',
      'sys/net/bridge/bridge-nf-call-ip6tables': '1\n',
      ...proc,
    })
    const sysFolder = temporaryFolder({ 'class/net/lo/ifindex': '1\n', 'class/net/cni0/bridge/x': '', ...sys })
    return { procFolder, sysFolder }
  }

  /** An nft that does everything well, but for the cases given. */
  function nft(cases = '', ruleset: readonly unknown[] = []) {
    const script = `#!/bin/sh
input=$(cat)
case "$*" in
${cases}
--version) echo 'nftables v1.1.4 (x)';;
'-j -t list ruleset') echo '${JSON.stringify({ nftables: ruleset })}';;
esac
`
    return [`${temporaryFolder({ nft: script })}/nft`]
  }

  const check = async (options: Partial<PreflightOptions>) =>
    brief(
      await preflight({
        markMask: MASK,
        serviceProxy: 'nat' as const,
        command: nft(),
        timeoutMilliseconds: 5_000,
        ...folders(),
        ...options,
      }),
    )

  test('all is well', async () => {
    expect(await check({})).toEqual([])
  })

  test.each([
    ['nft-too-old', `--version) echo 'nftables v1.0.0 (x)';;`, 'blocks'],
    ['nft-without-json', `'-j list tables') echo 'JSON support not compiled-in' >&2; exit 1;;`, 'blocks'],
    ['nft-fails', `'-j list tables') echo 'Error: mystery' >&2; exit 1;;`, 'blocks'],
    [
      'kernel-refuses',
      `'-c -f -') echo '/dev/stdin:2:3-4: Error: Could not process rule: Not supported' >&2; exit 1;;`,
      'blocks',
    ],
    ['nft-crashes', `'-j -t list ruleset') kill -SEGV $$;;`, 'warns'],
    ['rulesets-unseen', `'-j -t list ruleset') echo 'Error: mystery' >&2; exit 1;;`, 'warns'],
    ['rulesets-unseen', `'-j -t list ruleset') echo '{"nftables'; exit 0;;`, 'warns'],
  ])('%s: %s', async (id, cases, severity) => {
    expect(await check({ command: nft(cases) })).toEqual([`${severity} ${id}`])
  })

  test('nft 1.0.6 on a kernel that refuses what it writes for IPv6: nft is to blame', async () => {
    const older = `--version) echo 'nftables v1.0.6 (x)';;
'-c -f -') case "$input" in *ipv6_addr*) ;; *) exit 0;; esac; echo '/dev/stdin:8:5-60: Error: Could not process rule: Operation not supported' >&2; exit 1;;`
    const options = { markMask: MASK, serviceProxy: 'nat' as const, command: nft(older), ...folders() }
    const [finding] = await preflight({ ...options, kernelRelease: '6.12.117' })
    expect(finding).toMatchObject({ id: 'ipv6-refused', severity: 'warns' })
    expect(finding?.cure).toContain('the kernel is not to blame')
  })

  test('IPVS is judged where the ruleset is laid out for it, as long as it keeps to conntrack', async () => {
    const links = 'Inter-|   Receive\n face |bytes\nkube-ipvs0:       0       0\n'
    const on = (conntrack: string) => folders({ 'net/dev': links, 'sys/net/ipv4/vs/conntrack': conntrack })
    expect(await check(on('1\n'))).toEqual(['blocks ipvs'])
    expect(await check({ ...on('1\n'), serviceProxy: 'ipvs' })).toEqual([])
    expect(await check({ ...on('0\n'), serviceProxy: 'ipvs' })).toEqual(['blocks ipvs'])
    expect(await check({ ...folders(), serviceProxy: 'ipvs' })).toEqual([])
  })

  test('conntrack is missing, or may not list', async () => {
    const counts = { ...folders({ 'sys/net/netfilter/nf_conntrack_count': '3\n' }) }
    const tool = (script: string) => [`${temporaryFolder({ conntrack: `#!/bin/sh\n${script}\n` })}/conntrack`]
    const none = "conntrack v1.4.8: Operation failed: such conntrack doesn't exist"
    expect(await check({ ...counts, conntrack: tool(`echo "${none}" >&2; exit 1`) })).toEqual([])
    const unlisted = ['warns conntrack-unlisted']
    expect(await check({ ...counts, conntrack: ['/nowhere/conntrack'] })).toEqual(unlisted)
    expect(await check({ ...counts, conntrack: tool('echo "sorry, you must be root" >&2; exit 1') })).toEqual(unlisted)
  })

  test('looked at again, only what is cheap is asked for, until tables come or go', async () => {
    const folder = temporaryFolder({ tables: 'one\n', rulesets: '' })
    const command = nft(`'-j list tables') cat ${folder}/tables;;
'-j -t list ruleset') echo once >> ${folder}/rulesets; echo '{"nftables":[{"table":{"family":"inet","name":"firewalld"}}]}';;`)
    const listings = () => readFileSync(`${folder}/rulesets`, 'utf8').split('\n').length - 1
    const look = createPreflight({
      markMask: MASK,
      serviceProxy: 'nat' as const,
      command,
      timeoutMilliseconds: 5_000,
      ...folders(),
    })
    for (let round = 0; round < 3; round += 1) expect(brief(await look())).toEqual(['warns firewalld'])
    expect(listings()).toBe(1)
    writeFileSync(`${folder}/tables`, 'two\n')
    expect(brief(await look())).toEqual(['warns firewalld'])
    expect(listings()).toBe(2)
  })

  test('nft is missing, and what else stands in the way is still said', async () => {
    const { procFolder, sysFolder } = folders({ 'sys/net/bridge/bridge-nf-call-iptables': '0\n' })
    const command = [`${temporaryFolder()}/nft`]
    expect(await check({ command, procFolder, sysFolder })).toEqual(['blocks nft-missing', 'blocks bridge-bypass-ipv4'])
  })

  test('nft hangs: an answer comes all the same', async () => {
    expect(await check({ command: nft('--version) exec sleep 100;;'), timeoutMilliseconds: 200 })).toEqual([
      'blocks nft-fails',
    ])
  })

  test('flowtables, rules of iptables-nft on the mark, sets beside an older nft', async () => {
    const ruleset = [
      { flowtable: { family: 'inet', table: 'fw', name: 'ft', hook: 'ingress', prio: 0, dev: ['eth0'] } },
      { flowtable: { family: 'inet', table: 'selvedge', name: 'ours' } },
      {
        rule: {
          family: 'ip',
          table: 'mangle',
          chain: 'PREROUTING',
          expr: [{ xt: { type: 'target', name: 'CONNMARK' } }],
        },
      },
      { rule: { family: 'ip', table: 'mangle', chain: 'PREROUTING', expr: [{ xt: null }] } },
    ]
    expect(await check({ command: nft('', ruleset) })).toEqual(['warns mark-shared', 'warns flowtable'])
    const set = { set: { family: 'ip', table: 'kube-proxy', name: 'cluster-ips' } }
    expect(await check({ command: nft('', [set]) })).toEqual([])
    const older = `--version) echo 'nftables v1.1.3 (x)';;`
    expect(await check({ command: nft(older, [set]) })).toEqual(['warns nft-crashable'])
  })

  test.each([
    ['table', 'inet', 'kube-router-filter', /kube-router.*k3s/, '--disable-network-policy'],
    ['chain', 'ip filter', 'KUBE-ROUTER-FORWARD', /kube-router/, '--run-firewall=false'],
    ['chain', 'ip filter', 'KUBE-POD-FW-ABCDEF', /k3s/, '--disable-network-policy'],
    ['chain', 'ip6 filter', 'KUBE-NWPLCY-ABCDEF', /k3s/, '--disable-network-policy'],
    ['table', 'inet', 'kube-network-policies', /kube-network-policies/, 'nft delete table'],
    ['table', 'ip', 'calico', /Calico/, 'calico-node'],
    ['chain', 'ip filter', 'cali-tw-cali123', /Calico/, 'cali- chains'],
    ['chain', 'ip filter', 'WEAVE-NPC-DEFAULT', /Weave/, 'weave reset'],
    ['chain', 'ip mangle', 'CILIUM_PRE_mangle', /Cilium/, 'cleanup'],
    ['chain', 'ip filter', 'ANTREA-FORWARD', /Antrea/, 'reboot'],
  ])('the %s of another engine: %s %s', async (kind, place, name, engine, cure) => {
    const [family, table] = place.split(' ')
    const object = kind === 'table' ? { family, name } : { family, table, name }
    const findings = await preflight({
      markMask: MASK,
      serviceProxy: 'nat' as const,
      command: nft('', [{ [kind]: object }]),
      ...folders(),
    })
    expect(brief(findings)).toEqual(['warns other-engine'])
    expect(findings[0]?.problem).toMatch(engine)
    expect(findings[0]?.cure).toContain(cure)
  })

  test('chains that are like those of an engine, and objects that are none', async () => {
    const chains = ['KUBE-SERVICES', 'FLANNEL-FWD', 'calibration', 'KUBE-FORWARD'].map((name) => ({
      chain: { family: 'ip', table: 'filter', name },
    }))
    const odd = [null, 7, 'x', {}, { rule: null }, { set: null }, { chain: 7 }, { rule: { expr: 'x' } }]
    const older = `--version) echo 'nftables v1.1.3 (x)';;`
    expect(await check({ command: nft(older, [...chains, ...odd]) })).toEqual([])
  })

  test('br_netfilter is not loaded: asked for only where pods are on a bridge', async () => {
    const { procFolder } = folders()
    const without = temporaryFolder({ 'net/dev': '    lo: 0\n  cni0: 0\n', 'net/nf_conntrack': '' })
    const noBridge = temporaryFolder({ 'class/net/lo/x': '', 'class/net/cni0/x': '' })
    const loaded = { 'class/net/lo/x': '', 'class/net/cni0/bridge/nf_call_iptables': '1\n' }
    expect(await check({ procFolder: without, sysFolder: temporaryFolder(loaded) })).toEqual([
      'blocks br-netfilter-absent',
    ])
    expect(await check({ procFolder: without, sysFolder: noBridge })).toEqual([])
    expect(await check({ procFolder, sysFolder: noBridge })).toEqual([])
  })

  test('a kernel without IPv6 is not asked for ip6tables', async () => {
    const procFolder = temporaryFolder({
      'net/dev': '    lo: 0\n  cni0: 0\n',
      'sys/net/bridge/bridge-nf-call-iptables': '1\n',
    })
    expect(await check({ procFolder })).toEqual([])
  })

  test.each([
    ['4.18.0-553.el8', ['warns kernel-too-old']],
    ['5.9.16', ['warns kernel-too-old']],
    ['5.10.0-30-amd64', []],
    ['6.1.0', []],
  ])('kernel %s', async (kernelRelease, expected) => {
    expect(await check({ kernelRelease })).toEqual(expected)
  })

  test('conntrack is nearly full', async () => {
    const counts = (count: number) => ({
      ...folders({
        'sys/net/netfilter/nf_conntrack_count': `${count}\n`,
        'sys/net/netfilter/nf_conntrack_max': '1000\n',
      }),
    })
    expect(await check(counts(899))).toEqual([])
    expect(await check(counts(900))).toEqual(['warns conntrack-nearly-full'])
  })

  test('legacy iptables has tables: its rules are looked at, or it is said that they were not', async () => {
    const procFolder = () => folders({ 'net/ip_tables_names': 'filter\nmangle\n' }).procFolder
    const path = process.env['PATH']
    const saved = `:INPUT ACCEPT [0:0]
:KUBE-ROUTER-FORWARD - [0:0]
-A PREROUTING -j CONNMARK --save-mark --nfmask 0xff0000 --ctmask 0xff0000
-A INPUT -m connmark --mark 0x1/0x1 -j ACCEPT`
    const tools = temporaryFolder({ 'iptables-legacy-save': `#!/bin/sh\ncat << 'END'\n${saved}\nEND\n` })
    try {
      process.env['PATH'] = `${temporaryFolder()}`
      expect(await check({ command: ['/nowhere/nft'], procFolder: procFolder() })).toEqual([
        'blocks nft-missing',
        'warns legacy-iptables-unseen',
      ])
      process.env['PATH'] = `${tools}:${path}`
      expect(await check({ procFolder: procFolder(), markMask: 0x00f00000 })).toEqual([
        'warns other-engine',
        'warns mark-shared',
      ])
      expect(await check({ procFolder: procFolder(), markMask: 0x0f000000 })).toEqual(['warns other-engine'])
      expect(checkLegacyRules('-A OUTPUT -j CONNMARK --restore-mark\n', 0x0f000000)[0]?.problem).toContain('OUTPUT in')
    } finally {
      process.env['PATH'] = path
    }
  })
})
