import type { LintRule } from './lint-rule.ts'
import { allowAllUndoesDeny } from './rules/allow-all-undoes-deny.ts'
import { auditOnlyHere } from './rules/audit-only-here.ts'
import { blockForService } from './rules/block-for-service.ts'
import { blockOverPods } from './rules/block-over-pods.ts'
import { blockWithHostBits } from './rules/block-with-host-bits.ts'
import { dnsWithoutNodeLocal } from './rules/dns-without-node-local.ts'
import { egressForgetsDns } from './rules/egress-forgets-dns.ts'
import { exceptGivenBack } from './rules/except-given-back.ts'
import { hostNetworkPeer } from './rules/host-network-peer.ts'
import { ignoreWithoutEffect } from './rules/ignore-without-effect.ts'
import { oneFamilyOnly } from './rules/one-family-only.ts'
import { peerMatchesNothing } from './rules/peer-matches-nothing.ts'
import { peerSwallowed } from './rules/peer-swallowed.ts'
import { peersOrNotAnd } from './rules/peers-or-not-and.ts'
import { portNameUnknown } from './rules/port-name-unknown.ts'
import { portNobodyListensOn } from './rules/port-nobody-listens-on.ts'
import { ruleNeverUsed } from './rules/rule-never-used.ts'
import { ruleShadowed } from './rules/rule-shadowed.ts'
import { ruleSplitInTwo } from './rules/rule-split-in-two.ts'
import { rulesWithoutType } from './rules/rules-without-type.ts'
import { selectsNoPod } from './rules/selects-no-pod.ts'
import { servicePort } from './rules/service-port.ts'
import { unprotected } from './rules/unprotected.ts'

/** Every rule, by name. */
export const ALL_RULES: readonly LintRule[] = [
  allowAllUndoesDeny,
  auditOnlyHere,
  blockForService,
  blockOverPods,
  blockWithHostBits,
  dnsWithoutNodeLocal,
  egressForgetsDns,
  exceptGivenBack,
  hostNetworkPeer,
  ignoreWithoutEffect,
  oneFamilyOnly,
  peerMatchesNothing,
  peerSwallowed,
  peersOrNotAnd,
  portNameUnknown,
  portNobodyListensOn,
  ruleNeverUsed,
  ruleShadowed,
  ruleSplitInTwo,
  rulesWithoutType,
  selectsNoPod,
  servicePort,
  unprotected,
]
