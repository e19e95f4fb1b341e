import { findEnd } from '../cluster/find-end.ts'
import { answerQuestion } from '../explain/answer-question.ts'
import type { Refusal } from '../explain/site.ts'
import { podKey } from '../objects/pod-name.ts'
import { PROTOCOLS } from '../objects/protocol.ts'
import type { AskedPorts } from './asked-ports.ts'
import type { Finding } from './finding.ts'
import type { Judged } from './judge-expect.ts'
import type { End, ExpectAssertion } from './policy-test.ts'
import type { World } from './world.ts'

/**
 * Two names of which one is an address or a pod on the network of a node are what `explain` knows more about: node ports, own
 * nodes, labels that no file says. Undefined where nothing of that is asked, or not port by port.
 */
export function askExplain(world: World, { from, to, ports, expect }: ExpectAssertion): Judged | Refusal | undefined {
  if (from.kind !== 'word' || to.kind !== 'word') return undefined
  const questions = ports && singlePorts(ports)
  if (questions === undefined || ![from, to].some((end) => isSpecial(world, end))) return undefined
  const findings: Finding[] = []
  for (const port of questions) {
    const { cluster, namespace } = world
    const answer = answerQuestion(cluster, { from: from.word, to: to.word, port, namespace })
    if (answer.kind === 'problem') {
      // Explain's words for what the input leaves open; all else of it is a question that cannot be put so.
      if (!answer.problem.startsWith('it depends')) return answer
      findings.push({ kind: 'untold', text: `${from.text} → ${to.text} ${port} cannot be told: ${answer.problem}` })
      continue
    }
    const isWrong = expect === 'allow' ? !answer.allowed : answer.pairs.some((pair) => pair.allowed)
    const pairs = answer.pairs.filter((pair) => pair.allowed === (expect === 'deny'))
    if (isWrong) findings.push({ kind: 'explained', explanation: { ...answer, pairs } })
  }
  return { kind: 'judged', findings }
}

function isSpecial(world: World, { word }: Extract<End, { kind: 'word' }>): boolean {
  const found = findEnd(world.cluster, word, world.namespace)
  switch (found.kind) {
    case 'address':
    case 'hosts':
      return true
    case 'pods':
      return found.pods.some(({ pod }) => world.untold.has(podKey(pod)))
    case 'service':
    case 'ingress':
    case 'nothing':
      return false
  }
}

/** As explain takes them; undefined where a range is asked. */
function singlePorts({ numbers, names }: AskedPorts): readonly string[] | undefined {
  const ranges = PROTOCOLS.flatMap((protocol) => numbers.ranges[protocol].map((range) => ({ ...range, protocol })))
  if (ranges.some((range) => range.from !== range.to)) return undefined
  return [
    ...ranges.map(({ from, protocol }) => `${from}/${protocol}`),
    ...names.map(({ name, protocol }) => `${name}/${protocol}`),
    ...(numbers.other ? ['icmp'] : []),
  ]
}
