import type { PageData, PageState } from '../page-data.ts'
import type { PageElement } from './browser.ts'
import type { MakeElement } from './make-element.ts'

/** What there is to see while nothing is chosen: how far each namespace is isolated. */
export function createOverviewPane(
  { nodes, namespaces, policies, audited, rules, ways, denied }: PageData,
  place: PageElement,
  make: MakeElement,
  chooseNamespace: (namespace: number) => void,
): { readonly show: () => void } {
  const LABELS = {
    isolated: 'both ways',
    'ingress isolated': 'for ingress',
    'egress isolated': 'for egress',
    open: 'open',
    'host network': 'host network',
  }
  const HOW = denied
    ? 'Choose a pod or workload to see what does not reach it, what it does not reach, and the policies behind.'
    : 'Choose a pod or workload to see what reaches it, what it reaches, and the rules behind.'
  const governed: readonly PageState[] = ['isolated', 'ingress isolated', 'egress isolated', 'open']
  const hasHosts = nodes.some(({ state }) => state === 'host network')
  const states: readonly PageState[] = hasHosts ? [...governed, 'host network'] : governed

  function row(name: string, namespace: number): PageElement {
    const own = nodes.filter((node) => node.namespace === namespace)
    const button = make('button', { type: 'button', class: 'link' }, name)
    button.addEventListener('click', () => chooseNamespace(namespace))
    const cells = states.map((state) => {
      const count = own.filter((node) => node.state === state).length
      return make('td', count === 0 ? { class: 'number zero' } : { class: 'number' }, String(count))
    })
    return make('tr', {}, make('th', { scope: 'row' }, button), cells)
  }

  function show(): void {
    const pods = nodes.reduce((sum, node) => sum + Math.max(1, node.pods.length), 0)
    const counts = [`${pods} pods`, `${policies.length} policies`, `${rules.length} rules`].join(', ')
    const heads = states.map((state) => {
      const glyph = make('span', { class: 'glyph', 'data-state': state, 'aria-hidden': 'true' })
      return make('th', { scope: 'col', class: 'number' }, glyph, make('span', { class: 'under' }, LABELS[state]))
    })
    const table = make(
      'table',
      {},
      make('caption', { class: 'unseen' }, 'How many of each namespace are isolated, and how far'),
      make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, 'Namespace'), heads)),
      make('tbody', {}, namespaces.map(row)),
    )
    const audit = audited.length === 0 ? '' : `Only audited, isolating nobody and not counted: ${audited.join(', ')}`
    place.replaceChildren(
      make('h2', { id: 'details-title', tabindex: '-1' }, 'All of it'),
      make('p', { class: 'small' }, counts),
      make('p', { class: 'small' }, audit),
      make('p', {}, HOW),
      make('h3', {}, 'How far isolated'),
      make('div', { class: 'table counts' }, table),
      ...(ways.length === 0
        ? []
        : [
            make('h3', {}, 'Ways from outside'),
            make(
              'ul',
              {},
              ways.map((way) => make('li', {}, way)),
            ),
          ]),
    )
  }

  return { show }
}
