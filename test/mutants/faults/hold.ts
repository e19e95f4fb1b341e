import type { Fault } from '../fault.ts'

const law = 'held or let pass, before or after'
const reused = 'an address of another pod goes'

/** Which addresses pass, when, and what is remembered of them. */
export const HOLD: readonly Fault[] = [
  {
    fault: 'an address passes before its isolation stands',
    law,
    file: 'nftables/plan-transactions.ts',
    find: '(holds(first.removedElements) || changesWays(first))',
    replace: 'holds(first.removedElements)',
  },
  {
    fault: 'an address leaves after its isolation',
    law,
    file: 'nftables/plan-transactions.ts',
    find: 'const loss = LOCAL_SETS.has(name) ? steps.close : steps.open',
    replace: 'const loss = steps.open',
  },
  {
    fault: 'an address leaves together with its isolation',
    law,
    file: 'nftables/plan-transactions.ts',
    find: 'if (closes && (takesIsolation(then) || ',
    replace: 'if (closes && (',
  },
  {
    fault: 'what another pod gets is not judged again',
    law,
    file: 'engine/create-engine.ts',
    find: ' || (frameAfter.isHolding && local.hasLeft)',
    replace: '',
  },
  {
    fault: 'what the hold’s rules stop is not judged again when they come',
    law,
    file: 'engine/create-engine.ts',
    find: ' || frames.judgesAnew',
    replace: '',
  },
  {
    fault: 'an address that another pod gets does not leave',
    law,
    file: 'engine/local-addresses.ts',
    find: "if (before !== undefined) changeOf('local', address).removed.push(",
    replace: "if (before !== undefined && tenant === undefined) changeOf('local', address).removed.push(",
  },
  {
    fault: 'the hold is looked at behind the dispatch',
    law,
    file: 'nftables/frame-chains.ts',
    find: "    // Before everything that can accept: an answer, an error and an untracked packet are held as any other.\n    ...(frame.isHolding && frame.hold.kind === 'on' ? holdRules(family, frame.hold.blocks) : []),\n    ...(family === 'IPv4' ? [] : [rule('ip6 saddr fe00::/8', jump('link-local'))]),\n    rule('ct state != new', jump(`other${digit}`)),\n    rule(byMap(addressField(family, 'source'), `eg${digit}`)),\n    rule(byMap(addressField(family, 'destination'), `in${digit}`)),\n",
    replace:
      "    // Before everything that can accept: an answer, an error and an untracked packet are held as any other.\n    ...(family === 'IPv4' ? [] : [rule('ip6 saddr fe00::/8', jump('link-local'))]),\n    rule('ct state != new', jump(`other${digit}`)),\n    rule(byMap(addressField(family, 'source'), `eg${digit}`)),\n    rule(byMap(addressField(family, 'destination'), `in${digit}`)),\n    ...(frame.isHolding && frame.hold.kind === 'on' ? holdRules(family, frame.hold.blocks) : []),\n",
  },
  {
    fault: 'what IPVS carries is not held',
    law: 'held at output as at forward',
    file: 'nftables/frame-chains.ts',
    find: "frame.hold.kind === 'on' ? holdRules(family, frame.hold.blocks) : []",
    replace: "frame.hold.kind === 'on' ? [rule('meta iif 0 goto allow'), ...holdRules(family, frame.hold.blocks)] : []",
  },
  {
    fault: 'the hold’s rules go before isolation has begun',
    law,
    file: 'nftables/plan-transactions.ts',
    find: 'const step = ends ? steps.begin : steps.close',
    replace: 'const step = steps.close',
  },
  {
    fault: 'a pod’s status beats a live sandbox',
    law,
    file: 'engine/address-owners.ts',
    find: 'if (sandbox !== undefined) return claimantsOf',
    replace: 'if (sandbox === null) return claimantsOf',
  },
  {
    fault: 'a pod of another uid has the sandbox',
    law,
    file: 'engine/sandbox-book.ts',
    find: '(sandbox.uid === pod.uid || sandbox.uid === pod.staticUid)',
    replace: 'sandbox.uid !== undefined',
  },
  {
    fault: 'whose file has gone keeps its address',
    law,
    file: 'engine/create-hold.ts',
    find: '(sandbox !== undefined || !sandboxes.hasLost(owner.pod, address))',
    replace: 'true',
  },
  {
    fault: 'a pod of a namespace that nobody knows passes',
    law,
    file: 'engine/create-hold.ts',
    find: '      namespaces.has(owner.pod.namespace) &&\n      (sandbox',
    replace: '      (sandbox',
  },
  {
    fault: 'nobody notes whose an address is',
    law: reused,
    file: 'engine/create-hold.ts',
    find: 'uid: staticUid }',
    replace: "uid: '' }",
  },
  {
    fault: 'what another pod has by now is left to it',
    law: reused,
    file: 'nftables/hold-sets.ts',
    find: 'return one !== other && one.includes(BESIDE) && other.includes(BESIDE)',
    replace: 'return false',
  },
  {
    fault: 'what stands for another pod is adopted',
    law: reused,
    file: 'nftables/compare-rulesets.ts',
    find: 'return other === undefined || isOfAnotherPod(element, other)',
    replace: 'return other === undefined',
  },
  {
    fault: 'who gains a peer may gain it while the hold is still to close it',
    law: 'held or let pass, before or after',
    file: 'nftables/plan-transactions.ts',
    find: ' || peerSets(then.addedElements).length > 0)) return false',
    replace: ')) return false',
  },
  {
    fault: 'an address is let pass while peers that it has lost are still found',
    law: 'held or let pass, before or after',
    file: 'nftables/plan-transactions.ts',
    find: 'return isBegun || losesPeers ||',
    replace: 'return isBegun ||',
  },
]
