import type { PageData, PageNode } from '../page-data.ts'
import type { PageElement, PageEvent } from './browser.ts'
import type { MakeElement } from './make-element.ts'

export interface ListPane {
  show(nodes: readonly PageNode[]): void
  /** Marks the node that the details are about. */
  mark(id: string | undefined): void
  /** Puts the keyboard on the marked entry, else on the first. */
  focus(): void
}

/** The list by namespace: one stop of the Tab key, arrow keys within; thousands come in pages. */
export function createListPane(
  { namespaces }: PageData,
  place: PageElement,
  make: MakeElement,
  choose: (id: string) => void,
): ListPane {
  const PAGE = 200
  let shown: readonly PageNode[] = []
  let marked: string | undefined
  let stop: PageElement | undefined

  const buttons = (): readonly PageElement[] => [...place.querySelectorAll('button')]

  function entry({ id, label, detail, state }: PageNode): PageElement {
    const glyph = make('span', { class: 'glyph', 'data-state': state, 'aria-hidden': 'true' })
    const name = make('span', { class: 'name' }, label)
    const words = state === 'host network' ? detail : `${detail}, ${state}`
    const small = make('span', { class: 'small' }, words)
    const button = make('button', { type: 'button', 'data-id': id, tabindex: '-1' }, glyph, name, small)
    return make('li', {}, button)
  }

  function fill(count: number): void {
    const groups = Map.groupBy(shown.slice(0, count), ({ namespace }) => namespace)
    const parts = [...groups].map(([namespace, nodes]) => {
      const heading = `namespace-${namespace}`
      const all = shown.filter((node) => node.namespace === namespace).length
      const title = make(
        'h3',
        { id: heading },
        namespaces[namespace] ?? '',
        make('span', { class: 'count' }, ` ${all}`),
      )
      return make('section', { 'aria-labelledby': heading }, title, make('ul', {}, nodes.map(entry)))
    })
    const rest = shown.length - count
    if (rest > 0) {
      const more = make(
        'button',
        { type: 'button', class: 'more', tabindex: '-1' },
        `Show ${Math.min(rest, PAGE)} more`,
      )
      more.addEventListener('click', () => {
        fill(count + PAGE)
        moveTo(buttons()[count])
      })
      parts.push(more)
    }
    if (shown.length === 0) parts.push(make('p', { class: 'small' }, 'Nothing fits. Escape clears what was asked for.'))
    place.replaceChildren()
    for (const part of parts) place.append(part)
    markNow()
  }

  function markNow(): void {
    let first: PageElement | undefined
    let current: PageElement | undefined
    for (const button of buttons()) {
      first ??= button
      button.tabIndex = -1
      if (button.getAttribute('data-id') === marked && marked !== undefined) {
        current = button
        button.setAttribute('aria-current', 'true')
      } else button.removeAttribute('aria-current')
    }
    stop = current ?? first
    if (stop !== undefined) stop.tabIndex = 0
  }

  function moveTo(button: PageElement | undefined): void {
    if (button === undefined) return
    if (stop !== undefined) stop.tabIndex = -1
    stop = button
    button.tabIndex = 0
    button.focus()
  }

  place.addEventListener('click', ({ target }: PageEvent) => {
    const id = target.closest('button')?.getAttribute('data-id')
    if (typeof id === 'string') choose(id)
  })
  place.addEventListener('keydown', (event: PageEvent) => {
    const all = buttons()
    const at = all.findIndex((button) => button === event.target)
    if (at < 0) return
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    moveTo(all[Math.max(0, Math.min(all.length - 1, next))])
  })

  return {
    show(nodes) {
      shown = nodes
      fill(PAGE)
    },
    mark(id) {
      marked = id
      markNow()
      stop?.scrollIntoView({ block: 'nearest' })
    },
    focus: () => moveTo(stop),
  }
}
