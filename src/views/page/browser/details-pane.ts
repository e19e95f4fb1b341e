import type { PageData, PageDirection, PageFlow, PageNode } from '../page-data.ts'
import type { PageElement } from './browser.ts'
import type { MakeElement } from './make-element.ts'
import type { ReachIndex, WantedPort } from './reach-index.ts'

export interface DetailsPane {
  /** Shows a node, with the connections of these directions that hold the port; says in a line what it shows. */
  show(node: PageNode, direction: 'both' | 'in' | 'out', port: WantedPort | undefined): string
}

/** What reaches a node, what it reaches, and the rules behind: for each connection those that let it pass. */
export function createDetailsPane(
  data: PageData,
  index: ReachIndex,
  place: PageElement,
  make: MakeElement,
  choose: (id: string) => void,
): DetailsPane {
  const PAGE = 100
  const OPEN_AT_MOST = 15
  const STATES = {
    isolated: 'Isolated both ways: only what policies allow comes in and goes out.',
    'ingress isolated': 'Reached only as policies allow; it may itself reach everything.',
    'egress isolated': 'Reaches only what policies allow; everything may reach it.',
    open: 'Open: no policy isolates it, everything comes in and goes out.',
    'host network':
      'On the network of its node: no policy governs it, and no selector matches it. It and the pods of its own node always reach each other; pods of other nodes take it for an address outside.',
  }

  const WORDS = data.denied
    ? { ingress: 'Is not reached by', egress: 'Does not reach', leave: 'is kept in by', enter: 'is kept out by' }
    : { ingress: 'Is reached by', egress: 'Reaches', leave: 'may leave by', enter: 'may enter by' }

  interface Row {
    /** Made when it is shown: there may be thousands. */
    readonly end: () => PageElement
    readonly ports: string
    /** How often it was seen, or never; undefined where nobody looked, or the row is of addresses. */
    readonly seen: string | undefined
    /** By direction, outgoing first, as a connection meets them: rules, or policies of what does not pass. */
    readonly why: readonly (readonly [PageDirection, readonly number[]])[]
  }

  function link({ id, state }: PageNode): PageElement {
    const glyph = make('span', { class: 'glyph', 'data-state': state, 'aria-hidden': 'true' })
    const button = make('button', { type: 'button', class: 'link' }, glyph, id)
    button.addEventListener('click', () => choose(id))
    return button
  }

  function ruleItem(position: number): PageElement {
    const rule = data.rules[position]
    if (rule === undefined) return make('li', {})
    const name = make('b', {}, `${data.policies[rule.policy]?.name ?? ''} ${rule.name}`)
    const where = rule.place === '' ? [] : [make('span', { class: 'where' }, rule.place)]
    return make('li', {}, name, ` ${rule.text}`, where)
  }

  function policyItem(position: number): PageElement {
    const { name = '', place = '' } = data.policies[position] ?? {}
    return make('li', {}, make('b', {}, name), place === '' ? [] : [make('span', { class: 'where' }, place)])
  }

  function whyCell({ why }: Row, open: boolean): PageElement {
    const rules = why.flatMap(([, list]) => list)
    if (rules.length === 0) return make('td', {}, 'no policy in the way')
    const parts = why
      .filter(([, list]) => list.length > 0)
      .flatMap(([direction, list]) => [
        make('p', { class: 'way' }, direction === 'egress' ? WORDS.leave : WORDS.enter),
        make('ul', {}, list.map(data.denied ? policyItem : ruleItem)),
      ])
    const [one, many] = data.denied ? ['policy', 'policies'] : ['rule', 'rules']
    const summary = make('summary', {}, `${rules.length} ${rules.length === 1 ? one : many}`)
    return make('td', {}, make('details', open ? { open: '' } : {}, summary, parts))
  }

  function table(caption: string, rows: readonly Row[], count: number): PageElement {
    const seenHead = data.flows === undefined ? [] : ['Seen']
    const head = ['Who', 'Ports', ...seenHead, 'Why'].map((text) => make('th', { scope: 'col' }, text))
    const open = rows.length <= OPEN_AT_MOST
    const body = rows
      .slice(0, count)
      .map((row) =>
        make(
          'tr',
          {},
          make('th', { scope: 'row' }, row.end()),
          make('td', {}, row.ports),
          data.flows === undefined ? [] : [make('td', row.seen === 'never' ? { class: 'zero' } : {}, row.seen ?? '')],
          whyCell(row, open),
        ),
      )
    const parts = [
      make('caption', { class: 'unseen' }, caption),
      make('thead', {}, make('tr', {}, head)),
      make('tbody', {}, body),
    ]
    const holder = make('div', { class: 'table' }, make('table', {}, parts))
    if (rows.length > count) {
      const more = make('button', { type: 'button', class: 'more' }, `Show ${Math.min(PAGE, rows.length - count)} more`)
      more.addEventListener('click', () => {
        holder.replaceChildren(table(caption, rows, count + PAGE))
        holder.tabIndex = -1
        holder.focus({ preventScroll: true })
      })
      holder.append(more)
    }
    return holder
  }

  function rowsTo(node: PageNode, direction: PageDirection, passing: readonly boolean[]): readonly Row[] {
    return data.nodes.flatMap((other): readonly Row[] => {
      // A pod by itself has no way to itself to speak of.
      if (other === node && node.pods.length < 2) return []
      if (!node.asked && !other.asked) return []
      const from = direction === 'egress' ? node.class : other.class
      const to = direction === 'egress' ? other.class : node.class
      const reach = index.at(from, to)
      if (reach === 0 || passing[reach] !== true) return []
      const why = (['egress', 'ingress'] as const).map((way) => [way, whyOf(way, from, to)] as const)
      const [source, target] = direction === 'egress' ? [node, other] : [other, node]
      return [
        { end: () => link(other), ports: data.reaches[reach]?.text ?? '', seen: seenText(source.id, target.id), why },
      ]
    })
  }

  function whyOf(way: PageDirection, from: number, to: number): readonly number[] {
    if (!data.denied) return index.rules(way, from, to)
    const isHeld = data.reaches[index.at(from, to)]?.held?.includes(way) === true
    return isHeld ? (data.isolatedBy[way][way === 'egress' ? from : to] ?? []) : []
  }

  function seenText(from: string, to: string): string {
    const flows = (data.flows?.used ?? []).filter((flow) => flow.from === from && flow.to === to)
    return flows.length === 0 ? 'never' : flows.map(({ port, count }) => `${port} ${count}×`).join(', ')
  }

  /** Who else was seen, and who tried: neither is a row of who may. */
  function seenList(title: string, flows: readonly PageFlow[], other: 'from' | 'to'): readonly PageElement[] {
    if (flows.length === 0) return []
    const rest = flows.length - PAGE
    const items = flows
      .slice(0, PAGE)
      .map((flow) => make('li', {}, `${flow[other]} ${flow.port}, ${flow.count}×, last at ${flow.lastSeen}`))
    const more = rest > 0 ? [make('li', {}, `and ${rest} more`)] : []
    return [make('div', { class: 'because seen' }, make('p', {}, title), make('ul', {}, items, more))]
  }

  function seenLists(node: PageNode, direction: PageDirection): readonly PageElement[] {
    if (data.flows === undefined) return []
    const [own, other] = direction === 'egress' ? (['from', 'to'] as const) : (['to', 'from'] as const)
    const classes = new Map(data.nodes.map((one) => [one.id, one.class]))
    const used = data.flows.used.filter((flow) => flow[own] === node.id)
    const others = used.filter((flow) => !classes.has(flow[other]))
    const closed = used.filter((flow) => {
      const [from, to] = [classes.get(flow.from), classes.get(flow.to)]
      return from !== undefined && to !== undefined && index.at(from, to) === 0
    })
    const refused = data.flows.refused.filter((flow) => flow[own] === node.id)
    return [
      ...seenList('Seen with others', others, other),
      ...seenList('Seen, and not allowed any more', closed, other),
      ...seenList(direction === 'egress' ? 'Tried, and was refused' : 'Tried, and were refused', refused, other),
    ]
  }

  function outsideRows(node: PageNode, direction: PageDirection, port: WantedPort | undefined): readonly Row[] {
    const entries = node.asked ? (data.outside[direction][node.class] ?? []) : []
    return entries
      .filter(({ ports }) => index.holds(ports, port))
      .map(({ addresses, text, rules }) => ({
        end: () => make('span', { class: 'outside' }, addresses),
        ports: text,
        seen: undefined,
        why: [[direction, data.denied ? (data.isolatedBy[direction][node.class] ?? []) : rules]],
      }))
  }

  function policyList(node: PageNode, direction: PageDirection): PageElement {
    const policies = (data.isolatedBy[direction][node.class] ?? []).flatMap((position) => data.policies[position] ?? [])
    const verb = direction === 'ingress' ? 'coming in' : 'going out'
    if (policies.length === 0) return make('p', { class: 'because' }, `No policy isolates it for what is ${verb}.`)
    const items = policies.map(({ name, place, closed }) =>
      make(
        'li',
        {},
        make('b', {}, name),
        place === '' ? [] : [make('span', { class: 'where' }, place)],
        closed[direction] === '' ? [] : [` cannot be compiled, and grants nothing: ${closed[direction]}`],
      ),
    )
    return make('div', { class: 'because' }, make('p', {}, `Isolated for what is ${verb} by`), make('ul', {}, items))
  }

  /** Connections that some rule let pass come first; the rest are of interest to few, and may be hundreds. */
  function side(
    node: PageNode,
    direction: PageDirection,
    port: WantedPort | undefined,
  ): readonly [PageElement, number] {
    const rows = [...rowsTo(node, direction, index.reachesWith(port)), ...outsideRows(node, direction, port)]
    const said = rows.filter(({ why }) => why.some(([, rules]) => rules.length > 0))
    const unsaid = rows.filter((row) => !said.includes(row))
    const title = WORDS[direction]
    const id = `side-${direction}`
    const heading = make('h3', { id }, title, make('span', { class: 'count' }, ` ${rows.length}`))
    const parts = [heading, policyList(node, direction)]
    const isOpen = (data.isolatedBy[direction][node.class] ?? []).length === 0
    if (said.length > 0) parts.push(table(`${title}, by rules`, said, PAGE))
    if (unsaid.length > 0) {
      const summary = make('summary', {}, `${unsaid.length} with no policy in the way`)
      const few = said.length + unsaid.length <= OPEN_AT_MOST
      const rest = make('details', few ? { open: '' } : {}, summary, table(`${title}, freely`, unsaid, PAGE))
      parts.push(rest)
    }
    if (isOpen && node.asked && !data.denied)
      parts.push(make('p', { class: 'because' }, 'Addresses outside of the cluster: every one of them.'))
    else if (rows.length === 0)
      parts.push(make('p', { class: 'nothing' }, port === undefined ? 'Nothing.' : 'Nothing on this port.'))
    for (const list of seenLists(node, direction)) parts.push(list)
    return [make('section', { 'aria-labelledby': id }, parts), rows.length]
  }

  return {
    show(node, direction, port) {
      const glyph = make('span', { class: 'glyph', 'data-state': node.state, 'aria-hidden': 'true' })
      const title = make('h2', { id: 'details-title', tabindex: '-1' }, glyph, node.id)
      const parts = [title, make('p', { class: 'small' }, node.detail), make('p', {}, STATES[node.state])]
      if (node.pods.length > 0) {
        const rest = node.pods.length - PAGE
        const names = node.pods.slice(0, PAGE).map((name) => make('li', {}, name))
        const more = rest > 0 ? [make('li', {}, `and ${rest} more`)] : []
        const summary = make('summary', {}, `${node.pods.length} pod${node.pods.length === 1 ? '' : 's'}`)
        parts.push(make('details', { class: 'pods' }, summary, make('ul', {}, names, more)))
      }
      const words: string[] = []
      for (const [way, text] of [
        ['ingress', 'reached by'],
        ['egress', 'reaches'],
      ] as const) {
        if (direction !== 'both' && (direction === 'in') !== (way === 'ingress')) continue
        const [element, count] = side(node, way, port)
        parts.push(element)
        words.push(`${text} ${count}`)
      }
      place.replaceChildren()
      for (const part of parts) place.append(part)
      return `${node.id}: ${node.state}, ${words.join(', ')}`
    },
  }
}
