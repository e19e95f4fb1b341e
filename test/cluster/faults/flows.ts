import { FAMILIES } from '../../../compiler/addresses/address.ts'
import type { Lab } from '../../../src/lab/lab.ts'
import type { LabPlan } from '../../../src/lab/plan.ts'
import { addressOf, nodeOf, POD_NAMES, rawPods } from '../../kernel/kernel-lab.ts'
import { probe } from '../../kernel/passing.ts'
import { app, egress, ingress, tcp, udp } from '../../kernel/policies.ts'
import { namespace } from '../../oracle/make-objects.ts'
import type { RawObject } from '../../oracle/raw-cluster.ts'
import type { Flows } from './packets.ts'

/** The pods of kernel-lab: web, db and idle on node-1, far on node-2. */
export const PLAN: LabPlan = {
  arrangement: 'bridged',
  nodes: [{ name: 'node-1' }, { name: 'node-2' }],
  pods: POD_NAMES.map((name) => ({
    name: `shop/${name}`,
    node: nodeOf(name),
    addresses: FAMILIES.map((family) => addressOf(name, family)),
  })),
  outside: FAMILIES.map((family) => addressOf('outside', family)),
}

/** What stands in every test: db lets in web and, for datagrams, far; idle sends nothing. */
export const STANDING: readonly RawObject[] = [
  namespace('shop', {}),
  ...rawPods(),
  ingress('db', { from: [app('web')], ports: [tcp(80), udp(80)] }, { from: [app('far')], ports: [udp(80)] }),
  egress('idle'),
]

const TCP = { protocol: 'TCP', port: 80 } as const
const UDP = { protocol: 'UDP', port: 80 } as const

/** Flows whose verdict no test changes; the sessions begin now. */
export async function openFlows(lab: Lab): Promise<Flows> {
  await lab.serve('shop/db', { tcp: [80], udp: [80] })
  const ofWeb = { from: 'shop/web', toAddress: addressOf('db', 'IPv4'), ...TCP }
  const ofFar = { from: 'shop/far', toAddress: addressOf('db', 'IPv6'), ...UDP }
  return {
    denied: {
      'idle to db': probe('IPv4', 'idle', 'db', TCP),
      'outside to db': probe('IPv6', 'outside', 'db', UDP),
      'web to another port of db': probe('IPv6', 'web', 'db', { ...TCP, port: 81 }),
      'far to db by TCP': probe('IPv4', 'far', 'db', TCP),
      'idle to far': probe('IPv4', 'idle', 'far', UDP),
    },
    allowed: {
      'web to db': probe('IPv4', 'web', 'db', TCP),
      'web to db by IPv6': probe('IPv6', 'web', 'db', UDP),
      'far to db': probe('IPv4', 'far', 'db', UDP),
      'db to web': probe('IPv4', 'db', 'web', TCP),
      'far to web': probe('IPv6', 'far', 'web', TCP),
    },
    held: { 'web to db': await lab.session(ofWeb), 'far to db': await lab.session(ofFar) },
  }
}
